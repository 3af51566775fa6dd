import { expect, test } from 'vitest';
import { quietShare, recordGauge, yearGauge } from '../../src/dashboard/gauges.ts';
import type { Standing } from '../../src/dashboard/standing.ts';
import { occasionWithoutBenchmark, smallOccasion } from '../support/examples.ts';

test('the day it arms stands at four fifths until quiet time is longer than that', () => {
  // 400 days to the day it arms, and a quarter of them beyond it.
  const [from, armed] = ['2020-01-01', '2021-02-04'];
  expect(quietShare(from, '2020-01-01', armed)).toEqual({ value: 0, mark: 0.8 });
  expect(quietShare(from, '2020-07-19', armed)).toEqual({ value: 0.4, mark: 0.8 });
  expect(quietShare(from, '2021-05-15', armed)).toEqual({ value: 1, mark: 0.8 });
});

test('a longer quiet time fills the scale, and the day it armed moves back', () => {
  // Twice 400 days.
  expect(quietShare('2020-01-01', '2022-03-11', '2021-02-04')).toEqual({ value: 1, mark: 0.5 });
});

/** As `standing` has it, as far as the bars look at it. */
function standing(close: number, low: number, record = 855.77): Standing {
  const { study } = smallOccasion();
  return {
    study,
    low: { session: '2009-03-09', close: low },
    state: {
      session: '2009-03-09',
      close,
      record: { session: '2007-07-13', close: record },
      toRecord: record / close - 1,
    },
  } as Standing;
}

test('at the low since the record the bar is as long as the close is high, and says what it means', () => {
  expect(recordGauge(standing(343.26, 343.26))).toEqual({
    title: 'Close as a share of the record',
    text: '40.1%',
    value: 343.26 / 855.77,
    mark: 343.26 / 855.77,
    from: 'the lowest since the record',
    to: 'record',
  });
});

test('between low and record the low is a mark; nothing but the record itself is 100%', () => {
  expect(recordGauge(standing(855.7, 343.26))).toMatchObject({
    text: '99.9%',
    from: 'mark: 40.1%, the low of 9 Mar 2009',
  });
  expect(recordGauge(standing(855.77, 855.77))).toMatchObject({ text: '100.0%', mark: undefined, from: '' });
});

test('higher a year later is shown beside any day, or not at all', () => {
  // Of the example: 2 of 3, any day 60.5%.
  expect(yearGauge(standing(1, 1))).toMatchObject({ text: '67%', value: 2 / 3, mark: 0.605, to: 'mark: any day, 61%' });
  const { study } = occasionWithoutBenchmark();
  expect(yearGauge({ ...standing(1, 1), study })).toBeUndefined();
});
