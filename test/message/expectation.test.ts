import { expect, test } from 'vitest';
import { bestGuess, fallInside, occasionsToKnow } from '../../src/message/expectation.ts';
import type { Expectation } from '../../src/study/expectation.ts';
import { STATISTICS } from '../support/examples.ts';

/** As of the end of 2025 (issue 18). */
const YEAR = { ...STATISTICS, n: 11, up: 10, mean: 0.1266, baseRate: 0.7864, baseMean: 0.1059, baseN: 11_599 };
const EXPECTATION: Expectation = {
  rate: [0.8101, 0.8478],
  mean: [0.1099, 0.1163],
  priorYears: [11, 46],
  neededOccasions: 59,
  neededYears: 247,
  drawdown: { n: 11, median: -0.07055, past: 0, baseN: 11_599, baseMedian: -0.1023, basePast: 0.1507, deep: -0.2 },
};

test('says in one line what to expect, and from which prior', () => {
  expect(bestGuess(YEAR, EXPECTATION)).toBe(
    'Best guess for next time: higher a year later in 81 to 85%, mean +11.0% to +11.6%. That is 11 occasions, shrunk ' +
      'towards any day (79%, mean +10.6%), which counts as 11 to 46 independent years.',
  );
  const one = { ...EXPECTATION, rate: [0.9, 0.9], mean: [0.1, 0.1], priorYears: [1, 1] } as const;
  expect(bestGuess({ ...YEAR, n: 1, up: 1 }, one)).toBe(
    'Best guess for next time: higher a year later in 90%, mean +10.0%. That is 1 occasion, shrunk towards any day ' +
      '(79%, mean +10.6%), which counts as 1 independent year.',
  );
});

test('says how many occasions it would take to know', () => {
  expect(occasionsToKnow(YEAR, EXPECTATION)).toBe('To tell 91% from 79% takes about 59 occasions: some 250 years.');
  expect(occasionsToKnow(YEAR, { ...EXPECTATION, neededOccasions: null, neededYears: null })).toBe(
    'No number of occasions that anybody lives to see would tell 91% from 79%.',
  );
  expect(occasionsToKnow({ ...YEAR, up: 8 }, EXPECTATION)).toBeUndefined();
});

test('compares the fall inside the year with any day', () => {
  expect(fallInside(EXPECTATION)).toBe(
    'Deepest fall inside the year: median −7.1% (any day: −10.2%); past −20%: none of 11 (any day: 15%).',
  );
  expect(fallInside({ ...EXPECTATION, drawdown: null })).toBeUndefined();
});
