import { describe, expect, test } from 'vitest';
import {
  calendarTime,
  capital,
  change,
  count,
  date,
  horizon,
  instant,
  list,
  longDate,
  plural,
  points,
  probability,
  share,
} from '../../src/message/format.ts';

test.each([
  [40.32, '40.32'],
  [606.1, '606.10'],
  [999.999, '1,000.00'],
  [2467.7, '2,467.70'],
  [1_234_567, '1,234,567.00'],
  [1.0837, '1.0837'],
  [0.85831, '0.85831'],
  [2.4677, '2.4677'],
  [1.08, '1.08'],
  [40.32, '40.32'],
  // No more than six digits: the rest would be noise.
  [40.319329086364, '40.3193'],
  [0.0012345678, '0.00123457'],
])('points of %d are %s', (close, text) => {
  expect(points(close)).toBe(text);
});

test.each([
  [0, '0'],
  [999, '999'],
  [1000, '1,000'],
  [11_523, '11,523'],
  [1_234_567, '1,234,567'],
])('a count of %d is %s', (value, text) => {
  expect(count(value)).toBe(text);
});

describe('a change', () => {
  test.each([
    [0.1452, 1, '+14.5%'],
    [0.0251, 2, '+2.51%'],
    [-0.098, 1, '\u22129.8%'],
    [-1, 1, '\u2212100.0%'],
    [0, 1, '0.0%'],
    [-0, 1, '0.0%'],
    [0.0004, 1, '0.0%'],
    [-0.0004, 1, '0.0%'],
    [-0.0006, 1, '\u22120.1%'],
    [-0.00004, 2, '0.00%'],
  ])('of %d with %d decimals is %s', (fraction, digits, text) => {
    expect(change(fraction, digits)).toBe(text);
  });

  test('has one decimal unless told otherwise, and never a hyphen for a minus', () => {
    expect(change(-0.12345)).toBe('−12.3%');
  });
});

test('a share has no sign and no decimals unless told otherwise', () => {
  expect([share(10 / 11), share(0.785, 1), share(0), share(1)]).toEqual(['91%', '78.5%', '0%', '100%']);
});

test.each([
  [0.28, '0.28'],
  [1, '1.00'],
  [0.1, '0.10'],
  [0.0499, '0.050'],
  [0.0364, '0.036'],
  [0.001, '0.001'],
  [0.000999, '<0.001'],
  [0, '<0.001'],
])('a probability of %d is %s', (p, text) => {
  expect(probability(p)).toBe(text);
});

test.each([
  ['2025-09-18', '18 Sep 2025', 'Thursday, 18 Sep 2025'],
  ['1978-12-29', '29 Dec 1978', 'Friday, 29 Dec 1978'],
  ['1970-01-01', '1 Jan 1970', 'Thursday, 1 Jan 1970'],
  ['1969-12-31', '31 Dec 1969', 'Wednesday, 31 Dec 1969'],
  ['2024-02-29', '29 Feb 2024', 'Thursday, 29 Feb 2024'],
])('%s is written %s, long %s', (session, short, long) => {
  expect([date(session), longDate(session)]).toEqual([short, long]);
});

test.each([
  ['2025-09-18T20:45:00Z', '18 Sep 2025, 16:45 New York'],
  ['2026-01-15T21:45:00Z', '15 Jan 2026, 16:45 New York'],
  // The same evening in New York, though the next day in UTC.
  ['2025-09-19T03:59:00Z', '18 Sep 2025, 23:59 New York'],
  ['2025-09-19T04:00:00Z', '19 Sep 2025, 00:00 New York'],
  ['2026-01-16T04:59:00Z', '15 Jan 2026, 23:59 New York'],
])('the instant %s is %s', (iso, text) => {
  expect(instant(Date.parse(iso))).toBe(text);
});

test.each([
  ['2021-11-08', '2025-09-18', '3 years, 10 months and 10 days'],
  ['2020-01-01', '2021-01-01', '1 year'],
  ['2020-01-01', '2021-01-02', '1 year and 1 day'],
  ['2020-01-15', '2021-02-15', '1 year and 1 month'],
  ['2024-02-29', '2025-02-28', '1 year'],
  ['2024-02-29', '2025-03-01', '1 year and 1 day'],
  ['2025-01-31', '2025-02-28', '1 month'],
  ['2025-12-30', '2026-01-02', '3 days'],
  ['2025-01-01', '2025-01-01', '0 days'],
])('from %s to %s it is %s', (from, to, words) => {
  expect(calendarTime(from, to)).toBe(words);
});

test('nouns follow their count, horizons are months', () => {
  expect([plural(1, 'session'), plural(968, 'session'), plural(1022, 'day'), plural(0, 'day')]).toEqual([
    '1 session',
    '968 sessions',
    '1,022 days',
    '0 days',
  ]);
  expect([horizon(1), horizon(12)]).toEqual(['1 month', '12 months']);
});

test('lists end with "and"', () => {
  expect([list([]), list(['a']), list(['a', 'b']), list(['a', 'b', 'c'])]).toEqual(['', 'a', 'a and b', 'a, b and c']);
});

test('a sentence begins with a capital', () => {
  expect([capital('the S&P 500'), capital('')]).toEqual(['The S&P 500', '']);
});
