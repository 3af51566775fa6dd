import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { roundClose } from '../../src/market/close.ts';
import { addMonths, daysBetween, isDate, toDate, toDay } from '../../src/market/session.ts';

fc.configureGlobal({ seed: 20250918 });

/** Dates from 1900-01-01 to 2199-12-31, as JavaScript's own calendar writes them. */
const anyDate = fc
  .integer({ min: Date.UTC(1900, 0, 1) / 86_400_000, max: Date.UTC(2199, 11, 31) / 86_400_000 })
  .map((day) => new Date(day * 86_400_000).toISOString().slice(0, 10));

describe('a date', () => {
  test.each(['1978-12-29', '1970-01-01', '2000-02-29', '2024-02-29', '2025-09-18', '9999-12-31'])('is %s', (text) => {
    expect(isDate(text)).toBe(true);
  });

  test.each([
    ['2025-02-29', 'no leap year'],
    ['1900-02-29', 'a century is none either'],
    ['2025-04-31', 'April has thirty days'],
    ['2025-13-01', 'no such month'],
    ['2025-00-10', 'no such month'],
    ['2025-09-00', 'no such day'],
    ['2025-9-18', 'a digit short'],
    ['25-09-18', 'a short year'],
    ['2025/09/18', 'other strokes'],
    ['09/18/2025', 'American'],
    ['2025-09-18T00:00', 'with a time'],
    [' 2025-09-18', 'with a blank'],
    ['2025-09-18\n', 'with a line end'],
    ['', 'empty'],
    ['null', 'a word'],
  ])('is not %j: %s', (text) => {
    expect(isDate(text)).toBe(false);
  });

  test('and its day number lead to each other', () => {
    fc.assert(
      fc.property(anyDate, (date) => {
        expect(isDate(date)).toBe(true);
        expect(toDate(toDay(date))).toBe(date);
        expect(toDay(date)).toBe(Date.parse(date) / 86_400_000);
      }),
    );
  });

  test('counts its days from 1970-01-01', () => {
    expect([toDay('1970-01-01'), toDay('1969-12-31'), toDay('2000-01-01')]).toEqual([0, -1, 10_957]);
  });
});

test('days between two dates are calendar days, negative backwards, and no clock change moves them', () => {
  expect(daysBetween('2025-09-18', '2025-09-19')).toBe(1);
  expect(daysBetween('2024-02-28', '2024-03-01')).toBe(2);
  expect(daysBetween('2025-03-08', '2025-03-10')).toBe(2);
  expect(daysBetween('2025-09-18', '2025-09-18')).toBe(0);
  expect(daysBetween('2025-09-18', '2024-09-18')).toBe(-365);
});

describe('calendar months later', () => {
  test.each([
    ['2025-09-18', 1, '2025-10-18'],
    ['2025-09-18', 12, '2026-09-18'],
    ['2025-09-18', 0, '2025-09-18'],
    ['2024-02-29', 12, '2025-02-28'],
    ['2024-02-29', 48, '2028-02-29'],
    ['2023-02-28', 12, '2024-02-28'],
    ['2025-01-31', 1, '2025-02-28'],
    ['2024-01-31', 1, '2024-02-29'],
    ['2000-01-31', 1, '2000-02-29'],
    ['2100-01-31', 1, '2100-02-28'],
    ['2025-01-31', 3, '2025-04-30'],
    ['2025-03-31', 3, '2025-06-30'],
    ['2025-08-31', 1, '2025-09-30'],
    ['2025-10-31', 1, '2025-11-30'],
    ['2025-11-30', 1, '2025-12-30'],
    ['2025-12-15', 1, '2026-01-15'],
    ['2025-11-30', 3, '2026-02-28'],
    ['1999-12-29', 12, '2000-12-29'],
    ['2025-01-15', -1, '2024-12-15'],
    ['2025-03-31', -1, '2025-02-28'],
    ['2025-01-15', -12, '2024-01-15'],
  ])('%s + %i is %s', (date, months, later) => {
    expect(addMonths(date, months)).toBe(later);
  });

  test('are the same day of the month, or the last that this month has', () => {
    fc.assert(
      fc.property(anyDate, fc.integer({ min: -600, max: 600 }), (date, months) => {
        const [year = 0, month = 0, day = 0] = date.split('-').map(Number);
        const lastOfMonth = new Date(Date.UTC(year, month + months, 0)).getUTCDate();
        const expected = new Date(Date.UTC(year, month - 1 + months, Math.min(day, lastOfMonth)));
        expect(addMonths(date, months)).toBe(expected.toISOString().slice(0, 10));
      }),
    );
  });
});

test('closes are rounded to two decimals, so that floats of single precision do not jitter', () => {
  expect(roundClose(2467.699951171875)).toBe(2467.7);
  expect(roundClose(2442.739990234375)).toBe(2442.74);
  expect(roundClose(Math.fround(606.39))).toBe(606.39);
  expect(roundClose(0.004)).toBe(0);
});
