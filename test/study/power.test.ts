import { expect, test } from 'vitest';
import { occasionsNeeded } from '../../src/study/power.ts';

// By SciPy 1.10.1: the smallest n whose critical count at 5% (binom.sf) is reached in 80% or more at the higher rate.
test.each([
  [0.5, 0.7, 37],
  [0.5, 0.9, 8],
  [0.786447107509268, 10 / 11, 59],
  [0.7, 1, 9],
  [0.78, 0.8, null],
  [0.8, 0.8, null],
  [0.9, 0.8, null],
])('to tell %d from %d', (base, rate, occasions) => {
  expect(occasionsNeeded(base, rate)).toBe(occasions);
});
