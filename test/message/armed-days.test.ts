import { expect, test } from 'vitest';
import { armedDays, recordAgainstWait } from '../../src/message/armed-days.ts';
import { NOTHING_KNOWN, STATISTICS } from '../support/examples.ts';

/** The figures of 2025, by pandas (issue 18). */
const YEAR = {
  ...STATISTICS,
  n: 11,
  up: 10,
  armedRate: 0.8835,
  armedMean: 0.1549,
  armedN: 3760,
  armedWaits: 12,
  armedPValue: 0.6274,
};

test('tells what armed days brought, and in how many waits', () => {
  expect(armedDays('S&P 500', YEAR)).toBe(
    'Bought on any of the 3,760 days in the 12 waits for such a record, the S&P 500 was higher a year later in 88%: mean +15.5%.',
  );
  expect(armedDays('S&P 500', { ...YEAR, armedN: 40, armedWaits: 1 })).toContain(
    'any of the 40 days in the 1 wait for',
  );
  expect(armedDays('S&P 500', NOTHING_KNOWN)).toBeUndefined();
});

test.each([
  [
    'that the edge belongs to the wait',
    {},
    'The edge belongs to the wait; the record adds nothing visible: eleven armed days picked at random do as well in 63 of 100 tries.',
  ],
  [
    'that the record is no better',
    { up: 9, armedPValue: 0.88 },
    'Whatever edge there is belongs to the wait, not to the record: eleven armed days picked at random do as well in 88 of 100 tries.',
  ],
  [
    'that the record may add something',
    { up: 11, armedRate: 0.7, armedPValue: 0.0198 },
    'The record seems to add something to the wait, from few occasions: eleven armed days picked at random do as well in 20 of 1,000 tries.',
  ],
])('says %s', (_, figures, words) => {
  const said = recordAgainstWait({ ...YEAR, ...figures });
  expect(said).toContain(words);
  expect(said).toContain('The days of one wait overlap heavily, so they say little more than 12 waits.');
});

test('says nothing of the record while no outcome is known', () => {
  expect(recordAgainstWait(NOTHING_KNOWN)).toBeUndefined();
  expect(recordAgainstWait({ ...YEAR, n: 0, up: 0, armedPValue: null })).toBeUndefined();
});
