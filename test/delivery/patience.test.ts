import { describe, expect, test } from 'vitest';
import {
  ALERT,
  BUSY,
  DAY,
  DECIDED,
  FORBIDDEN,
  fakeChannel,
  HOUR,
  newBot,
  repeats,
  UNKNOWN,
  waitFor,
} from '../support/delivery-bot.ts';

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

  test('of a machine that was off past the 7 days is followed by one last attempt, and no other', async () => {
    const a = fakeChannel('a', {}, BUSY, BUSY, BUSY);
    const bot = newBot(a, fakeChannel('b'));
    await bot.decide(ALERT);
    bot.now = DECIDED + 6 * DAY;
    await bot.run();
    bot.now = DECIDED + 7 * DAY + HOUR;
    for (let run = 0; run < 3; run++) await bot.run();
    expect(a.received).toHaveLength(2);
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
});
