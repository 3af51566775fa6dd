import { describe, expect, test } from 'vitest';
import { toSeed, toSession, toYears } from '../../src/cli/options.ts';

describe('an option', () => {
  test.each([
    [toSession, '2025-09-18', '2025-09-18'],
    [toSeed, '0', 0],
    [toSeed, '999999999', 999_999_999],
    [toYears, '1', 1],
    [toYears, '20', 20],
  ])('%o takes %s', (parse, text, value) => {
    expect(parse(text)).toBe(value);
  });

  test.each([
    [toSession, '2025-02-29', "'2025-02-29' is not a date; allowed: YYYY-MM-DD."],
    [toSeed, '1000000000', 'Allowed: a whole number from 0 to 999999999.'],
    [toSeed, '-1', 'Allowed: a whole number from 0 to 999999999.'],
    [toYears, '0', 'Allowed: a whole number of years from 1 to 20.'],
    [toYears, '21', 'Allowed: a whole number of years from 1 to 20.'],
  ])('%o refuses %s', (parse, text, words) => {
    expect(() => parse(text)).toThrow(words);
  });
});
