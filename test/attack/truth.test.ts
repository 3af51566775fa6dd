import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { NO_MARKET_DATA } from '../support/examples.ts';
import { eventsOf, firstOfQuarters, lastOfWeeks, monthsAfter } from './truth.ts';
import { realHistory } from './years.ts';

test('the rule written anew finds the events of the article in the real closes', ({ skip }) => {
  const history = realHistory();
  if (history === undefined) return skip(NO_MARKET_DATA);
  const before = readFileSync(join(import.meta.dirname, '../../data/before-yahoo.csv'), 'utf8')
    .trim()
    .split('\n')
    .slice(1)
    .map((row) => ({ session: row.split(',')[0] ?? '', close: Number(row.split(',')[1]) }));
  // docs/architecture.md, "Facts to reproduce".
  expect(eventsOf([...before, ...(history['^RUT'] ?? [])])).toEqual([
    '1982-11-04',
    '1985-12-12',
    '1989-07-31',
    '1991-10-16',
    '1995-05-16',
    '1999-12-29',
    '2004-04-05',
    '2011-04-27',
    '2013-01-02',
    '2016-11-14',
    '2020-11-13',
    '2025-09-18',
  ]);
});

test('months, weeks and quarters are those of the calendar', () => {
  expect(monthsAfter('2024-02-29', 12)).toBe('2025-02-28');
  expect(monthsAfter('1999-12-29', 3)).toBe('2000-03-29');
  expect(monthsAfter('2025-08-31', 6)).toBe('2026-02-28');
  // Thanksgiving, Christmas on a Thursday, the new year.
  const sessions = ['2025-11-26', '2025-11-28', '2025-12-01', '2025-12-24', '2025-12-26', '2025-12-31', '2026-01-02'];
  expect(lastOfWeeks(sessions)).toEqual(['2025-11-28', '2025-12-01', '2025-12-26']);
  expect(firstOfQuarters(sessions)).toEqual(['2026-01-02']);
});
