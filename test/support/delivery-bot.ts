import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { AttemptResult, Channel } from '../../src/channel/channel.ts';
import { deliver } from '../../src/delivery/deliver.ts';
import type { DeliverOptions, Sender } from '../../src/delivery/sender.ts';
import type { Message, Outgoing } from '../../src/message/message.ts';
import type { Delivery } from '../../src/store/deliveries.ts';
import { openDatabase } from '../../src/store/sqlite/database.ts';
import { createSqliteLedger } from '../../src/store/sqlite/ledger.ts';
import { decision, EVENT, exampleMessage } from './examples.ts';
import { temporaryFolder } from './temporary.ts';

export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;
export const ALERT = exampleMessage();
export const DECIDED = Date.parse(ALERT.createdAt);
export const CORRECTION = exampleMessage({
  id: 'russell-2000/2025-09-18/correction',
  kind: 'correction',
  createdAt: '2025-09-18T21:45:00.000Z',
  refersTo: ALERT.id,
});

export const SENT = { state: 'sent', receipt: { id: '1' } } as const satisfies AttemptResult;
export const BUSY = { state: 'refused', permanent: false, reason: 'HTTP 502' } as const satisfies AttemptResult;
export const FORBIDDEN = { state: 'refused', permanent: true, reason: 'HTTP 403' } as const satisfies AttemptResult;
export const UNKNOWN = { state: 'unknown', reason: 'no answer' } as const satisfies AttemptResult;

export const waitFor = (retryAfter: number): AttemptResult => ({
  state: 'refused',
  permanent: false,
  reason: 'HTTP 429',
  retryAfter,
});

/** What one run has otherwise than the others. */
type Change = Partial<
  Omit<Sender, 'host' | 'settings'> & Sender['host'] & Omit<DeliverOptions, 'owner'> & { readonly publicUrl: string }
>;

export interface FakeChannel extends Channel {
  readonly received: Outgoing[];
  /** What comes of the next attempts; afterwards all is sent. */
  next: (AttemptResult | Error | Promise<AttemptResult>)[];
}

export function fakeChannel(id: string, change: Partial<Channel> = {}, ...next: FakeChannel['next']): FakeChannel {
  const channel: FakeChannel = {
    id,
    needsNetwork: true,
    fingerprint: 'mark',
    received: [],
    next,
    send: async (outgoing) => {
      channel.received.push(outgoing);
      const result = await (channel.next.shift() ?? SENT);
      if (result instanceof Error) throw result;
      return result;
    },
    test: async () => 'works',
    ...change,
  };
  return channel;
}

/** A ledger in a file, a clock that only sleeping and the test move on, and runs that each have a holder of their own. */
export function newBot(...channels: Channel[]) {
  const database = openDatabase(join(temporaryFolder(), 'market.db'));
  onTestFinished(() => {
    database.close();
  });
  const ledger = createSqliteLedger(database);
  const bot = {
    ledger,
    channels,
    now: DECIDED,
    slept: [] as number[],
    /** The next run takes over, whatever became of the one before. */
    takeLease: async () => {
      runs += 1;
      const owner = { id: `run ${runs}`, host: 'here', pid: 1, processStarted: null };
      await ledger.takeLease(owner, bot.now, () => true);
      return owner.id;
    },
    run: async (change: Change = {}) => {
      const sleep = async (ms: number) => {
        bot.slept.push(ms);
        bot.now += ms;
      };
      const sender: Sender = {
        ledger,
        channels: bot.channels,
        now: () => bot.now,
        draw: async () => [],
        ...change,
        settings: { secrets: ['token'], dashboard: { publicUrl: change.publicUrl } },
        host: { sleep, stopping: new AbortController().signal, ...change },
      };
      return deliver(sender, { offline: false, ...change, owner: await bot.takeLease() });
    },
    /** Decides on messages of one event for every channel. */
    decide: (...messages: Message[]) =>
      ledger.decide(
        decision({
          events: [EVENT],
          messages: messages.map((message) => ({
            message,
            event: EVENT.id,
            channels: bot.channels.map(({ id }) => id),
          })),
        }),
      ),
    delivery: async (channel: string, message: Message = ALERT): Promise<Delivery> => {
      const found = (await ledger.deliveriesOf([message.id])).find((delivery) => delivery.channel === channel);
      if (found === undefined) throw new Error(`there is no delivery of ${message.id} to ${channel}`);
      return found;
    },
  };
  let runs = 0;
  return bot;
}

/** Another run has the lease by now, gives up what was being sent, and goes on; or ends. */
export async function takenOver(bot: ReturnType<typeof newBot>, ends = false): Promise<void> {
  const id = await bot.takeLease();
  await bot.ledger.abandonSending(id);
  if (ends) await bot.ledger.endRun(await bot.ledger.beginRun('check', ALERT.createdAt), {}, ALERT.createdAt, id);
}

/** A delivery of the alert that nobody has tried yet. */
export const PENDING: Delivery = {
  message: ALERT.id,
  kind: 'alert',
  channel: 'a',
  state: 'pending',
  attempts: 0,
  unknownAttempts: 0,
  reason: null,
  fingerprint: null,
  notBefore: null,
  inDoubt: false,
  elsewhere: false,
  restored: false,
  decidedAt: ALERT.createdAt,
  changedAt: ALERT.createdAt,
  pause: null,
};

export const kinds = ({ received }: FakeChannel) => received.map(({ message }) => message.kind);
export const repeats = ({ received }: FakeChannel) => received.map(({ repeat }) => repeat);
