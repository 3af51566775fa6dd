import { describe, expect, test } from 'vitest';
import { ALERT, DECIDED, fakeChannel, newBot, waitFor } from '../support/delivery-bot.ts';

describe('a refusal for now', () => {
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

  test('for a time beyond all dates stops nothing', async () => {
    const [a, b] = [fakeChannel('a', {}, waitFor(1e17)), fakeChannel('b')];
    const bot = newBot(a, b);
    await bot.decide(ALERT);
    await bot.run();
    expect(await bot.delivery('a')).toMatchObject({ state: 'pending' });
    expect(await bot.delivery('b')).toMatchObject({ state: 'sent' });
  });
});
