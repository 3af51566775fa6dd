import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { KnownClose } from '../../src/market/known-close.ts';
import { decimalsIn, decimalsSaid, isCoarse, precise, refined } from '../../src/market/precision.ts';

const READ_AT = '2025-09-18T20:40:00.000Z';
const settled = (session: string, close: number): KnownClose => ({
  ...{ session, close, state: 'settled', firstReadAt: READ_AT, readAt: READ_AT, held: null },
});

describe('a value at the precision of its source', () => {
  test.each([
    // What 32 bits make of two decimals is taken away: 2467.70, 2442.74, 606.39.
    [2467.699951171875, 2, { close: 2467.7 }],
    [2442.739990234375, 2, { close: 2442.74 }],
    [Math.fround(606.39), 2, { close: 606.39 }],
    // As it is of four or five decimals that are announced, where the value has two.
    [2467.699951171875, 5, { close: 2467.7 }],
    [Math.fround(40123.45), 4, { close: 40123.45 }],
    // The same cut to four decimals, as files have them: 1033.18.
    [1033.1801, 4, { close: 1033.18 }],
    // A rate of exchange as Yahoo sends it, at four decimals and at two.
    [1.0836809873580933, 4, { close: 1.0837, exact: 1.0836809873580933 }],
    [1.0836809873580933, 2, { close: 1.08, exact: 1.0836809873580933 }],
    [Math.fround(1.0837), 4, { close: 1.0837 }],
    [0.85831, 5, { close: 0.85831 }],
    [0.004, 2, { close: 0, exact: 0.004 }],
  ])('%d with %i decimals', (value, decimals, expected) => {
    expect(precise(value, decimals)).toEqual(expected);
  });

  test('is the same for any close of two decimals, whether 32 or 64 bits carried it', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10_000_000 }), fc.integer({ min: 2, max: 10 }), (cents, decimals) => {
        const close = cents / 100;
        expect(precise(close, decimals)).toEqual({ close });
        expect(precise(Math.fround(close), decimals)).toEqual({ close });
      }),
    );
  });

  test('keeps what it is calculated with: no more than 32 bits make of it is lost', () => {
    const value = fc.double({ min: 0.001, max: 1e6, noNaN: true });
    fc.assert(
      fc.property(value, fc.integer({ min: 2, max: 10 }), (raw, decimals) => {
        const { close, exact = close } = precise(raw, decimals);
        expect(Math.abs(exact / raw - 1)).toBeLessThanOrEqual(2 ** -23);
      }),
    );
  });
});

test.each([
  [undefined, 2],
  [2, 2],
  [4, 4],
  [0, 2],
  [-1, 2],
  [2.5, 2],
  [11, 2],
  [Number.NaN, 2],
])('a source that says %d decimals has %i', (said, decimals) => {
  expect(decimalsSaid(said)).toBe(decimals);
});

test.each([
  ['closes as exchanges publish them', [2467.7, 2442.74, 606.05, 1298], 2],
  ['the same in 32 bits', [2467.7, 2442.74, 606.05, 1298].map(Math.fround), 2],
  ['a rate of exchange', [1.0837, 1.09, 1.1234, 1.1], 4],
  ['an index divided by a thousand', [2.4677, 2.44274, 0.60605, 1.298], 5],
  ['cents, with one average among a hundred', [...Array.from({ length: 99 }, (_, at) => 100 + at / 100), 100.1234], 2],
  ['nothing', [], 2],
])('a file of %s', (_, values, decimals) => {
  expect(decimalsIn(values)).toBe(decimals);
});

describe('what an earlier version rounded to cents', () => {
  const bars = [
    { session: '2025-09-16', close: 1.1801 },
    { session: '2025-09-17', close: 1.18 },
    { session: '2025-09-18', close: 1.1834 },
  ];
  const coarse = [
    settled('2025-09-15', 1.17),
    ...[1.18, 1.18, 1.18].map((close, at) => settled(bars[at]?.session ?? '', close)),
  ];

  test('is known by a reading that has the same closes with more decimals', () => {
    expect(isCoarse(bars, coarse, 4)).toBe(true);
    // At two decimals nothing differs.
    expect(isCoarse(bars, coarse, 2)).toBe(false);
    // One close is another: it is still rounded, and that one was revised. But of three it is too many to say so.
    expect(isCoarse(bars.with(0, { session: '2025-09-16', close: 1.2001 }), coarse, 4)).toBe(false);
    // What is stored has more decimals itself, so that a difference is a revision.
    expect(isCoarse(bars, coarse.with(1, settled('2025-09-16', 1.1811)), 4)).toBe(false);
    expect(isCoarse([], coarse, 4)).toBe(false);
    expect(isCoarse(bars, [], 4)).toBe(false);
  });

  test('is put in its place, and all else is left', () => {
    expect(refined(bars, coarse, 4)).toEqual([settled('2025-09-16', 1.1801), settled('2025-09-18', 1.1834)]);
    const held = { ...settled('2025-09-16', 1.18), close: null, readAt: null, state: 'held' as const };
    expect(refined(bars, [held], 4)).toEqual([]);
    expect(refined(bars, [settled('2025-09-16', 1.19)], 4)).toEqual([]);
  });
});
