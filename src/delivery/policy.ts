import type { Channel } from '../channel/channel.ts';
import { isRefusedForNow } from '../channel/email/reasons.ts';
import { isToCome } from '../market/stamp.ts';
import { instant } from '../message/format.ts';
import type { MessageKind } from '../message/message.ts';
import type { Delivery, Pause } from '../store/deliveries.ts';

// When a delivery is tried, waits, is marked as a repeat, and is given up: all of it is decided here (DESIGN 4,
// "Deliveries").

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** How long a refused delivery is tried again. */
export const GIVE_UP_AFTER = 7 * DAY;
/**
 * How long after the first, second and third attempt that may have arrived the next one is made, on a channel that cannot
 * look: three within two hours would be used up while a service is down for an evening. After the last one more would be
 * spam, where somebody has the message.
 */
const REPEAT_AFTER = [HOUR, 6 * HOUR, DAY] as const;
/**
 * Where nobody has it, a repeat that says what it is is the smaller evil: one a day, and after four weeks one a week. Weeks
 * of maybes are a service that is down, or a proxy that swallows every answer; who reads them can pause the channel.
 */
const NEEDED_AFTER = DAY;
const SELDOM_AFTER = 7 * DAY;
const SELDOM_FROM = 28 * DAY;

/**
 * A mail server that has refused one so many times is over a quota, or has something against it: hourly attempts to
 * hundreds of addresses only add to that. In milliseconds.
 */
const OFTEN_REFUSED = 6;
const AFTER_MANY_REFUSALS = 4 * HOUR;

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
  'in doubt': 'its event is in doubt, or was taken back',
  offline: 'offline',
  'asked to wait': 'the service asked to wait',
  'often refused': 'refused again and again, and tried less often',
  'may have arrived': 'the last attempt may have arrived, and is not repeated yet',
} as const;

const OF_AN_EVENT: readonly MessageKind[] = ['alert', 'correction', 'retraction', 'follow-up'];
/** What is tried until somebody has it. A follow-up is no news any more after its week. */
const NEVER_DROPPED: readonly MessageKind[] = ['alert', 'correction', 'retraction'];

/** True for what belongs to an event: a check sends it, and a paused channel keeps it for later. */
export function isOfAnEvent({ kind }: Pick<Delivery, 'kind'>): boolean {
  return OF_AN_EVENT.includes(kind);
}

/** True when no later run tries again by itself, or when only a person can help. */
function hasEnded(delivery: Delivery): boolean {
  return delivery.state === 'failed' || (delivery.state === 'unknown' && isUsedUp(delivery));
}

/** True for what nobody surely has, and somebody must have. */
function isNeeded({ kind, elsewhere }: Pick<Delivery, 'kind' | 'elsewhere'>): boolean {
  return NEVER_DROPPED.includes(kind) && !elsewhere;
}

/** True once as many attempts may have arrived as are made where somebody has the message. */
function areEnough({ unknownAttempts }: Pick<Delivery, 'unknownAttempts'>): boolean {
  return unknownAttempts > REPEAT_AFTER.length;
}

/** True once no attempt is left that may arrive a second time. */
export function isUsedUp(delivery: Pick<Delivery, 'unknownAttempts' | 'kind' | 'elsewhere'>): boolean {
  return areEnough(delivery) && !isNeeded(delivery);
}

/** True while the channel keeps messages for later. */
export function isPaused(pause: Pause | null | undefined, now: number): boolean {
  return pause != null && (pause.until === null || Date.parse(pause.until) > now);
}

/** When a refused delivery is given up, epoch milliseconds: what a pause has kept is tried for its full time after it. */
export function patienceEnds(delivery: Pick<Delivery, 'decidedAt' | 'kind' | 'pause'>): number {
  const { decidedAt, pause } = delivery;
  const decided = Date.parse(decidedAt);
  // A pause of later has nothing to do with what was given up before it.
  const kept = isOfAnEvent(delivery) && pause !== null && Date.parse(pause.since) <= decided + GIVE_UP_AFTER;
  return Math.max(decided, kept ? Date.parse(pause.until ?? decidedAt) : 0) + GIVE_UP_AFTER;
}

/** True past the time for which it is tried, however it ends: unless nobody else has it, and it is news still. */
export function isLastTry(delivery: Delivery, now: number): boolean {
  return now > patienceEnds(delivery) && !isNeeded(delivery);
}

/**
 * True when it was tried for long enough. What belongs to an event, and nobody tried during its last day (the machine
 * was off, or restored), has one attempt left, however late: an event is never dropped unseen.
 */
function isTriedEnough(delivery: Delivery, now: number): boolean {
  if (!isLastTry(delivery, now)) return false;
  const open = delivery.state === 'pending' || delivery.state === 'unknown' || delivery.state === 'sending';
  return !(isOfAnEvent(delivery) && open && now - Date.parse(delivery.changedAt) > DAY);
}

/** True while a later run may send it by itself. */
export function isAwaited(delivery: Delivery, now: number): boolean {
  const { kind, pause } = delivery;
  return kind !== 'drill' && !hasEnded(delivery) && !isPaused(pause, now) && !isTriedEnough(delivery, now);
}

/** Why a delivery had no turn at a server that its channel shares. */
export const NO_TURN = 'not tried in this run, as its server turned others away before it';

/** True for what a run tries again, or that lately was. */
export function isOpen(delivery: Delivery, now: number): boolean {
  if (delivery.kind === 'drill') return false;
  return !isLastTry(delivery, now) || isPaused(delivery.pause, now) || isAwaited(delivery, now);
}

/**
 * True for a message of an event that is not sent and that no later run sends by itself; and for one that is tried on, as
 * nobody surely has it, once it would have been given up otherwise.
 */
export function isLost(delivery: Delivery, now: number): boolean {
  if (!isOfAnEvent(delivery) || delivery.state === 'sent') return false;
  if (hasEnded(delivery) || (delivery.state === 'unknown' && isTriedEnough(delivery, now))) return true;
  if (delivery.attempts === 0 || delivery.inDoubt || isPaused(delivery.pause, now)) return false;
  return isNeeded(delivery) && (areEnough(delivery) || now > patienceEnds(delivery));
}

/**
 * When what may have arrived may be sent again unseen, epoch milliseconds; undefined: at once. An attempt of before a
 * restore says nothing of when the message may have been sent.
 */
function repeatDue(delivery: Delivery): number | undefined {
  const { state, attempts, unknownAttempts, changedAt, decidedAt, restored } = delivery;
  // What was refused after it waited for its turn before that.
  if (state !== 'unknown' || attempts === 0 || restored) return undefined;
  const last = Date.parse(changedAt);
  const needed = last < Date.parse(decidedAt) + SELDOM_FROM ? NEEDED_AFTER : SELDOM_AFTER;
  return last + (REPEAT_AFTER[unknownAttempts - 1] ?? (isNeeded(delivery) ? needed : 0));
}

/** True while the last attempt may have arrived and the next one has to wait. One from the future is none to wait for. */
export function isRepeatTooEarly(delivery: Delivery, now: number): boolean {
  const due = repeatDue(delivery);
  return due !== undefined && now < due && !isToCome(delivery.changedAt, now);
}

/** However long a service asks to wait: an alert is not put off by days for one strange header. */
export const LONGEST_PUT_OFF = 6 * HOUR;

/** True while the service wants to be left alone. What lies further ahead was written by a clock that was wrong. */
export function isPutOff({ notBefore }: Pick<Delivery, 'notBefore'>, now: number): boolean {
  return notBefore !== null && Date.parse(notBefore) > now && !isToCome(notBefore, now + LONGEST_PUT_OFF);
}

/**
 * True while a mail server that has refused it many times is to be left alone for some hours. What nobody else has is
 * tried each time.
 */
function isOftenRefused({ state, kind, reason, attempts, changedAt, elsewhere }: Delivery, now: number): boolean {
  if (state !== 'pending' || attempts < OFTEN_REFUSED || (NEVER_DROPPED.includes(kind) && !elsewhere)) return false;
  const passed = now - Date.parse(changedAt);
  return isRefusedForNow(reason) && passed >= 0 && passed < AFTER_MANY_REFUSALS;
}

/** Decides by the delivery's state, its age and the channel's settings. */
export function nextStep(delivery: Delivery, channel: Channel | undefined, now: number, offline: boolean): Step {
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
export function whatIsNext(delivery: Delivery, looks: boolean, now: number): string {
  if (delivery.state === 'unknown') {
    if (looks) return 'a later run looks whether it arrived, and sends it again where it did not';
    if (isUsedUp(delivery)) return `${delivery.unknownAttempts} attempts may have arrived, so it is not sent again`;
    const due = repeatDue(delivery);
    const when = due === undefined || due <= now ? '' : `, not before ${instant(due)}`;
    return `it may have arrived, and is sent again marked as a repeat${when}`;
  }
  if (isLastTry(delivery, Date.parse(delivery.changedAt)))
    return 'it is not tried again until the settings of the channel change';
  const until = waitsUntil(delivery, now);
  return `later runs try again${until === undefined ? '' : `, not before ${instant(until)}`}`;
}

/** Until when a service is to be left alone, epoch milliseconds; undefined: it is not. */
function waitsUntil(delivery: Delivery, now: number): number | undefined {
  if (isPutOff(delivery, now)) return Date.parse(`${delivery.notBefore}`);
  return isOftenRefused(delivery, now) ? Date.parse(delivery.changedAt) + AFTER_MANY_REFUSALS : undefined;
}
