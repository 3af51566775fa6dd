import type { Letter, Message, MessageKind, Picture, Receipt } from '../message/message.ts';
import type { Delivery, Ledger, Pause, Settlement } from '../store/ledger.ts';
import type { Channel, Outcome } from './channel.ts';
import { type TurnEnd, takeTurns } from './take-turns.ts';

const DAY_MS = 86_400_000;
/** How long a refused delivery is tried again. */
export const GIVE_UP_AFTER = 7 * DAY_MS;
/** Attempts that may have arrived: more of them would be spam. */
const MAX_UNKNOWN = 3;
/** A service that asks for a longer wait is tried again by a later run. */
const LONGEST_WAIT = 10_000;
const ATTEMPTS_PER_RUN = 3;
/** However long a service asks to wait: an alert is not put off by days for one strange header. */
const LONGEST_PUT_OFF = 6 * 3_600_000;
/** However it came about, in milliseconds; a little more than a day. */
const LONGEST_NOT_BEFORE = 25 * 3_600_000;
/** How long a channel that cannot look for a message is waited for, before it is sent again unseen. */
const LOOK_FOR_MS = 3_600_000;

export interface Delivering {
  readonly ledger: Ledger;
  readonly channels: readonly Channel[];
  /** Who holds the lease. */
  readonly holder: string;
  readonly offline: boolean;
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<void>;
  /** Aborted: begin no attempt any more. */
  readonly stopping?: AbortSignal;
  /** Takes the secrets out of a text. */
  readonly clean: (text: string) => string;
  /** Draws what goes beside a message; never throws. */
  readonly draw?: (message: Message) => Promise<readonly Picture[]>;
  /** Which deliveries; without it those of events. */
  readonly only?: (delivery: Delivery) => boolean;
}

/** What to do with a delivery now. */
export type Step =
  | { readonly do: 'send'; readonly repeat: boolean }
  | { readonly do: 'leave'; readonly why: string }
  | { readonly do: 'give up'; readonly why: string };

const OF_AN_EVENT: readonly MessageKind[] = ['alert', 'correction', 'retraction', 'follow-up'];

/** True for what belongs to an event: a check sends it, and a paused channel keeps it for later. */
export function isOfAnEvent({ kind }: Pick<Delivery, 'kind'>): boolean {
  return OF_AN_EVENT.includes(kind);
}

/** True when no later run tries again by itself, or when only a person can help. */
export function hasEnded({ state, unknownAttempts }: Pick<Delivery, 'state' | 'unknownAttempts'>): boolean {
  return state === 'failed' || (state === 'unknown' && unknownAttempts >= MAX_UNKNOWN);
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

/**
 * True when it was tried for long enough. What belongs to an event, and nobody tried during its last day (the machine
 * was off, or restored), has one attempt left, however late: an event is never dropped unseen.
 */
function isTriedEnough(delivery: Delivery, now: number): boolean {
  if (now <= patienceEnds(delivery)) return false;
  const open = delivery.state === 'pending' || delivery.state === 'unknown' || delivery.state === 'sending';
  return !(isOfAnEvent(delivery) && open && now - Date.parse(delivery.changedAt) > DAY_MS);
}

/** True while a later run may send it by itself. */
export function isAwaited(delivery: Delivery, now: number): boolean {
  const { kind, pause } = delivery;
  return kind !== 'drill' && !hasEnded(delivery) && !isPaused(pause, now) && !isTriedEnough(delivery, now);
}

/** True for a message of an event that is not sent and that no later run sends by itself. */
export function isLost(delivery: Delivery, now: number): boolean {
  return (
    isOfAnEvent(delivery) && (hasEnded(delivery) || (delivery.state === 'unknown' && isTriedEnough(delivery, now)))
  );
}

/**
 * Brings every open delivery one step on: claim, send, settle. Channels work side by side and none waits for another;
 * only those that share a server take turns, and each claims in its turn. Within a channel the oldest message goes first,
 * so that an alert precedes its correction.
 * @returns the deliveries that were tried, as `message channel`
 */
export async function deliver(delivering: Delivering): Promise<Set<string>> {
  const { ledger, channels, holder, now, only = isOfAnEvent } = delivering;
  await ledger.abandonSending(holder);
  const open = (await ledger.unsent()).filter(only);
  const tried = new Set<string>();
  const drawn = new Map<string, Promise<readonly Picture[]>>();
  // Once for all channels.
  const draw = (message: Message) => {
    const known = drawn.get(message.id) ?? delivering.draw?.(message) ?? Promise.resolve([]);
    drawn.set(message.id, known);
    return known;
  };
  const byId = new Map(channels.map((channel) => [channel.id, channel]));
  const ended = new Set<string>();
  const heldBack = new Set<string>();
  const failures: unknown[] = [];
  const work = async (id: string): Promise<TurnEnd> => {
    let noAnswer = false;
    try {
      for (const [at, delivery] of open.entries()) {
        const key = deliveryKey(delivery);
        const subject = `${subjectOf(delivery)} ${id}`;
        // A correction must not overtake its alert; another event has nothing to do with it.
        if (delivery.channel !== id || ended.has(key) || heldBack.has(subject)) continue;
        const end = await deliverOne(delivery, byId.get(id), { ...delivering, draw });
        if (end !== 'left') tried.add(key);
        if (end === 'busy') {
          // As the ledger has it now: the next turn is one more attempt.
          open[at] = { ...delivery, state: 'pending', attempts: delivery.attempts + 1 };
          return 'busy';
        }
        ended.add(key);
        noAnswer ||= end === 'no answer';
        // A longer wait is asked of the channel, not of one message.
        if (end === 'asked to wait' || isPutOff(delivery, now())) break;
        if (end === 'put off') heldBack.add(subject);
      }
    } catch (error) {
      failures.push(error);
    }
    return noAnswer ? 'no answer' : 'done';
  };
  // Who was tried least goes first: where a server serves a few a run, these are others each time.
  const ids = [...new Set(open.toSorted((a, b) => a.attempts - b.attempts).map(({ channel }) => channel))];
  const groups = Map.groupBy(ids, (id) => byId.get(id)?.server ?? id);
  await Promise.all(
    [...groups].map(async ([server, members]) => {
      if (typeof server === 'string') return work(server);
      const withoutTurn = await takeTurns(members, work, { ...delivering, atOnce: server.atOnce });
      await server.rest();
      for (const delivery of open.filter(({ channel }) => withoutTurn.includes(channel))) {
        const { state, notBefore, changedAt } = delivery;
        const step = nextStep(delivery, byId.get(delivery.channel), now(), delivering.offline);
        if (state !== 'pending' || step.do !== 'send') continue;
        const reason = 'not tried in this run, as its server turned others away before it';
        await ledger.settle(delivery, holder, { state, reason, notBefore, receipt: null }, changedAt);
      }
    }),
  );
  // Only when every channel has ended its work: a ledger that fails in the middle of one does not cut off another.
  if (failures.length > 0) throw failures[0];
  return tried;
}

/** Names one delivery. */
export function deliveryKey({ message, channel }: Pick<Delivery, 'message' | 'channel'>): string {
  return `${message} ${channel}`;
}

/** Decides by the delivery's state, its age and the channel's settings (DESIGN 4, "Deliveries"). */
export function nextStep(delivery: Delivery, channel: Channel | undefined, now: number, offline: boolean): Step {
  const repeat = delivery.unknownAttempts > 0;
  const old = isTriedEnough(delivery, now);
  if (isPaused(delivery.pause, now)) return { do: 'leave', why: 'this channel is paused' };
  // A channel that can look for what may have arrived goes on; where it cannot look now, it is left all the same.
  const enough = delivery.unknownAttempts >= MAX_UNKNOWN && channel?.find === undefined;
  if (delivery.state === 'unknown' && (old || enough)) {
    return { do: 'leave', why: `${delivery.unknownAttempts} attempts may have arrived` };
  }
  if (delivery.state === 'failed') {
    const changed = delivery.settings !== null && delivery.settings !== channel?.settings;
    if (channel === undefined || (old && !changed)) return { do: 'leave', why: 'given up' };
  } else if (old && delivery.state === 'pending') {
    return { do: 'give up', why: givenUp(delivery.reason) };
  }
  if (channel === undefined) {
    const over = delivery.state === 'pending' && now > patienceEnds(delivery);
    return over
      ? { do: 'give up', why: givenUp('this channel is not set up') }
      : { do: 'leave', why: 'this channel is not set up' };
  }
  if (delivery.inDoubt) return { do: 'leave', why: 'its event is in doubt, or was taken back' };
  if (offline && channel.needsNetwork) return { do: 'leave', why: 'offline' };
  if (isPutOff(delivery, now)) {
    return { do: 'leave', why: `asked to wait until ${delivery.notBefore}` };
  }
  return { do: 'send', repeat };
}

function givenUp(reason: string | null): string {
  return `given up after 7 days; last: ${reason ?? 'never tried'}`;
}

/** What a message is about: the ids of one event begin with its signal and session. */
function subjectOf({ message }: Delivery): string {
  return message.split('/').slice(0, 2).join('/');
}

function isPutOff({ notBefore }: Delivery, now: number): boolean {
  // Nothing is put off for longer: what says so was written by a clock that was wrong.
  return notBefore !== null && Date.parse(notBefore) > now && Date.parse(notBefore) <= now + LONGEST_NOT_BEFORE;
}

async function deliverOne(
  delivery: Delivery,
  channel: Channel | undefined,
  delivering: Delivering,
): Promise<'left' | 'tried' | 'no answer' | 'busy' | 'put off' | 'asked to wait'> {
  const { ledger, holder, now, offline, stopping } = delivering;
  const stamp = () => new Date(now()).toISOString();
  const settle = (settlement: Partial<Settlement> & Pick<Settlement, 'state'>) =>
    ledger.settle(delivery, holder, { reason: null, notBefore: null, receipt: null, ...settlement }, stamp());

  const step = nextStep(delivery, channel, now(), offline);
  if (step.do === 'give up') {
    await settle({ state: 'failed', reason: step.why });
    return 'tried';
  }
  if (step.do !== 'send' || channel === undefined || stopping?.aborted) return 'left';

  let { repeat } = step;
  // Also after a refusal: a gateway may say 502 for a message that has arrived behind it.
  if (delivery.state === 'unknown' || delivery.attempts > 0) {
    const found = await look(channel, delivery);
    if (found === 'could not look') {
      if (delivery.unknownAttempts >= MAX_UNKNOWN) return 'put off';
      if (delivery.state === 'unknown' && now() - Date.parse(delivery.changedAt) < LOOK_FOR_MS) return 'put off';
    } else if (found === 'not there') {
      repeat = false;
    } else if (found !== 'cannot look') {
      await settle({ state: 'sent', receipt: found });
      return 'tried';
    }
  }
  const message = await ledger.message(delivery.message);
  // Before it is claimed: what is not begun is no attempt that may have arrived.
  const pictures = message === undefined ? [] : ((await delivering.draw?.(message)) ?? []);
  let current = delivery;
  for (let attempt = 1; ; attempt++) {
    if (!(await ledger.claim(current, holder, channel.settings, stamp()))) return 'left';
    const outcome = await attemptOnce(current, channel, { message, repeat, pictures }, delivering);
    if (outcome.state === 'refused' && now() > patienceEnds(delivery)) {
      await settle({ state: 'failed', reason: givenUp(outcome.reason) });
      return 'tried';
    }
    const found = outcome.state === 'unknown' ? await look(channel, delivery) : undefined;
    if (typeof found === 'object') await settle({ state: 'sent', receipt: found });
    else await settle(settlementOf(outcome, now()));
    if (outcome.state === 'unknown' && typeof found !== 'object') return 'no answer';
    if (outcome.state !== 'refused' || outcome.permanent) return 'tried';
    if (outcome.busy === true) return 'busy';
    const { retryAfter } = outcome;
    if (retryAfter !== undefined && retryAfter > LONGEST_WAIT) return 'asked to wait';
    if (retryAfter === undefined || attempt === ATTEMPTS_PER_RUN) return 'put off';
    await delivering.sleep(retryAfter);
    if (stopping?.aborted) return 'put off';
    current = { ...current, state: 'pending', attempts: current.attempts + 1 };
  }
}

/** Looks for a message that may have arrived, where the channel can. */
async function look(
  channel: Channel,
  { message, decidedAt }: Delivery,
): Promise<Receipt | 'not there' | 'could not look' | 'cannot look'> {
  if (channel.find === undefined) return 'cannot look';
  try {
    return (await channel.find(message, Date.parse(decidedAt))) ?? 'not there';
  } catch {
    return 'could not look';
  }
}

async function attemptOnce(
  { channel: channelId }: Delivery,
  channel: Channel,
  { message, repeat, pictures }: Pick<Letter, 'repeat' | 'pictures'> & { message: Message | undefined },
  { ledger, clean }: Delivering,
): Promise<Outcome> {
  if (message === undefined) return { state: 'refused', permanent: true, reason: 'the message is not in the ledger' };
  const refersTo = message.refersTo === null ? null : await ledger.receipt(message.refersTo, channelId);
  try {
    const outcome = await channel.send({
      message,
      repeat,
      refersTo,
      ...(pictures === undefined || pictures.length === 0 ? {} : { pictures }),
    });
    return outcome.state === 'sent' ? outcome : { ...outcome, reason: clean(outcome.reason) };
  } catch (error) {
    // A channel never throws for what its service does. What its own fault left behind is not known.
    return {
      state: 'unknown',
      reason: clean(`${channelId} failed: ${error instanceof Error ? error.message : String(error)}`),
    };
  }
}

function settlementOf(outcome: Outcome, now: number): Settlement {
  if (outcome.state === 'sent') return { state: 'sent', reason: null, notBefore: null, receipt: outcome.receipt };
  if (outcome.state === 'unknown') return { state: 'unknown', reason: outcome.reason, notBefore: null, receipt: null };
  const wait = Math.min(outcome.retryAfter ?? 0, LONGEST_PUT_OFF);
  return {
    state: outcome.permanent ? 'failed' : 'pending',
    reason: outcome.reason,
    notBefore: wait > LONGEST_WAIT ? new Date(now + wait).toISOString() : null,
    receipt: null,
  };
}
