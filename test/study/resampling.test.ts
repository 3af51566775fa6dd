import { describe, expect, test } from 'vitest';
import { blockBootstrap, shiftTest } from '../../src/study/resampling.ts';

/*
 * Expected figures: Python 3.11, numpy 1.24, on the same 600 outcomes and 8 events. The p by all 600 moves of the pattern,
 * np.mean([v[(p + s) % 600].mean() for s in range(600)] >= v[p].mean()); the intervals by np.quantile over 399,999
 * resamples of 12 blocks of 50 with numpy's own generator (PCG64, seed 1).
 */
const OUTCOMES = Float64Array.from(
  { length: 600 },
  (_, i) => (((i * 7919) % 1000) - 420) / 5000 + 0.02 * (Math.floor(i / 60) % 3),
);
const EVENTS = [20, 75, 130, 205, 333, 401, 470, 560];
const OCCURRENCES = { outcomes: OUTCOMES, events: EVENTS };
const RESAMPLING = { seed: 1, resamples: 20_000, blockSessions: 50 };

describe('the block bootstrap', () => {
  test('agrees with numpy', () => {
    const intervals = blockBootstrap(OCCURRENCES, RESAMPLING);
    // 20,000 resamples find a percentile within about a thousandth here.
    expect(intervals?.mean[0]).toBeCloseTo(-0.0348, 2);
    expect(intervals?.mean[1]).toBeCloseTo(0.0438, 2);
    expect(Math.abs((intervals?.rate?.[0] ?? 0) - -0.406)).toBeLessThan(0.01);
    expect(Math.abs((intervals?.rate?.[1] ?? 0) - 0.305)).toBeLessThan(0.01);
  });

  test('says the same for the same seed, and nearly the same for another', () => {
    const first = blockBootstrap(OCCURRENCES, RESAMPLING);
    expect(blockBootstrap(OCCURRENCES, RESAMPLING)).toEqual(first);
    const other = blockBootstrap(OCCURRENCES, { ...RESAMPLING, seed: 2 });
    expect(other).not.toEqual(first);
    expect(Math.abs((other?.mean[0] ?? 0) - (first?.mean[0] ?? 0))).toBeLessThan(0.003);
  });

  test('of events that are like any day includes no difference at all', () => {
    const every = { outcomes: OUTCOMES, events: Array.from({ length: 600 }, (_, position) => position) };
    const intervals = blockBootstrap(every, { ...RESAMPLING, resamples: 100 });
    for (const end of [...(intervals?.mean ?? [1]), ...(intervals?.rate ?? [1])]) expect(end).toBeCloseTo(0, 12);
  });

  test('keeps events that stand close together in one block', () => {
    // Pairs of opposite outcomes, side by side: whenever blocks have one of a pair they nearly always have the other.
    const outcomes = new Float64Array(1000);
    const events = [100, 300, 500, 700].flatMap((at) => [at, at + 1]);
    for (const [position, at] of events.entries()) outcomes[at] = position % 2 === 0 ? 1 : -1;
    const whole = blockBootstrap({ outcomes, events }, { seed: 1, resamples: 4000, blockSessions: 100 });
    expect(whole?.mean[1]).toBeLessThan(0.2);
    const torn = blockBootstrap({ outcomes, events }, { seed: 1, resamples: 4000, blockSessions: 1 });
    expect(torn?.mean[1]).toBeGreaterThan(0.5);
  });

  test('of events that all went up says nothing of their share', () => {
    const events = [...OUTCOMES.keys()].filter((at) => (OUTCOMES[at] ?? 0) > 0).slice(0, 9);
    const intervals = blockBootstrap({ outcomes: OUTCOMES, events }, RESAMPLING);
    expect(intervals?.rate).toBeNull();
    expect(intervals?.mean[0]).toBeGreaterThan(0);
  });

  test('of seven events, or of a span of less than two blocks, says nothing', () => {
    expect(blockBootstrap({ outcomes: OUTCOMES, events: EVENTS.slice(1) }, RESAMPLING)).toBeNull();
    expect(blockBootstrap(OCCURRENCES, { ...RESAMPLING, blockSessions: 301 })).toBeNull();
    expect(blockBootstrap({ outcomes: new Float64Array(), events: [] }, RESAMPLING)).toBeNull();
  });
});

describe('the permutation test', () => {
  test('counts every place of the pattern, as numpy does', () => {
    expect(shiftTest(OCCURRENCES)).toEqual({ mean: 244 / 600, rate: 455 / 600 });
  });

  test('of the one best place is one of all places', () => {
    const outcomes = new Float64Array(50);
    outcomes[7] = 0.5;
    expect(shiftTest({ outcomes, events: [7] })).toEqual({ mean: 1 / 50, rate: 1 / 50 });
  });

  test('without events says nothing', () => {
    expect(shiftTest({ outcomes: OUTCOMES, events: [] })).toBeNull();
  });
});
