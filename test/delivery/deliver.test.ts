import { describe, expect, test } from 'vitest';
import type { AttemptResult } from '../../src/channel/channel.ts';
import { LeaseLostError } from '../../src/store/errors.ts';
import {
  ALERT,
  BUSY,
  CORRECTION,
  fakeChannel,
  HOUR,
  kinds,
  newBot,
  repeats,
  SENT,
  takenOver,
  UNKNOWN,
} from '../support/delivery-bot.ts';
import { decision, EVENT, exampleMessage } from '../support/examples.ts';

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
  test('is made once per run', async () => {
    const a = fakeChannel('a', {}, UNKNOWN, UNKNOWN);
    const bot = newBot(a);
    await bot.decide(ALERT);
    await bot.run();
    expect(a.received).toHaveLength(1);
    expect(bot.slept).toEqual([]);
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
