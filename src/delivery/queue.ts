import type { Channel, SharedServer } from '../channel/channel.ts';
import { isTogether } from '../message/together.ts';
import type { Delivery } from '../store/deliveries.ts';
import { LeaseLostError } from '../store/errors.ts';
import { isOfAnEvent, subjectOf } from './kinds.ts';
import { isPutOff } from './patience.ts';
import { NO_TURN, nextStep } from './policy.ts';
import type { End, Progress, Sending } from './sender.ts';
import { type TurnEnd, takeTurns } from './take-turns.ts';

/** Brings one delivery as far as it goes in a run. */
type DeliverOne = (delivery: Delivery, channel: Channel | undefined, run: Sending) => Promise<Progress>;

/** What one channel has to do in a run, oldest message first. */
interface Queue {
  readonly channel: string;
  /** A channel whose server was busy begins its next turn with what it ended with. */
  open: readonly Delivery[];
  /** The subjects of which nothing more may go out in this run. */
  readonly heldBack: Set<string>;
}

/**
 * Works off open deliveries. Channels work side by side and none waits for another; only those that share a server take
 * turns, and each claims in its turn. Within a channel the oldest message goes first, so that an alert precedes its correction.
 * @returns the deliveries that were tried, as `message channel`
 * @throws what failed, once every channel has ended its work: a ledger that fails in the middle of one cuts off no other
 */
export async function workOff(open: readonly Delivery[], run: Sending, deliverOne: DeliverOne): Promise<Set<string>> {
  const tried = new Set<string>();
  const failures: unknown[] = [];
  const byId = new Map(run.channels.map((channel) => [channel.id, channel]));
  const queues = new Map(queuesOf(open).map((queue) => [queue.channel, queue]));
  const failed = (error: unknown) => void failures.push(error);
  const noting = new Set<Promise<unknown>>();
  const turn = async (id: string): Promise<TurnEnd> => {
    const one = async (delivery: Delivery) => {
      const { end, noted = Promise.resolve(true) } = await deliverOne(delivery, byId.get(id), run);
      const done = noted.then((mine) => {
        noting.delete(done);
        if (mine && end !== 'left' && end !== 'waits') tried.add(deliveryKey(delivery));
      }, failed);
      noting.add(done);
      return { end, done };
    };
    const queue = queues.get(id);
    return queue === undefined ? 'done' : workOn(queue, one, failed, run);
  };
  const servers = Map.groupBy(queues.keys(), (id) => byId.get(id)?.server ?? id);
  await Promise.all(
    [...servers].map(async ([server, ids]) => {
      if (typeof server === 'string') return turn(server);
      const withoutTurn = await shareServer(server, ids, turn, run);
      const without = new Set(withoutTurn);
      const untried = open.filter(({ channel }) => without.has(channel));
      return noteUntried(untried, byId, run).catch(failed);
    }),
  );
  await Promise.all(noting);
  if (failures.length > 0) throw failures.find((error) => error instanceof LeaseLostError) ?? failures[0];
  return tried;
}

/** Names one delivery. */
export function deliveryKey({ message, channel }: Pick<Delivery, 'message' | 'channel'>): string {
  return `${message} ${channel}`;
}

/** One queue a channel. Who was tried least goes first: where a server serves a few a run, these are others each time. */
function queuesOf(open: readonly Delivery[]): Queue[] {
  const channels = new Set(open.toSorted((a, b) => a.attempts - b.attempts).map(({ channel }) => channel));
  const byChannel = Map.groupBy(open, ({ channel }) => channel);
  return [...channels].map((channel) => ({ channel, open: byChannel.get(channel) ?? [], heldBack: new Set() }));
}

/** One turn of a channel: its deliveries in order, until one ends the turn. Never rejects. */
async function workOn(
  queue: Queue,
  deliverOne: (delivery: Delivery) => Promise<{ readonly end: End; readonly done: Promise<void> }>,
  failed: (error: unknown) => void,
  { ledger, now }: Sending,
): Promise<TurnEnd> {
  let noAnswer = false;
  try {
    for (const [at, delivery] of queue.open.entries()) {
      // A correction must not overtake its alert; another event has nothing to do with it.
      if (queue.heldBack.size > 0 && (await subjectsOf(delivery, ledger)).some((one) => queue.heldBack.has(one)))
        continue;
      const { end, done } = await deliverOne(delivery);
      // What comes after it on the same channel refers to it.
      if (at < queue.open.length - 1) await done;
      if (end === 'busy') {
        queue.open = [await asItIsNow(delivery, ledger), ...queue.open.slice(at + 1)];
        return 'busy';
      }
      noAnswer ||= end === 'no answer';
      // A longer wait is asked of the channel, not of one message.
      if (end === 'asked to wait' || isPutOff(delivery, now())) break;
      const mayArrive = end === 'waits' || end === 'no answer';
      if (end === 'put off' || (mayArrive && isOfAnEvent(delivery))) {
        for (const subject of await subjectsOf(delivery, ledger)) queue.heldBack.add(subject);
      }
    }
  } catch (error) {
    failed(error);
  }
  return noAnswer ? 'no answer' : 'done';
}

/** What a delivery is about: an event, or all that it tells on its channel. */
async function subjectsOf(delivery: Delivery, ledger: Sending['ledger']): Promise<string[]> {
  const { message, channel } = delivery;
  if (!isTogether(message)) return [subjectOf(delivery)];
  return (await ledger.toldIn(message, channel)).map((id) => subjectOf({ message: id }));
}

/** A delivery as the ledger has it now: its next turn is one more attempt. */
async function asItIsNow(delivery: Delivery, ledger: Sending['ledger']): Promise<Delivery> {
  const known = await ledger.deliveriesOf([delivery.message]);
  return known.find(({ channel }) => channel === delivery.channel) ?? delivery;
}

/** @returns the channels that had no turn at the server */
async function shareServer(
  server: SharedServer,
  channels: readonly string[],
  turn: (channel: string) => Promise<TurnEnd>,
  { host }: Sending,
): Promise<readonly string[]> {
  const withoutTurn = await takeTurns(channels, turn, {
    sleep: host.sleep,
    stopping: host.stopping,
    atOnce: server.atOnce,
    atMost: server.atMost,
  });
  await server.rest();
  return withoutTurn;
}

/** Says of what would have been sent why it was not. */
async function noteUntried(
  untried: readonly Delivery[],
  byId: ReadonlyMap<string, Channel>,
  { ledger, owner, now, offline }: Sending,
): Promise<void> {
  const notes = untried.flatMap((delivery) => {
    const { state, notBefore, changedAt } = delivery;
    const step = nextStep(delivery, byId.get(delivery.channel), { now: now(), offline });
    if (state !== 'pending' || step.do !== 'send') return [];
    return [ledger.note(delivery, owner, { state, reason: NO_TURN, notBefore, receipt: null }, changedAt)];
  });
  await Promise.all(notes);
}
