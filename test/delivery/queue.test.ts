import { setImmediate } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import type { AttemptResult } from '../../src/channel/channel.ts';
import { LeaseLostError } from '../../src/store/errors.ts';
import {
  ALERT,
  BUSY,
  CORRECTION,
  FORBIDDEN,
  fakeChannel,
  HOUR,
  kinds,
  newBot,
  SENT,
  takenOver,
  UNKNOWN,
  waitFor,
} from '../support/delivery-bot.ts';
import { decision, EVENT, exampleMessage } from '../support/examples.ts';

describe('one run', () => {
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
});

describe('a run that slept, and was taken over from', () => {
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

describe('an attempt of unknown fate', () => {
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
});

describe('a refusal for now', () => {
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
});

describe('a refusal for good', () => {
  test('holds back nothing: a later message may be one that is taken', async () => {
    const a = fakeChannel('a', {}, FORBIDDEN);
    const bot = newBot(a);
    await bot.decide(ALERT, CORRECTION);
    await bot.run();
    expect(kinds(a)).toEqual(['alert', 'correction']);
  });
});
