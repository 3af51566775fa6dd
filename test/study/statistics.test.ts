import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { binomialAtLeast, mean, median, wilson } from '../../src/study/statistics.ts';

fc.configureGlobal({ seed: 20250918 });

const anyValues = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 50 });

describe('mean', () => {
  test('is the sum over the count', () => {
    expect(mean([1, 2, 3, 4])).toBe(2.5);
    expect(mean([-0.5, 0.25])).toBe(-0.125);
    expect(mean([7])).toBe(7);
  });

  test('of nothing is null, never zero', () => {
    expect(mean([])).toBeNull();
  });
});

describe('median', () => {
  // https://en.wikipedia.org/wiki/Median, "Finite set of numbers"
  test('is the middle value, or the mean of the two middle ones', () => {
    expect(median([1, 3, 3, 6, 7, 8, 9])).toBe(6);
    expect(median([1, 2, 3, 4, 5, 6, 8, 9])).toBe(4.5);
  });

  test('sorts numbers as numbers', () => {
    expect(median([10, 9, 100])).toBe(10);
    expect(median([-1, -10, 2])).toBe(-1);
  });

  test('of nothing is null, never zero', () => {
    expect(median([])).toBeNull();
  });

  test('has as many values below it as above it, and leaves its input as it is', () => {
    fc.assert(
      fc.property(anyValues, (values) => {
        const middle = median(Object.freeze(values)) ?? Number.NaN;
        const below = values.filter((value) => value < middle).length;
        const above = values.filter((value) => value > middle).length;
        expect(Math.max(below, above)).toBeLessThanOrEqual(values.length / 2);
      }),
    );
  });
});

describe('wilson', () => {
  test.each([
    // Measured reference values of the project: DEPENDENCIES.md, "Small pieces".
    [11, 11, 0.741167, 1],
    [9, 11, 0.523019, 0.948632],
    // R. G. Newcombe, Two-sided confidence intervals for the single proportion, Statist. Med. 17 (1998), table I, method 3.
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
    // docs/architecture.md, "Facts to reproduce".
    [10, 11, 0.62, 0.98],
  ])('of %i in %i is from %d to %d', (successes, trials, low, high) => {
    const digits = decimals(high === 1 ? low : high);
    const [actualLow = Number.NaN, actualHigh = Number.NaN] = wilson(successes, trials) ?? [];
    expect(actualLow.toFixed(digits)).toBe(low.toFixed(digits));
    expect(actualHigh.toFixed(digits)).toBe(high.toFixed(digits));
  });

  // Without a bound these come out a hair below 0 and above 1 in floating point.
  test('ends at 0 and at 1', () => {
    expect(wilson(0, 21)?.[0]).toBe(0);
    expect(wilson(11, 11)?.[1]).toBe(1);
  });

  test('of no trials is null', () => {
    expect(wilson(0, 0)).toBeNull();
  });

  test('lies within 0 and 1, around the rate, and mirrors itself', () => {
    const counts = fc
      .integer({ min: 1, max: 2000 })
      .chain((n) => fc.tuple(fc.integer({ min: 0, max: n }), fc.constant(n)));
    fc.assert(
      fc.property(counts, ([successes, trials]) => {
        const [low = -1, high = 2] = wilson(successes, trials) ?? [];
        const [mirrorLow = -1, mirrorHigh = 2] = wilson(trials - successes, trials) ?? [];
        expect(low).toBeGreaterThanOrEqual(0);
        expect(high).toBeLessThanOrEqual(1);
        expect(low).toBeLessThanOrEqual(successes / trials + 1e-12);
        expect(high).toBeGreaterThanOrEqual(successes / trials - 1e-12);
        expect(1 - mirrorHigh).toBeCloseTo(low, 12);
        expect(1 - mirrorLow).toBeCloseTo(high, 12);
      }),
    );
  });
});

describe('binomialAtLeast', () => {
  test.each([
    // Measured reference value of the project: DEPENDENCIES.md, "Small pieces".
    [11, 11, 0.74, '0.0364375'],
    // The Newton–Pepys problem: at least 1, 2 or 3 sixes with 6, 12 or 18 dice.
    // https://en.wikipedia.org/wiki/Newton%E2%80%93Pepys_problem
    [1, 6, 1 / 6, '0.6651'],
    [2, 12, 1 / 6, '0.6187'],
    [3, 18, 1 / 6, '0.5973'],
    // Coins: 1 + 10 + 45 of 1024 ways have eight heads or more of ten.
    [8, 10, 0.5, '0.0546875'],
    [10, 10, 0.5, '0.0009765625'],
    // docs/architecture.md, "Facts to reproduce".
    [10, 11, 0.786, '0.28'],
  ])('%i or more of %i at %d has the chance %s', (successes, trials, rate, chance) => {
    expect(binomialAtLeast(successes, trials, rate).toFixed(decimals(chance))).toBe(chance);
  });

  test('zero or more is certain', () => {
    expect(binomialAtLeast(0, 11, 0.786)).toBeCloseTo(1, 12);
    expect(binomialAtLeast(0, 0, 0.5)).toBe(1);
  });

  test('knows rates of 0 and 1', () => {
    expect(binomialAtLeast(1, 3, 0)).toBe(0);
    expect(binomialAtLeast(0, 3, 0)).toBe(1);
    expect(binomialAtLeast(3, 3, 1)).toBe(1);
  });

  test('never says more than certain', () => {
    fc.assert(
      fc.property(fc.nat(60), fc.double({ min: 0, max: 1, noNaN: true }), (trials, rate) => {
        expect(binomialAtLeast(0, trials, rate)).toBeLessThanOrEqual(1);
      }),
    );
  });

  test.each([-0.1, 1.1, Number.NaN])('refuses a rate of %d', (rate) => {
    expect(() => binomialAtLeast(1, 2, rate)).toThrow(
      new RangeError(`binomialAtLeast requires a rate from 0 to 1, not ${rate}`),
    );
  });
});

test.each([
  [-1, 3],
  [4, 3],
  [1.5, 3],
  [1, 3.5],
  [Number.NaN, 3],
  [0, -1],
])('%d of %d is refused by name', (successes, trials) => {
  const told = `requires whole numbers with 0 <= successes <= trials, not ${successes} of ${trials}`;
  expect(() => wilson(successes, trials)).toThrow(new RangeError(`wilson ${told}`));
  expect(() => binomialAtLeast(successes, trials, 0.5)).toThrow(new RangeError(`binomialAtLeast ${told}`));
});

function decimals(value: number | string): number {
  return String(value).split('.')[1]?.length ?? 0;
}
