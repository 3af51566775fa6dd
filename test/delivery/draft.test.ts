import { describe, expect, test } from 'vitest';
import type { AttemptResult } from '../../src/channel/channel.ts';
import {
  ALERT,
  type FakeChannel,
  FORBIDDEN,
  fakeChannel,
  HOUR,
  newBot,
  repeats,
  UNKNOWN,
} from '../support/delivery-bot.ts';

describe('one run', () => {
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

  test('is followed by the text alone where a file went with it that is no picture, and once', async () => {
    const a = fakeChannel('a', {}, { ...TOO_BIG, attached: true }, TOO_BIG);
    const bot = newBot(a);
    await bot.decide(ALERT);
    await bot.run({ draw: async () => [] });
    expect(forms(a)).toEqual([
      [0, undefined],
      [0, 'not taken'],
    ]);
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
