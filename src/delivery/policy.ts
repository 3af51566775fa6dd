import type { Channel } from '../channel/channel.ts';
import { instant } from '../message/format.ts';
import type { Delivery } from '../store/deliveries.ts';
import {
  isLastTry,
  isOftenRefused,
  isPutOff,
  isRepeatTooEarly,
  isTriedEnough,
  isUsedUp,
  patienceEnds,
  repeatDue,
  waitsUntil,
} from './patience.ts';
import { isPaused } from './pause.ts';

// What happens next to a delivery: when it is tried, waits, is marked as a repeat, and is given up is decided here (docs/architecture.md,
// "Deliveries"). How long each of it takes stands in patience.ts.

/** What to do with a delivery now. */
export type Step =
  | { readonly do: 'send'; readonly repeat: boolean }
  | { readonly do: 'leave'; readonly because: keyof typeof LEFT; readonly why: string }
  | { readonly do: 'give up'; readonly why: string };

/** Why a delivery is left alone now. */
const LEFT = {
  paused: 'this channel is paused',
  'given up': 'given up',
  'too many': 'enough attempts may have arrived',
  'not set up': 'this channel is not set up',
  'in doubt': 'its event is in doubt or was retracted',
  offline: 'offline',
  'asked to wait': 'the service asked to wait',
  'often refused': 'refused repeatedly, so tried less often',
  'may have arrived': 'the last attempt may have arrived, and is not repeated yet',
} as const;

/** Why a delivery had no turn at a server that its channel shares. */
export const NO_TURN = 'not tried in this run, as its server turned others away before it';

/** Decides by the delivery's state, its age and the channel's settings. */
export function nextStep(
  delivery: Delivery,
  channel: Pick<Channel, 'fingerprint' | 'needsNetwork' | 'find'> | undefined,
  { now, offline }: { readonly now: number; readonly offline: boolean },
): Step {
  const { state, fingerprint, notBefore } = delivery;
  const old = isTriedEnough(delivery, now);
  if (isPaused(delivery.pause, now)) return leave('paused');
  if (state === 'failed') {
    const changed = fingerprint !== null && fingerprint !== channel?.fingerprint;
    if (channel === undefined || (old && !changed)) return leave('given up');
  }
  if (state === 'unknown' && old) return leave('too many', `${delivery.unknownAttempts} attempts may have arrived`);
  if (state === 'pending' && old) return { do: 'give up', why: givenUp(delivery.reason) };
  if (channel === undefined) {
    const over = state === 'pending' && now > patienceEnds(delivery);
    return over ? { do: 'give up', why: givenUp(LEFT['not set up']) } : leave('not set up');
  }
  if (delivery.inDoubt) return leave('in doubt');
  if (offline && channel.needsNetwork) return leave('offline');
  if (isPutOff(delivery, now)) return leave('asked to wait', `asked to wait until ${notBefore}`);
  if (isOftenRefused(delivery, now)) return leave('often refused');
  // A channel that can look for what may have arrived goes on; where it cannot look now, it is left all the same.
  if (channel.find === undefined && state === 'unknown') {
    if (isUsedUp(delivery)) return leave('too many', `${delivery.unknownAttempts} attempts may have arrived`);
    if (isRepeatTooEarly(delivery, now)) return leave('may have arrived');
  }
  return { do: 'send', repeat: delivery.unknownAttempts > 0 };
}

/**
 * True where it may be sent again though nobody could look whether it arrived: attempts are left, and the last one was long
 * enough ago.
 */
export function maySendUnseen(delivery: Delivery, now: number): boolean {
  return !isUsedUp(delivery) && !isRepeatTooEarly(delivery, now);
}

function leave(because: keyof typeof LEFT, why: string = LEFT[because]): Step {
  return { do: 'leave', because, why };
}

/** The reason of what is not tried any more. */
export function givenUp(reason: string | null): string {
  return `given up after 7 days; last: ${reason ?? 'never tried'}`;
}

/**
 * What becomes of a delivery that is not sent, for a person.
 * @param looks true where the channel can look for what may have arrived
 */
export function whatIsNext(
  delivery: Delivery,
  { looks, now }: { readonly looks: boolean; readonly now: number },
): string {
  if (delivery.state === 'unknown') {
    if (looks) return 'a later run checks whether it arrived, and sends it again if not';
    if (isUsedUp(delivery)) return `${delivery.unknownAttempts} attempts may have arrived, so it is not sent again`;
    const due = repeatDue(delivery);
    const when = due === undefined || due <= now ? '' : `, not before ${instant(due)}`;
    return `it may have arrived; it is sent again, marked as a repeat${when}`;
  }
  if (isLastTry(delivery, Date.parse(delivery.changedAt)))
    return "it is not tried again until the channel's settings change";
  const until = waitsUntil(delivery, now);
  return `later runs try again${until === undefined ? '' : `, not before ${instant(until)}`}`;
}
