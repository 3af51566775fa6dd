import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readMonthlyDividends } from '../../src/market/monthly-dividends.ts';
import { temporaryFolder } from '../support/temporary.ts';

function file(text: string): string {
  const path = join(temporaryFolder(), 'dividends.csv');
  writeFileSync(path, text);
  return path;
}

test('reads dividends by month, below lines that say where they come from', () => {
  const months = readMonthlyDividends(file('# Source: a book.\n\nmonth,dividend\r\n1978-12,5.07\n1979-01,0\n'));
  expect([...months]).toEqual([
    ['1978-12', 5.07],
    ['1979-01', 0],
  ]);
});

test('the file of the package has every month from December 1978 to January 1988, with its source', () => {
  const months = readMonthlyDividends(join(import.meta.dirname, '../../data/dividends-1978-1988.csv'));
  expect(months.size).toBe(110);
  // Robert Shiller's data: 5.07 at the end of 1978, 6.87 at the end of 1982, 8.81 at the end of 1987.
  expect(['1978-12', '1982-12', '1987-12'].map((month) => months.get(month))).toEqual([5.07, 6.87, 8.81]);
});

test.each([
  ['date,dividend\n1978-12,5', "the first line is 'date,dividend'; it must be month,dividend"],
  ['', "the first line is ''; it must be month,dividend"],
  ['month,dividend\n1978-13,5', "line 2: '1978-13' is not a month; allowed: YYYY-MM"],
  ['# x\nmonth,dividend\n1978-12,-5', "line 3: '-5' is not a dividend; allowed: a number from 0, index points a year"],
  ['month,dividend\n1978-12,', "line 2: '' is not a dividend"],
  ['month,dividend\n1978-12', "line 2: '' is not a dividend"],
])('refuses %j', (text, words) => {
  expect(() => readMonthlyDividends(file(text))).toThrow(words);
});
