import { expect, test } from 'vitest';
import { quietShare } from '../../src/dashboard/state-gauges.ts';

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
