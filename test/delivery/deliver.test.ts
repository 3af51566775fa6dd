import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { AttemptResult, Channel } from '../../src/channel/channel.ts';
import { type Delivering, deliver } from '../../src/delivery/deliver.ts';
import { GIVE_UP_AFTER, nextStep, whatIsNext } from '../../src/delivery/policy.ts';
import type { Message, Outgoing, Receipt } from '../../src/message/message.ts';
import type { Delivery } from '../../src/store/deliveries.ts';
import { LeaseLostError } from '../../src/store/errors.ts';
import { LEASE_MS } from '../../src/store/lease-owner.ts';
import { openDatabase } from '../../src/store/sqlite/database.ts';
import { createSqliteLedger } from '../../src/store/sqlite/ledger.ts';
import { decision, EVENT, exampleMessage } from '../support/examples.ts';
import { temporaryFolder } from '../support/temporary.ts';

const DAY = 86_400_000;
const HOUR = 3_600_000;
const ALERT = exampleMessage();
const DECIDED = Date.parse(ALERT.createdAt);
const CORRECTION = exampleMessage({
  id: 'russell-2000/2025-09-18/correction',
  kind: 'correction',
  createdAt: '2025-09-18T21:45:00.000Z',
  refersTo: ALERT.id,
});

const SENT: AttemptResult = { state: 'sent', receipt: { id: '1' } };
const BUSY: AttemptResult = { state: 'refused', permanent: false, reason: 'HTTP 502' };
const FORBIDDEN: AttemptResult = { state: 'refused', permanent: true, reason: 'HTTP 403' };
const UNKNOWN: AttemptResult = { state: 'unknown', reason: 'no answer' };
const waitFor = (retryAfter: number): AttemptResult => ({
  state: 'refused',
  permanent: false,
  reason: 'HTTP 429',
  retryAfter,
});

interface FakeChannel extends Channel {
  readonly received: Outgoing[];
  /** What comes of the next attempts; afterwards all is sent. */
  next: (AttemptResult | Error | Promise<AttemptResult>)[];
}

function fakeChannel(id: string, change: Partial<Channel> = {}, ...next: FakeChannel['next']): FakeChannel {
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
function newBot(...channels: Channel[]) {
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
    run: async (change: Partial<Delivering> = {}) => {
      const owner = await bot.takeLease();
      return deliver({
        ledger,
        channels: bot.channels,
        owner,
        offline: false,
        now: () => bot.now,
        sleep: async (ms) => {
          bot.slept.push(ms);
          bot.now += ms;
        },
        clean: (text) => text.replaceAll('token', '[secret]'),
        ...change,
      });
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

const kinds = ({ received }: FakeChannel) => received.map(({ message }) => message.kind);
const repeats = ({ received }: FakeChannel) => received.map(({ repeat }) => repeat);

describe('the next step', () => {
  const pending: Delivery = {
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
  const failed: Partial<Delivery> = { state: 'failed', attempts: 1, fingerprint: 'mark', reason: 'HTTP 403' };
  const unknown: Partial<Delivery> = { state: 'unknown', attempts: 1, unknownAttempts: 1, fingerprint: 'mark' };
  const later = new Date(DECIDED + HOUR).toISOString();
  const OLD = GIVE_UP_AFTER + 1;
  const lately = { changedAt: new Date(DECIDED + OLD - HOUR).toISOString() };
  const monthLater = { changedAt: new Date(DECIDED + 30 * DAY).toISOString() };
  /** Somebody has the message on another channel. */
  const told = { elsewhere: true };
  const often = { attempts: 6, reason: 'the mail server refused it for now: 450 4.7.1 Error: too much mail' };
  const pause = (since: number, until: number | null) => ({
    pause: {
      channel: 'a',
      since: new Date(DECIDED + since).toISOString(),
      until: until === null ? null : new Date(DECIDED + until).toISOString(),
    },
  });

  test.each<[delivery: Partial<Delivery>, looks: boolean, says: RegExp]>([
    [{ ...unknown, ...told, unknownAttempts: 4 }, false, /^4 attempts may have arrived, so it is not sent again$/],
    // While nobody else has it, it goes on.
    [
      { ...unknown, unknownAttempts: 4 },
      false,
      /^it may have arrived, and is sent again marked as a repeat, not before/,
    ],
    // It looks, however often, and sends what it does not find.
    [{ ...unknown, unknownAttempts: 4 }, true, /^a later run looks whether it arrived/],
    [
      unknown,
      false,
      /^it may have arrived, and is sent again marked as a repeat, not before 18 Sep 2025, 17:45 New York$/,
    ],
    [{ attempts: 1 }, false, /^later runs try again$/],
    [{ attempts: 1, notBefore: later }, false, /^later runs try again, not before 18 Sep 2025, 17:45 New York$/],
    [{ ...told, ...often }, false, /^later runs try again, not before 18 Sep 2025, 20:45 New York$/],
    [often, false, /^later runs try again$/],
  ])('is said in words: %o, looks: %s', (delivery, looks, says) => {
    expect(whatIsNext({ ...pending, ...delivery }, looks, DECIDED)).toMatch(says);
  });

  test.each<[name: string, delivery: Partial<Delivery>, age: number, step: string]>([
    ['a new one is sent', {}, 0, 'send'],
    ['a refused one is sent for 7 days', { attempts: 9 }, GIVE_UP_AFTER, 'send'],
    ['a refused one is given up after 7 days', { attempts: 9, ...lately, ...told }, OLD, 'give up'],
    ['but not where nobody tried for a day, as the machine was off', { attempts: 9, ...told }, 30 * DAY, 'send'],
    ['nor while nobody else has it', { attempts: 9, ...lately }, OLD, 'send'],
    ['a follow-up is: it is no news any more', { kind: 'follow-up', attempts: 9, ...lately }, OLD, 'give up'],
    ['one that was never tried is, however late', {}, 30 * DAY, 'send'],
    ['a digest is not: it is no news any more', { kind: 'digest' }, OLD, 'give up'],
    ['on a paused channel it is left', pause(-HOUR, null), HOUR, 'leave'],
    ['after the pause it is sent', pause(-HOUR, HOUR), HOUR, 'send'],
    ['and for 7 days from then on', { ...lately, ...pause(-HOUR, 30 * DAY) }, 37 * DAY, 'send'],
    [
      'a pause of later brings nothing back',
      { ...failed, ...told, ...pause(100 * DAY, 101 * DAY) },
      102 * DAY,
      'leave',
    ],
    ['one that has to wait is left', { notBefore: later }, HOUR - 1, 'leave'],
    ['one that has waited is sent', { notBefore: later }, HOUR, 'send'],
    ['a permanently refused one is sent for 7 days', failed, GIVE_UP_AFTER, 'send'],
    ['a permanently refused one is left after 7 days', { ...failed, ...told }, OLD, 'leave'],
    ['but sent once a run while nobody else has it', failed, 30 * DAY, 'send'],
    [
      'after 7 days too it is sent when the settings of the channel changed',
      { ...failed, ...told, fingerprint: 'other' },
      30 * DAY,
      'send',
    ],
    ['one of unknown fate is left for an hour', unknown, HOUR - 1, 'leave'],
    ['and then sent again', unknown, HOUR, 'send again'],
    ['after a second attempt it is left for 6 hours', { ...unknown, unknownAttempts: 2 }, 6 * HOUR - 1, 'leave'],
    ['and then sent again', { ...unknown, unknownAttempts: 2 }, 6 * HOUR, 'send again'],
    ['after a third it is left for a day', { ...unknown, unknownAttempts: 3 }, DAY - 1, 'leave'],
    ['and then sent again', { ...unknown, unknownAttempts: 3 }, DAY, 'send again'],
    ['but not a fourth time', { ...unknown, ...told, unknownAttempts: 4 }, 6 * DAY, 'leave'],
    ['unless nobody else has it: then after a day', { ...unknown, unknownAttempts: 4 }, DAY, 'send again'],
    ['and not before', { ...unknown, unknownAttempts: 9 }, DAY - 1, 'leave'],
    ['a month later after a week', { ...unknown, unknownAttempts: 30, ...monthLater }, 37 * DAY, 'send again'],
    ['and not before that', { ...unknown, unknownAttempts: 30, ...monthLater }, 37 * DAY - 1, 'leave'],
    ['of a follow-up nobody needs a fifth', { ...unknown, kind: 'follow-up', unknownAttempts: 4 }, 6 * DAY, 'leave'],
    ['what may have been sent before a restore is sent again at once', { ...unknown, restored: true }, 0, 'send again'],
    ['and what it did not know of', { ...unknown, attempts: 0 }, 0, 'send again'],
    ['one that was refused after an unknown attempt is a repeat', { attempts: 2, unknownAttempts: 1 }, 0, 'send again'],
    ['one of unknown fate is left after 7 days', { ...unknown, ...lately, ...told }, OLD, 'leave'],
    ['but sent again where nobody tried for a day', { ...unknown, ...told }, 30 * DAY, 'send again'],
    ['one whose event is in doubt is left', { inDoubt: true }, 0, 'leave'],
    ['one of unknown fate whose event is in doubt is left', { ...unknown, inDoubt: true }, 0, 'leave'],
    // Settings of null are those of no attempt: nothing of them can have changed.
    ['one that was given up untried is left', { ...failed, ...told, attempts: 0, fingerprint: null }, OLD, 'leave'],
  ])('%s', (_, change, age, expected) => {
    const step = nextStep({ ...pending, ...change }, fakeChannel('a'), DECIDED + age, false);
    expect(step.do === 'send' && step.repeat ? 'send again' : step.do).toBe(expected);
  });

  test('a channel that needs the network is left while offline, another is not', () => {
    expect(nextStep(pending, fakeChannel('a'), DECIDED, true)).toMatchObject({ do: 'leave', why: 'offline' });
    expect(nextStep(pending, fakeChannel('a', { needsNetwork: false }), DECIDED, true)).toMatchObject({ do: 'send' });
  });

  test('a channel that is not set up any more is left, and given up after 7 days', () => {
    expect(nextStep(pending, undefined, DECIDED, false)).toMatchObject({
      do: 'leave',
      why: expect.stringContaining('not set up'),
    });
    expect(nextStep(pending, undefined, DECIDED + OLD, false)).toMatchObject({ do: 'give up' });
    expect(nextStep({ ...pending, ...failed }, undefined, DECIDED, false)).toMatchObject({ do: 'leave' });
    expect(nextStep({ ...pending, ...unknown }, undefined, DECIDED, false)).toMatchObject({ do: 'leave' });
  });

  test('what is given up says why it never arrived', () => {
    const step = (reason: string | null) =>
      nextStep({ ...pending, ...lately, ...told, reason }, fakeChannel('a'), DECIDED + OLD, false);
    expect(step('HTTP 502')).toEqual({ do: 'give up', why: 'given up after 7 days; last: HTTP 502' });
    expect(step(null)).toEqual({ do: 'give up', why: 'given up after 7 days; last: never tried' });
  });
});

describe('one run', () => {
  test('sends to every channel and keeps what each answered', async () => {
    const [a, b] = [fakeChannel('a'), fakeChannel('b')];
    const bot = newBot(a, b);
    await bot.decide(ALERT);
    expect(await bot.run()).toEqual(new Set([`${ALERT.id} a`, `${ALERT.id} b`]));
    expect(a.received).toEqual([{ message: ALERT, repeat: false, refersTo: null }]);
    expect(await bot.delivery('a')).toMatchObject({ state: 'sent', attempts: 1, reason: null, fingerprint: 'mark' });
    expect(await bot.ledger.receipt(ALERT.id, 'b')).toEqual({ id: '1' });
  });

  test('the next one sends nothing again', async () => {
    const a = fakeChannel('a');
    const bot = newBot(a);
    await bot.decide(ALERT);
    await bot.run();
    expect(await bot.run()).toEqual(new Set());
    expect(a.received).toHaveLength(1);
  });

  test('notes that it is sending before it sends', async () => {
    const states: string[] = [];
    const a = fakeChannel('a', {
      send: async () => {
        states.push((await bot.delivery('a')).state);
        return SENT;
      },
    });
    const bot = newBot(a);
    await bot.decide(ALERT);
    await bot.run();
    expect(states).toEqual(['sending']);
  });

  test('a message that refers to another gets the receipt of this channel', async () => {
    const [a, b] = [fakeChannel('a', {}, { state: 'sent', receipt: { id: 'of a' } }), fakeChannel('b', {}, FORBIDDEN)];
    const bot = newBot(a, b);
    await bot.decide(ALERT, CORRECTION);
    b.next.push(FORBIDDEN);
    await bot.run();
    expect(a.received.at(-1)).toEqual({ message: CORRECTION, repeat: false, refersTo: { id: 'of a' } });
    expect(b.received.at(-1)).toEqual({ message: CORRECTION, repeat: false, refersTo: null });
  });

  test('a message is drawn once for all channels, before any of them is claimed', async () => {
    const [a, b] = [fakeChannel('a'), fakeChannel('b')];
    const bot = newBot(a, b);
    await bot.decide(ALERT);
    const picture = { name: 'record', alt: 'a chart', png: new Uint8Array([1]) } as const;
    const states: string[] = [];
    const draw = async () => {
      states.push((await bot.delivery('a')).state, (await bot.delivery('b')).state);
      return [picture];
    };
    await bot.run({ draw });
    expect(states).toEqual(['pending', 'pending']);
    expect([a, b].map(({ received }) => received[0]?.pictures)).toEqual([[picture], [picture]]);
  });

  test('the alert precedes its correction within a channel, and one is over before the other begins', async () => {
    const log: string[] = [];
    const a = fakeChannel('a', {
      send: async ({ message }) => {
        log.push(`${message.kind} begins`);
        await setImmediate();
        log.push(`${message.kind} ends`);
        return SENT;
      },
    });
    const bot = newBot(a);
    await bot.decide(CORRECTION, ALERT);
    await bot.run();
    expect(log).toEqual(['alert begins', 'alert ends', 'correction begins', 'correction ends']);
  });

  test('a channel that hangs delays no other', async () => {
    const { promise, resolve } = Promise.withResolvers<AttemptResult>();
    const [hanging, other] = [fakeChannel('a', {}, promise), fakeChannel('b')];
    const bot = newBot(hanging, other);
    await bot.decide(ALERT, CORRECTION);
    const running = bot.run();
    await expect.poll(() => bot.delivery('b', CORRECTION), { interval: 1 }).toMatchObject({ state: 'sent' });
    expect(await bot.delivery('a')).toMatchObject({ state: 'sending' });
    resolve(SENT);
    await running;
    expect(await bot.delivery('a', CORRECTION)).toMatchObject({ state: 'sent' });
  });

  test('a ledger that fails in the middle is told, when the other channels have ended their work', async () => {
    let arrive = (_outcome: AttemptResult) => {};
    const slow = new Promise<AttemptResult>((resolve) => {
      arrive = resolve;
    });
    const [a, b] = [fakeChannel('a'), fakeChannel('b', {}, slow)];
    const bot = newBot(a, b);
    await bot.decide(ALERT);
    const ledger: typeof bot.ledger = {
      ...bot.ledger,
      recordResult: async (claim, ...rest) => {
        if (claim.channel !== 'a') return bot.ledger.recordResult(claim, ...rest);
        setImmediate().then(() => arrive(SENT));
        throw new Error('database is locked');
      },
    };
    await expect(bot.run({ ledger })).rejects.toThrow('database is locked');
    expect(await bot.delivery('b')).toMatchObject({ state: 'sent' });
    expect(await bot.delivery('a')).toMatchObject({ state: 'sending' });
  });

  test('a channel that throws ends unknown, without its secrets, and stops no other', async () => {
    const [a, b] = [fakeChannel('a', {}, new Error('POST /webhooks/token failed')), fakeChannel('b')];
    const bot = newBot(a, b);
    await bot.decide(ALERT);
    await bot.run();
    expect(await bot.delivery('a')).toMatchObject({
      state: 'unknown',
      reason: 'a failed: POST /webhooks/[secret] failed',
    });
    expect(await bot.delivery('b')).toMatchObject({ state: 'sent' });
  });

  test('secrets are taken out of every reason', async () => {
    const a = fakeChannel('a', {}, { ...FORBIDDEN, reason: 'bad token' });
    const b = fakeChannel('b', {}, { ...UNKNOWN, reason: 'bad token' });
    const bot = newBot(a, b);
    await bot.decide(ALERT);
    await bot.run();
    expect([(await bot.delivery('a')).reason, (await bot.delivery('b')).reason]).toEqual([
      'bad [secret]',
      'bad [secret]',
    ]);
  });

  test('offline leaves network channels pending and untried; the folder delivers', async () => {
    const [discord, folder] = [fakeChannel('discord-webhook'), fakeChannel('folder', { needsNetwork: false })];
    const bot = newBot(discord, folder);
    await bot.decide(ALERT);
    expect(await bot.run({ offline: true })).toEqual(new Set([`${ALERT.id} folder`]));
    expect(await bot.delivery('discord-webhook')).toMatchObject({ state: 'pending', attempts: 0 });
    await bot.run();
    expect(discord.received).toHaveLength(1);
    expect(folder.received).toHaveLength(1);
  });

  test('an event in doubt keeps its alert back until it stands again', async () => {
    const a = fakeChannel('a');
    const bot = newBot(a);
    await bot.decide(ALERT);
    await bot.ledger.decide(decision({ events: [{ ...EVENT, goneSince: ALERT.createdAt }] }));
    await bot.run();
    expect(await bot.delivery('a')).toMatchObject({ state: 'pending', attempts: 0 });
    await bot.ledger.decide(decision({ events: [EVENT] }));
    await bot.run();
    expect(await bot.delivery('a')).toMatchObject({ state: 'sent' });
  });

  test('a channel that is not set up any more keeps its delivery for the day it is again', async () => {
    const a = fakeChannel('a');
    const bot = newBot(a);
    await bot.decide(ALERT);
    bot.channels = [];
    expect(await bot.run()).toEqual(new Set());
    expect(await bot.delivery('a')).toMatchObject({ state: 'pending', attempts: 0 });
    bot.channels = [a];
    await bot.run();
    expect(a.received).toHaveLength(1);
  });

  test('two at once send each message once', async () => {
    const a = fakeChannel('a');
    const bot = newBot(a);
    await bot.decide(ALERT);
    const ends = await Promise.allSettled([bot.run(), bot.run()]);
    expect(a.received).toHaveLength(1);
    // Only one of them had the lease when it began to send.
    expect(ends).toMatchObject([
      { status: 'rejected', reason: expect.any(LeaseLostError) },
      { status: 'fulfilled', value: new Set([`${ALERT.id} a`]) },
    ]);
  });
});

describe('a run that slept, and was taken over from', () => {
  /** Another run has the lease by now, gives up what was being sent, and goes on; or ends. */
  const takenOver = async (bot: ReturnType<typeof newBot>, ends = false) => {
    const id = await bot.takeLease();
    await bot.ledger.abandonSending(id);
    if (ends) await bot.ledger.endRun(await bot.ledger.beginRun('check', ALERT.createdAt), {}, ALERT.createdAt, id);
  };

  test.each([false, true])('between claim and writing it writes nothing (the other has ended: %s)', async (ended) => {
    let written = 0;
    const a = fakeChannel('a', {
      send: async (_letter, mayWrite) => {
        await takenOver(bot, ended);
        await mayWrite?.().then(
          () => written++,
          () => {},
        );
        // As a channel reports a request that failed before it was written.
        return BUSY;
      },
    });
    const bot = newBot(a);
    await bot.decide(ALERT);
    await expect(bot.run()).rejects.toThrow(LeaseLostError);
    expect(written).toBe(0);
    // Its new owner's.
    expect(await bot.delivery('a')).toMatchObject({ state: 'unknown', attempts: 1, unknownAttempts: 1 });
  });

  test('while it was looking, it looks again', async () => {
    const a = fakeChannel('a', {
      send: async (_letter, mayWrite) => {
        await mayWrite?.();
        return SENT;
      },
    });
    const bot = newBot(a);
    await bot.decide(ALERT);
    let looks = 0;
    const ledger: typeof bot.ledger = {
      ...bot.ledger,
      mayWrite: async (claim, now) => {
        await bot.ledger.mayWrite(claim, now);
        looks += 1;
        if (looks > 1) return;
        bot.now += LEASE_MS + 1;
        await takenOver(bot);
      },
    };
    await expect(bot.run({ ledger })).rejects.toThrow(LeaseLostError);
    expect(looks).toBe(1);
    expect(await bot.delivery('a')).toMatchObject({ state: 'unknown' });
  });

  test('between writing and noting it changes nothing, and tries no more', async () => {
    const a = fakeChannel('a', {
      send: async (outgoing, mayWrite) => {
        await mayWrite?.();
        a.received.push(outgoing);
        await takenOver(bot);
        return { ...BUSY, retryAfter: 1 };
      },
    });
    const bot = newBot(a);
    await bot.decide(ALERT);
    await bot.run();
    expect(a.received).toHaveLength(1);
    expect(await bot.delivery('a')).toMatchObject({ state: 'unknown', reason: expect.stringContaining('slept') });
  });

  test('never turns what the other has sent into anything else', async () => {
    const a = fakeChannel('a', {
      send: async () => {
        const id = await bot.takeLease();
        await bot.ledger.abandonSending(id);
        const again = await bot.ledger.claim(await bot.delivery('a'), id, 'mark', ALERT.createdAt);
        if (again === undefined) throw new Error('it cannot be claimed');
        const sent = { state: 'sent', reason: null, notBefore: null, receipt: { id: '2' } } as const;
        await bot.ledger.recordResult(again, sent, ALERT.createdAt);
        return UNKNOWN;
      },
    });
    const bot = newBot(a);
    await bot.decide(ALERT);
    await bot.run();
    expect(await bot.delivery('a')).toMatchObject({ state: 'sent', attempts: 2 });
  });

  test('while it waited for its next attempt begins none', async () => {
    const a = fakeChannel('a', {}, { ...BUSY, retryAfter: 1 } as AttemptResult);
    const bot = newBot(a);
    await bot.decide(ALERT);
    await expect(bot.run({ sleep: () => takenOver(bot) })).rejects.toThrow(LeaseLostError);
    expect(a.received).toHaveLength(1);
    expect(await bot.delivery('a')).toMatchObject({ state: 'pending', attempts: 1 });
  });

  test('while it drew the pictures, or looked for what had arrived, begins none', async () => {
    const a = fakeChannel('a', { find: async () => takenOver(bot).then(() => ({ id: '9' })) }, UNKNOWN);
    const bot = newBot(a);
    await bot.decide(ALERT);
    const draw = async () => takenOver(bot).then(() => []);
    await expect(bot.run({ draw })).rejects.toThrow(LeaseLostError);
    expect(a.received).toEqual([]);
    await bot.ledger.note(
      await bot.delivery('a'),
      await bot.takeLease(),
      { state: 'unknown', reason: null, notBefore: null, receipt: null },
      ALERT.createdAt,
    );
    await expect(bot.run()).rejects.toThrow(LeaseLostError);
    expect(await bot.delivery('a')).toMatchObject({ state: 'unknown' });
  });

  test('ends when all its channels have ended', async () => {
    const a = fakeChannel('a', {
      send: async (_letter, mayWrite) =>
        takenOver(bot)
          .then(mayWrite)
          .then(() => SENT),
    });
    const b = fakeChannel('b', {}, setImmediate(SENT));
    const bot = newBot(a, b);
    await bot.decide(ALERT);
    await expect(bot.run()).rejects.toThrow(LeaseLostError);
    expect(b.received).toHaveLength(1);
  });
});

describe('drills', () => {
  const DRILL = exampleMessage({ id: 'drill/2025-09-18T20:45:00.000Z', kind: 'drill' });

  test('are sent by their own run, which sends nothing else', async () => {
    const a = fakeChannel('a');
    const bot = newBot(a);
    await bot.decide(ALERT, DRILL);
    await bot.run({ only: ({ message }) => message === DRILL.id });
    expect(kinds(a)).toEqual(['drill']);
  });

  test('are not sent by a later run', async () => {
    const a = fakeChannel('a', {}, BUSY);
    const bot = newBot(a);
    await bot.decide(DRILL);
    await bot.run({ only: ({ message }) => message === DRILL.id });
    await bot.run();
    expect(a.received).toHaveLength(1);
  });
});

describe('an attempt of unknown fate', () => {
  test.each<[then: string, somebody: boolean, at: number[]]>([
    ['it stays unknown where somebody has it', true, [0, 1, 7, 31]],
    ['it is made once a day where nobody has it', false, [0, 1, 7, 31, 55, 79, 103, 127, 151]],
  ])('is made again, marked as a repeat, after 1, 6 and 24 hours; then %s', async (_, somebody, when) => {
    const at: number[] = [];
    const a = fakeChannel('a', {
      send: async (outgoing) => {
        a.received.push(outgoing);
        at.push((bot.now - DECIDED) / HOUR);
        return UNKNOWN;
      },
    });
    const bot = newBot(a, ...(somebody ? [fakeChannel('b')] : []));
    await bot.decide(ALERT);
    // Every half hour for a week.
    for (let run = 0; run < 7 * 48; run++) {
      await bot.run();
      bot.now += HOUR / 2;
    }
    expect(at).toEqual(when);
    expect(repeats(a)).toEqual(when.map((hour) => hour > 0));
    expect(await bot.delivery('a')).toMatchObject({
      state: 'unknown',
      attempts: when.length,
      unknownAttempts: when.length,
      reason: 'no answer',
    });
  });

  test('is no problem of the runs that wait for the time of the next one', async () => {
    const a = fakeChannel('a', {}, UNKNOWN);
    const bot = newBot(a);
    await bot.decide(ALERT);
    expect(await bot.run()).toEqual(new Set([`${ALERT.id} a`]));
    bot.now += HOUR - 1;
    expect(await bot.run()).toEqual(new Set());
  });

  test('holds back its correction, which must not come before an alert with the old figures', async () => {
    const a = fakeChannel('a', {}, UNKNOWN);
    const bot = newBot(a);
    await bot.decide(ALERT);
    await bot.run();
    await bot.ledger.decide(
      decision({ events: [EVENT], messages: [{ message: CORRECTION, event: EVENT.id, channels: ['a'] }] }),
    );
    await bot.run();
    expect(kinds(a)).toEqual(['alert']);
    bot.now += HOUR;
    await bot.run();
    expect(kinds(a)).toEqual(['alert', 'alert', 'correction']);
  });

  test('is made once per run', async () => {
    const a = fakeChannel('a', {}, UNKNOWN, UNKNOWN);
    const bot = newBot(a);
    await bot.decide(ALERT);
    await bot.run();
    expect(a.received).toHaveLength(1);
    expect(bot.slept).toEqual([]);
  });

  test('stays marked as a repeat when the next one is refused', async () => {
    const a = fakeChannel('a', {}, UNKNOWN, BUSY);
    const bot = newBot(a);
    await bot.decide(ALERT);
    await bot.run();
    bot.now += HOUR;
    for (let run = 0; run < 2; run++) await bot.run();
    expect(repeats(a)).toEqual([false, true, true]);
    expect(await bot.delivery('a')).toMatchObject({ state: 'sent', attempts: 3, unknownAttempts: 1 });
  });

  test('is not made again where the channel finds that it arrived, at once or later', async () => {
    for (const run of [1, 2]) {
      const asked: [string, number][] = [];
      const find = async (id: string, since: number): Promise<Receipt | undefined> => {
        asked.push([id, since]);
        return asked.length < run ? undefined : { id: 'found' };
      };
      const a = fakeChannel('a', { find }, UNKNOWN);
      const bot = newBot(a);
      await bot.decide(ALERT);
      for (let n = 1; n <= run; n++) expect(await bot.run()).toEqual(new Set([`${ALERT.id} a`]));
      expect(asked).toEqual(Array(run).fill([ALERT.id, DECIDED]));
      expect(a.received).toHaveLength(1);
      expect(await bot.delivery('a')).toMatchObject({ state: 'sent', attempts: 1 });
      expect(await bot.ledger.receipt(ALERT.id, 'a')).toEqual({ id: 'found' });
    }
  });

  test('is made again as often as it takes, and not as a repeat, where the channel sees that it is not there', async () => {
    const a = fakeChannel('a', { find: async () => undefined }, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN);
    const bot = newBot(a);
    await bot.decide(ALERT);
    for (let run = 0; run < 5; run++) await bot.run();
    expect(repeats(a)).toEqual([false, false, false, false, false]);
    expect(await bot.delivery('a')).toMatchObject({ state: 'sent', attempts: 5, unknownAttempts: 4 });
  });

  test('is not made a fifth time by a channel that cannot look, which finds it once it can', async () => {
    let works = false;
    const find = async () => (works ? { id: 'found' } : Promise.reject(new Error('HTTP 403')));
    const a = fakeChannel('a', { find }, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN);
    const bot = newBot(a);
    await bot.decide(ALERT);
    for (let run = 0; run < 48; run++) {
      await bot.run();
      bot.now += HOUR;
    }
    expect(repeats(a)).toEqual([false, true, true, true]);
    expect(await bot.delivery('a')).toMatchObject({ state: 'unknown', unknownAttempts: 4 });
    works = true;
    await bot.run();
    expect(await bot.delivery('a')).toMatchObject({ state: 'sent', attempts: 4 });
  });

  test('waits an hour for a channel that cannot look, then is made again unseen', async () => {
    const find = async () => Promise.reject(new Error('HTTP 500'));
    const a = fakeChannel('a', { find }, UNKNOWN);
    const bot = newBot(a);
    await bot.decide(ALERT);
    await bot.run();
    bot.now += HOUR - 1;
    await bot.run();
    expect(repeats(a)).toEqual([false]);
    bot.now += 1;
    await bot.run();
    expect(repeats(a)).toEqual([false, true]);
  });

  test('is what a process left behind that died while it was sending', async () => {
    const a = fakeChannel('a');
    const bot = newBot(a);
    await bot.decide(ALERT);
    await bot.ledger.claim(await bot.delivery('a'), await bot.takeLease(), 'mark', ALERT.createdAt);
    await bot.run();
    expect(repeats(a)).toEqual([]);
    bot.now += HOUR;
    await bot.run();
    expect(repeats(a)).toEqual([true]);
    expect(await bot.delivery('a')).toMatchObject({ state: 'sent', attempts: 2, unknownAttempts: 1 });
  });

  test('is not made again once the alert was taken back', async () => {
    const a = fakeChannel('a', {}, UNKNOWN);
    const bot = newBot(a);
    await bot.decide(ALERT);
    await bot.run();
    const retraction = exampleMessage({ ...CORRECTION, id: `${EVENT.id}/retraction`, kind: 'retraction' });
    await bot.ledger.decide(
      decision({
        events: [{ ...EVENT, status: 'retracted' }],
        withdrawn: [EVENT.id],
        messages: [{ message: retraction, event: EVENT.id, channels: 'reached' }],
      }),
    );
    await bot.run();
    expect(kinds(a)).toEqual(['alert', 'retraction']);
  });
});

describe('a refusal for now', () => {
  test('is tried again by every run of 7 days, then it has failed and says why', async () => {
    const a = fakeChannel('a', {}, ...Array.from({ length: 20 }, () => BUSY));
    const bot = newBot(a, fakeChannel('b'));
    await bot.decide(ALERT);
    for (let day = 0; day <= 7; day++) {
      bot.now = DECIDED + day * DAY;
      await bot.run();
    }
    expect(a.received).toHaveLength(8);
    expect(repeats(a)).not.toContain(true);
    expect(await bot.delivery('a')).toMatchObject({ state: 'pending', reason: 'HTTP 502' });
    bot.now = DECIDED + 7 * DAY + 1;
    for (let run = 0; run < 3; run++) await bot.run();
    expect(a.received).toHaveLength(8);
    expect(await bot.delivery('a')).toMatchObject({ state: 'failed', reason: 'given up after 7 days; last: HTTP 502' });
  });

  test('goes on after 7 days while nobody else has it, once a run, until somebody has', async () => {
    const a = fakeChannel('a', {}, ...Array.from({ length: 60 }, () => waitFor(1000)));
    const bot = newBot(a);
    await bot.decide(ALERT);
    bot.now += 8 * DAY;
    for (let run = 0; run < 3; run++) await bot.run();
    expect([a.received.length, bot.slept]).toEqual([3, []]);
    expect(await bot.delivery('a')).toMatchObject({ state: 'pending', reason: 'HTTP 429' });
    a.next = [];
    await bot.run();
    expect(await bot.delivery('a')).toMatchObject({ state: 'sent', attempts: 4 });
  });

  test.each([0, 1000, 10_000])('that asks for %d ms is waited for, at most 3 attempts in a run', async (ms) => {
    const a = fakeChannel('a', {}, waitFor(ms), waitFor(ms), waitFor(ms), waitFor(ms));
    const bot = newBot(a);
    await bot.decide(ALERT);
    await bot.run();
    expect(bot.slept).toEqual([ms, ms]);
    expect(await bot.delivery('a')).toMatchObject({ state: 'pending', attempts: 3, notBefore: null });
    await bot.run();
    expect(await bot.delivery('a')).toMatchObject({ state: 'sent', attempts: 5 });
  });

  test('that asks for more than 10 s is obeyed by later runs', async () => {
    const a = fakeChannel('a', {}, waitFor(10_001));
    const bot = newBot(a);
    await bot.decide(ALERT);
    await bot.run();
    expect(bot.slept).toEqual([]);
    expect(await bot.delivery('a')).toMatchObject({ notBefore: new Date(DECIDED + 10_001).toISOString() });
    bot.now += 10_000;
    expect(await bot.run()).toEqual(new Set());
    bot.now += 1;
    await bot.run();
    expect(a.received).toHaveLength(2);
    expect(await bot.delivery('a')).toMatchObject({ state: 'sent', notBefore: null });
  });

  // The service asked the channel to wait, not one message. And a correction must not overtake its alert.
  test('holds back what comes after it on this channel, and only there', async () => {
    const [a, b] = [fakeChannel('a', {}, waitFor(60_000)), fakeChannel('b')];
    const bot = newBot(a, b);
    await bot.decide(ALERT, CORRECTION);
    await bot.run();
    expect(kinds(a)).toEqual(['alert']);
    expect(kinds(b)).toEqual(['alert', 'correction']);
    bot.now += 59_999;
    await bot.run();
    expect(kinds(a)).toEqual(['alert']);
    bot.now += 1;
    await bot.run();
    expect(kinds(a)).toEqual(['alert', 'alert', 'correction']);
  });

  // only a long wait holds back. The alert then follows its correction, with the old figures.
  test.each<[string, AttemptResult]>([
    ['without a word', BUSY],
    ['for a second, three times over', waitFor(1000)],
  ])('%s holds back the correction of what was refused', async (_, refusal) => {
    const a = fakeChannel('a', {}, refusal, refusal, refusal);
    const bot = newBot(a);
    await bot.decide(ALERT, CORRECTION);
    for (let run = 0; run < 5; run++) await bot.run();
    expect(kinds(a).filter((kind) => kind === 'correction')).toHaveLength(1);
    expect(kinds(a).at(-1)).toBe('correction');
  });

  test('without a wait holds back its own event only', async () => {
    const a = fakeChannel('a', {}, { state: 'refused', permanent: false, reason: '451 later' });
    const bot = newBot(a);
    const other = exampleMessage({ ...ALERT, id: 'russell-2000/2029-03-01/alert' });
    await bot.decide(ALERT, CORRECTION, other);
    await bot.run();
    expect(a.received.map(({ message }) => message.id)).toEqual([ALERT.id, other.id]);
  });

  test('for days puts an alert off for six hours', async () => {
    const a = fakeChannel('a', {}, waitFor(30 * DAY));
    const bot = newBot(a);
    await bot.decide(ALERT);
    await bot.run();
    bot.now += 6 * HOUR - 1;
    await bot.run();
    expect(a.received).toHaveLength(1);
    bot.now += 1;
    await bot.run();
    expect(await bot.delivery('a')).toMatchObject({ state: 'sent', attempts: 2 });
  });

  test('is looked behind first by a channel that can: a gateway may say 502 for what has arrived', async () => {
    let arrived = false;
    const find = async () => (arrived ? { id: 'found' } : undefined);
    const a = fakeChannel('a', { find }, BUSY);
    const bot = newBot(a);
    await bot.decide(ALERT);
    await bot.run();
    arrived = true;
    await bot.run();
    expect(a.received).toHaveLength(1);
    expect(await bot.delivery('a')).toMatchObject({ state: 'sent', attempts: 1 });
  });

  test('for a time beyond all dates stops nothing', async () => {
    const [a, b] = [fakeChannel('a', {}, waitFor(1e17)), fakeChannel('b')];
    const bot = newBot(a, b);
    await bot.decide(ALERT);
    await bot.run();
    expect(await bot.delivery('a')).toMatchObject({ state: 'pending' });
    expect(await bot.delivery('b')).toMatchObject({ state: 'sent' });
  });
});

describe('a refusal for good', () => {
  test('is tried once per later run for 7 days, then left', async () => {
    const a = fakeChannel('a', {}, ...Array.from({ length: 20 }, () => FORBIDDEN));
    const bot = newBot(a, fakeChannel('b'));
    await bot.decide(ALERT);
    for (let day = 0; day <= 9; day++) {
      bot.now = DECIDED + day * DAY;
      await bot.run();
    }
    expect(a.received).toHaveLength(8);
    expect(bot.slept).toEqual([]);
    expect(await bot.delivery('a')).toMatchObject({ state: 'failed', reason: 'HTTP 403', attempts: 8 });
  });

  test('is tried again at once when the settings of its channel change, however old it is', async () => {
    const a = fakeChannel('a', {}, FORBIDDEN);
    const bot = newBot(a, fakeChannel('b'));
    await bot.decide(ALERT);
    await bot.run();
    bot.now += 30 * DAY;
    await bot.run();
    expect(a.received).toHaveLength(1);
    const repaired = fakeChannel('a', { fingerprint: 'new mark' }, FORBIDDEN);
    bot.channels = [repaired];
    await bot.run();
    await bot.run();
    expect(repaired.received).toHaveLength(1);
    expect(await bot.delivery('a')).toMatchObject({ state: 'failed', fingerprint: 'new mark' });
  });

  test('holds back nothing: a later message may be one that is taken', async () => {
    const a = fakeChannel('a', {}, FORBIDDEN);
    const bot = newBot(a);
    await bot.decide(ALERT, CORRECTION);
    await bot.run();
    expect(kinds(a)).toEqual(['alert', 'correction']);
  });
});

describe('a refusal that may be about the pictures', () => {
  const PICTURE = { name: 'record', alt: 'a chart', png: new Uint8Array([1]) } as const;
  const draw = async () => [PICTURE];
  const TOO_BIG: AttemptResult = { state: 'refused', permanent: true, reason: 'HTTP 413', perhapsPictures: true };
  const DOWN: AttemptResult = {
    state: 'refused',
    permanent: false,
    reason: 'HTTP 500',
    retryAfter: 1000,
    perhapsPictures: true,
  };
  const forms = ({ received }: FakeChannel) => received.map(({ pictures = [], lacking }) => [pictures.length, lacking]);

  test.each([
    ['for good', TOO_BIG],
    ['for now', DOWN],
  ])('%s is followed at once by the text alone, which says so; both are counted', async (_, refusal) => {
    const a = fakeChannel('a', {}, refusal);
    const bot = newBot(a);
    await bot.decide(ALERT);
    await bot.run({ draw });
    expect(forms(a)).toEqual([
      [1, undefined],
      [0, 'not taken'],
    ]);
    expect(bot.slept).toEqual([]);
    expect(await bot.delivery('a')).toMatchObject({ state: 'sent', attempts: 2, unknownAttempts: 0 });
  });

  test('counts for the text too when it comes again, and the next run tries with them first', async () => {
    const a = fakeChannel('a', {}, TOO_BIG, TOO_BIG, TOO_BIG);
    const bot = newBot(a);
    await bot.decide(ALERT);
    await bot.run({ draw });
    expect(await bot.delivery('a')).toMatchObject({ state: 'failed', attempts: 2, reason: 'HTTP 413' });
    await bot.run({ draw });
    expect(forms(a).map(([pictures]) => pictures)).toEqual([1, 0, 1, 0]);
    expect(await bot.delivery('a')).toMatchObject({ state: 'sent', attempts: 4 });
  });

  test.each([
    ['that is about something else', FORBIDDEN],
    ['of unknown fate', UNKNOWN],
  ])('is no attempt %s', async (_, result) => {
    const a = fakeChannel('a', {}, result);
    const bot = newBot(a);
    await bot.decide(ALERT);
    await bot.run({ draw });
    expect(forms(a)).toEqual([[1, undefined]]);
  });

  test('of a message without any is a refusal like others', async () => {
    const a = fakeChannel('a', {}, TOO_BIG);
    const bot = newBot(a);
    await bot.decide(ALERT);
    await bot.run();
    expect(forms(a)).toEqual([[0, undefined]]);
  });

  test('whose text alone ends unknown is a repeat the next time', async () => {
    const a = fakeChannel('a', {}, TOO_BIG, UNKNOWN);
    const bot = newBot(a);
    await bot.decide(ALERT);
    await bot.run({ draw });
    bot.now += HOUR;
    await bot.run({ draw });
    expect(repeats(a)).toEqual([false, false, true]);
  });

  test('is what breaks the way twice: the third attempt is made without them', async () => {
    const a = fakeChannel('a', {}, UNKNOWN, UNKNOWN);
    const bot = newBot(a);
    await bot.decide(ALERT);
    for (const hours of [0, 1, 6]) {
      bot.now += hours * HOUR;
      await bot.run({ draw });
    }
    expect(forms(a)).toEqual([
      [1, undefined],
      [1, undefined],
      [0, 'not taken'],
    ]);
    expect(await bot.delivery('a')).toMatchObject({ state: 'sent', unknownAttempts: 2 });
  });

  test('that was followed by the text alone in vain is not tried with pictures for ever', async () => {
    const refused = Array.from({ length: 6 }, () => ({ ...DOWN, retryAfter: 60_000 }));
    const a = fakeChannel('a', {}, ...refused);
    const bot = newBot(a);
    await bot.decide(ALERT);
    for (let run = 0; run < 4; run++) {
      await bot.run({ draw });
      bot.now += HOUR;
    }
    expect(forms(a).map(([pictures]) => pictures)).toEqual([1, 0, 1, 0, 1, 0, 0]);
    expect(await bot.delivery('a')).toMatchObject({ state: 'sent', attempts: 7 });
  });

  test('pictures that cannot be drawn keep nothing back, and the message says so', async () => {
    const a = fakeChannel('a');
    const bot = newBot(a);
    await bot.decide(ALERT);
    await bot.run({ draw: async () => undefined });
    expect(forms(a)).toEqual([[0, 'not drawn']]);
  });
});
