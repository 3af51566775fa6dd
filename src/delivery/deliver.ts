import type { AttemptResult, Channel } from '../channel/channel.ts';
import type { Message, Outgoing, Picture, Receipt } from '../message/message.ts';
import type { Claim, Delivery, DeliveryUpdate } from '../store/deliveries.ts';
import { LeaseLostError } from '../store/errors.ts';
import type { Ledger } from '../store/ledger.ts';
import {
  givenUp,
  isLastTry,
  isOfAnEvent,
  isPutOff,
  isRepeatTooEarly,
  isUsedUp,
  LONGEST_PUT_OFF,
  NO_TURN,
  nextStep,
  patienceEnds,
} from './policy.ts';
import { type TurnEnd, takeTurns } from './take-turns.ts';

/** A service that asks for a longer wait is tried again by a later run. */
const LONGEST_WAIT = 10_000;
const ATTEMPTS_PER_RUN = 3;
/** So many attempts without an answer, or of any kind, and the next one is made without pictures. */
const UNANSWERED = 2;
const IN_VAIN = 6;

export interface Delivering {
  readonly ledger: Ledger;
  readonly channels: readonly Channel[];
  /** Who holds the lease. */
  readonly owner: string;
  readonly offline: boolean;
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<void>;
  /** Aborted: begin no attempt any more. */
  readonly stopping?: AbortSignal;
  /** Takes the secrets out of a text. */
  readonly clean: (text: string) => string;
  /** Draws what goes beside a message; never throws. Undefined where that is something, and cannot be drawn. */
  readonly draw?: (message: Message) => Promise<readonly Picture[] | undefined>;
  /** Which deliveries; without it those of events. */
  readonly only?: (delivery: Delivery) => boolean;
}

/**
 * Brings every open delivery one step on: claim, send, settle. Channels work side by side and none waits for another;
 * only those that share a server take turns, and each claims in its turn. Within a channel the oldest message goes first,
 * so that an alert precedes its correction.
 * @returns the deliveries that were tried, as `message channel`
 * @throws {LeaseLostError} where another process took over: what was claimed and not written is left to it
 */
export async function deliver(delivering: Delivering): Promise<Set<string>> {
  const { ledger, channels, owner, now, only = isOfAnEvent } = delivering;
  await ledger.abandonSending(owner);
  const open = (await ledger.unsent()).filter(only);
  const tried = new Set<string>();
  const drawn = new Map<string, Promise<readonly Picture[] | undefined>>();
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
        if (end !== 'left' && end !== 'waits') tried.add(key);
        if (end === 'busy') {
          // As the ledger has it now: the next turn is one more attempt.
          const known = await ledger.deliveriesOf([delivery.message]);
          open[at] = known.find(({ channel }) => channel === id) ?? delivery;
          return 'busy';
        }
        ended.add(key);
        noAnswer ||= end === 'no answer';
        // A longer wait is asked of the channel, not of one message.
        if (end === 'asked to wait' || isPutOff(delivery, now())) break;
        const mayArrive = end === 'waits' || end === 'no answer';
        if (end === 'put off' || (mayArrive && isOfAnEvent(delivery))) heldBack.add(subject);
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
      try {
        for (const delivery of open.filter(({ channel }) => withoutTurn.includes(channel))) {
          const { state, notBefore, changedAt } = delivery;
          const step = nextStep(delivery, byId.get(delivery.channel), now(), delivering.offline);
          if (state !== 'pending' || step.do !== 'send') continue;
          await ledger.note(delivery, owner, { state, reason: NO_TURN, notBefore, receipt: null }, changedAt);
        }
      } catch (error) {
        failures.push(error);
      }
    }),
  );
  // Only when every channel has ended its work: a ledger that fails in the middle of one does not cut off another.
  if (failures.length > 0) throw failures.find((error) => error instanceof LeaseLostError) ?? failures[0];
  return tried;
}

/** Names one delivery. */
export function deliveryKey({ message, channel }: Pick<Delivery, 'message' | 'channel'>): string {
  return `${message} ${channel}`;
}

/** What a message is about: the ids of one event begin with its signal and session. */
function subjectOf({ message }: Delivery): string {
  return message.split('/').slice(0, 2).join('/');
}

/** What of a letter changes from attempt to attempt. */
type Form = Pick<Outgoing, 'repeat' | 'lacking'> & { readonly pictures: readonly Picture[] };

async function deliverOne(
  delivery: Delivery,
  channel: Channel | undefined,
  delivering: Delivering,
): Promise<'left' | 'waits' | 'tried' | 'no answer' | 'busy' | 'put off' | 'asked to wait'> {
  const { ledger, owner, now, offline, stopping } = delivering;
  const stamp = () => new Date(now()).toISOString();
  const note = (update: Partial<DeliveryUpdate> & Pick<DeliveryUpdate, 'state'>) =>
    ledger.note(delivery, owner, { reason: null, notBefore: null, receipt: null, ...update }, stamp());

  const step = nextStep(delivery, channel, now(), offline);
  if (step.do === 'give up') {
    return (await note({ state: 'failed', reason: step.why })) ? 'tried' : 'left';
  }
  if (step.do === 'leave') return step.because === 'may have arrived' ? 'waits' : 'left';
  if (channel === undefined || stopping?.aborted) return 'left';

  let { repeat } = step;
  // Also after a refusal: a gateway may say 502 for a message that has arrived behind it.
  if (delivery.state === 'unknown' || delivery.attempts > 0) {
    const found = await look(channel, delivery);
    if (found === 'could not look') {
      if (isUsedUp(delivery) || isRepeatTooEarly(delivery, now())) return 'put off';
    } else if (found === 'not there') {
      repeat = false;
    } else if (found !== 'cannot look') {
      return (await note({ state: 'sent', receipt: found })) ? 'tried' : 'left';
    }
  }
  const message = await ledger.message(delivery.message);
  // Before it is claimed: what is not begun is no attempt that may have arrived.
  const drawn = message === undefined || delivering.draw === undefined ? [] : await delivering.draw(message);
  let form: Form = { repeat, pictures: drawn ?? [], ...(drawn === undefined && { lacking: 'not drawn' }) };
  // A way that breaks under big messages says nothing of them: after so many in vain it gets the words alone.
  if (form.pictures.length > 0 && (delivery.unknownAttempts >= UNANSWERED || delivery.attempts >= IN_VAIN))
    form = { repeat, pictures: [], lacking: 'not taken' };
  let current = delivery;
  for (let attempt = 1; ; attempt++) {
    const claim = await ledger.claim(current, owner, channel.fingerprint, stamp());
    if (claim === undefined) return 'left';
    const result = await attemptOnce(claim, channel, message, form, delivering);
    const found = result.state === 'unknown' ? await look(channel, delivery) : undefined;
    const last = isLastTry(delivery, now());
    const update =
      result.state === 'refused' && last
        ? ({ state: 'failed', reason: givenUp(result.reason), notBefore: null, receipt: null } as const)
        : updateOf(result, now());
    const arrived = { state: 'sent', reason: null, notBefore: null } as const;
    const end = typeof found === 'object' ? { ...arrived, receipt: found } : update;
    // Slept since, and given up by who took over: that one looks after it.
    if (!(await ledger.recordResult(claim, end, stamp()))) return 'left';
    if (result.state === 'unknown' && typeof found !== 'object') return 'no answer';
    if (result.state !== 'refused') return 'tried';
    const { retryAfter } = result;
    if (result.perhapsPictures && form.pictures.length > 0) {
      // At once, and whatever the rest of it says: a picture must not keep an alert back.
      form = { repeat, pictures: [], lacking: 'not taken' };
    } else {
      if (result.permanent || last) return 'tried';
      if (result.busy === true) return 'busy';
      if (retryAfter !== undefined && retryAfter > LONGEST_WAIT) return 'asked to wait';
      if (retryAfter === undefined || attempt >= ATTEMPTS_PER_RUN) return 'put off';
      // A service that has refused it for a week is asked once a run.
      if (now() > patienceEnds(delivery)) return 'put off';
      await delivering.sleep(retryAfter);
    }
    if (stopping?.aborted) return 'put off';
    current = { ...current, state: update.state, attempts: current.attempts + 1 };
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

/** What is looked at before a message is written holds for so long, in milliseconds: whoever slept for longer in between looks again. */
const LOOK_HOLDS = 2000;
/** A disk that is so slow each time is no sleep. */
const MOST_LOOKS = 3;

/** @throws {LeaseLostError} where the message may not be written any more */
async function attemptOnce(
  claim: Claim,
  channel: Channel,
  message: Message | undefined,
  { repeat, pictures, lacking }: Form,
  { ledger, clean, now }: Delivering,
): Promise<AttemptResult> {
  const channelId = claim.channel;
  if (message === undefined) return { state: 'refused', permanent: true, reason: 'the message is not in the ledger' };
  const refersTo = message.refersTo === null ? null : await ledger.receipt(message.refersTo, channelId);
  let forbidden: { readonly error: unknown } | undefined;
  const mayWrite = async () => {
    try {
      for (let look = 1; look <= MOST_LOOKS; look++) {
        const asked = now();
        await ledger.mayWrite(claim, asked);
        if (Math.abs(now() - asked) <= LOOK_HOLDS) break;
      }
    } catch (error) {
      forbidden = { error };
      throw error;
    }
  };
  const outgoing = {
    message,
    repeat,
    refersTo,
    ...(pictures.length === 0 ? {} : { pictures }),
    ...(lacking === undefined ? {} : { lacking }),
  };
  try {
    const result = await channel.send(outgoing, mayWrite);
    if (forbidden !== undefined) throw forbidden.error;
    return result.state === 'sent' ? result : { ...result, reason: clean(result.reason) };
  } catch (error) {
    if (forbidden !== undefined) throw forbidden.error;
    // A channel never throws for what its service does. What its own fault left behind is not known.
    return {
      state: 'unknown',
      reason: clean(`${channelId} failed: ${error instanceof Error ? error.message : String(error)}`),
    };
  }
}

function updateOf(result: AttemptResult, now: number): DeliveryUpdate {
  if (result.state === 'sent') return { state: 'sent', reason: null, notBefore: null, receipt: result.receipt };
  if (result.state === 'unknown') return { state: 'unknown', reason: result.reason, notBefore: null, receipt: null };
  const wait = Math.min(result.retryAfter ?? 0, LONGEST_PUT_OFF);
  return {
    state: result.permanent ? 'failed' : 'pending',
    reason: result.reason,
    notBefore: wait > LONGEST_WAIT ? new Date(now + wait).toISOString() : null,
    receipt: null,
  };
}
