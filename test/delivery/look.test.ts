import { describe, expect, test } from 'vitest';
import type { Receipt } from '../../src/message/message.ts';
import { ALERT, BUSY, DECIDED, fakeChannel, HOUR, newBot, repeats, UNKNOWN } from '../support/delivery-bot.ts';

describe('an attempt of unknown fate', () => {
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
});

describe('a refusal for now', () => {
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
});
