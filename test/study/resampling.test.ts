import { describe, expect, test } from 'vitest';
import { blockBootstrap, shiftTest } from '../../src/study/resampling.ts';

/*
 * Expected figures: Python 3.11, numpy 1.24, on the same 600 outcomes and 6 events. The p by all 600 moves of the pattern,
 * np.mean([v[(p + s) % 600].mean() for s in range(600)] >= v[p].mean()); the intervals by np.quantile over 399,900
 * resamples of 12 blocks of 50 with numpy's own generator (PCG64, seed 1).
 */
const OUTCOMES = Float64Array.from(
  { length: 600 },
  (_, i) => (((i * 7919) % 1000) - 420) / 5000 + 0.02 * (Math.floor(i / 60) % 3),
);
const EVENTS = [20, 75, 130, 333, 401, 560];
const OCCURRENCES = { outcomes: OUTCOMES, events: EVENTS };
const RESAMPLING = { seed: 1, resamples: 20_000, blockSessions: 50 };

describe('the block bootstrap', () => {
  test('agrees with numpy', () => {
    const intervals = blockBootstrap(OCCURRENCES, RESAMPLING);
    // 20,000 resamples find a percentile within about a thousandth here.
    expect(intervals?.mean[0]).toBeCloseTo(-0.0456, 2);
    expect(intervals?.mean[1]).toBeCloseTo(0.0423, 2);
    expect(Math.abs((intervals?.rate[0] ?? 0) - -0.4367)).toBeLessThan(0.01);
    expect(Math.abs((intervals?.rate[1] ?? 0) - 0.3417)).toBeLessThan(0.01);
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
    // Two events of opposite outcomes, side by side: whenever blocks have one they nearly always have both.
    const outcomes = new Float64Array(1000);
    outcomes[500] = 1;
    outcomes[501] = -1;
    const wide = blockBootstrap({ outcomes, events: [500, 501] }, { seed: 1, resamples: 4000, blockSessions: 100 });
    expect(wide?.mean[1]).toBeLessThan(0.01);
    const torn = blockBootstrap({ outcomes, events: [500, 501] }, { seed: 1, resamples: 4000, blockSessions: 1 });
    expect(torn?.mean[1]).toBeGreaterThan(0.9);
  });

  test('of one event, or of a span of less than two blocks, says nothing', () => {
    expect(blockBootstrap({ outcomes: OUTCOMES, events: [20] }, RESAMPLING)).toBeNull();
    expect(blockBootstrap(OCCURRENCES, { ...RESAMPLING, blockSessions: 301 })).toBeNull();
    expect(blockBootstrap({ outcomes: new Float64Array(), events: [] }, RESAMPLING)).toBeNull();
  });
});

describe('the permutation test', () => {
  test('counts every place of the pattern, as numpy does', () => {
    expect(shiftTest(OCCURRENCES)).toEqual({ mean: 334 / 600, rate: 430 / 600 });
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
