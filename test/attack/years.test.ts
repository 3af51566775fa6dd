import { expect, test } from 'vitest';
import { demoHistory, live } from './years.ts';

// Of the twenty years of `npm run faults -- --only years`, six weeks, with the event of 29 December 1999 in them.
test('a real daemon lives from round to round, and every message has its reason', { timeout: 600_000 }, async () => {
  const span = { history: await demoHistory(), from: '1999-12-20', to: '2000-02-01', everyHours: 12, bot: false };
  const { kinds, ends } = await live(span);
  expect(kinds).toEqual([
    { kind: 'alerts', expected: 7, arrived: 7, lost: [], copies: 0, marked: 0, unexplained: [] },
    { kind: 'corrections and retractions', expected: 0, arrived: 0, lost: [], copies: 0, marked: 0, unexplained: [] },
    { kind: 'reminders', expected: 7, arrived: 7, lost: [], copies: 0, marked: 0, unexplained: [] },
    { kind: 'follow-ups', expected: 7, arrived: 7, lost: [], copies: 0, marked: 0, unexplained: [] },
    { kind: 'digests', expected: 12, arrived: 12, lost: [], copies: 0, marked: 0, unexplained: [] },
    { kind: 'drills', expected: 7, arrived: 7, lost: [], copies: 0, marked: 0, unexplained: [] },
    { kind: 'warnings and all-clears', expected: 0, arrived: 0, lost: [], copies: 0, marked: 0, unexplained: [] },
  ]);
  expect(ends.map(({ year }) => year)).toEqual(['1999', '2000']);
});
