import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Close, Session } from '../../src/market/close.ts';
import { addMonths, toDate, toDay } from '../../src/market/session.ts';
import { entryPosition, exitPosition, lastOnOrBefore, outcome, outcomesByHorizon } from '../../src/study/outcomes.ts';

const outcomesOfAllSessions = (closes: readonly Close[], from: Session, months: number) =>
  outcomesByHorizon(closes, from, [months])[0] ?? new Float64Array();

fc.configureGlobal({ seed: 20250918 });

const FIRST_DAY = toDay('2023-11-01');

const anyDate = fc.integer({ min: FIRST_DAY - 40, max: FIRST_DAY + 500 }).map(toDate);

const anyMonths = fc.constantFrom(1, 3, 6, 12);

/** Ascending closes with gaps of some days to some months between them, over a 29 February. */
const anyCloses = fc
  .array(
    fc.record({ day: fc.integer({ min: FIRST_DAY, max: FIRST_DAY + 460 }), close: fc.integer({ min: 1, max: 99 }) }),
    {
      maxLength: 60,
    },
  )
  .map((rows) => {
    const byDay = new Map(rows.map(({ day, close }) => [day, close]));
    const days = [...byDay.keys()].sort((a, b) => a - b);
    return Object.freeze(days.map((day): Close => Object.freeze({ session: toDate(day), close: byDay.get(day) ?? 0 })));
  });

/** 18 September 2025 to 2 October, with 22 and 23 September missing. */
const SEPTEMBER = [
  { session: '2025-09-18', close: 100 },
  { session: '2025-09-19', close: 110 },
  { session: '2025-09-24', close: 90 },
  { session: '2025-10-17', close: 120 },
  { session: '2025-10-20', close: 130 },
];

describe('the last close on or before a date', () => {
  test('is the one that a look from the end finds', () => {
    fc.assert(
      fc.property(anyCloses, anyDate, (closes, date) => {
        expect(lastOnOrBefore(closes, date)).toBe(closes.findLastIndex(({ session }) => session <= date));
      }),
    );
  });
});

describe('the entry', () => {
  test("is the benchmark's close of the event's session", () => {
    expect(entryPosition(SEPTEMBER, '2025-09-19')).toBe(1);
    expect(entryPosition(SEPTEMBER, '2025-10-20')).toBe(4);
  });

  test('is its last close before where it has none of that session, once a later one is known', () => {
    expect(entryPosition(SEPTEMBER, '2025-09-22')).toBe(1);
    expect(entryPosition(SEPTEMBER.slice(0, 2), '2025-09-22')).toBe(-1);
  });

  test('is unknown where there is no close before', () => {
    expect(entryPosition(SEPTEMBER, '2025-09-17')).toBe(-1);
    expect(entryPosition([], '2025-09-17')).toBe(-1);
  });

  test('is what the definition says', () => {
    fc.assert(
      fc.property(anyCloses, anyDate, (closes, session) => {
        expect(entryPosition(closes, session)).toBe(plainEntry(closes, session));
      }),
    );
  });
});

describe('the exit', () => {
  test('is the close on the very day', () => {
    expect(exitPosition(SEPTEMBER, '2025-09-17', 1)).toBe(3);
  });

  test('is the last close before a day without one, once a later close is known', () => {
    expect(exitPosition(SEPTEMBER, '2025-09-18', 1)).toBe(3);
    expect(exitPosition(SEPTEMBER.slice(0, 4), '2025-09-18', 1)).toBe(-1);
  });

  test('is pending until then, and without any close', () => {
    expect(exitPosition(SEPTEMBER, '2025-09-18', 3)).toBe(-1);
    expect(exitPosition([], '2025-09-18', 1)).toBe(-1);
  });

  test('a year after 29 February is 28 February', () => {
    const closes = ['2024-02-29', '2025-02-27', '2025-02-28', '2025-03-03'].map((session) => ({ session, close: 1 }));
    expect(exitPosition(closes, '2024-02-29', 12)).toBe(2);
    expect(exitPosition(closes.slice(0, 3), '2024-02-29', 12)).toBe(2);
  });

  test('is what the definition says', () => {
    fc.assert(
      fc.property(anyCloses, anyDate, anyMonths, (closes, session, months) => {
        expect(exitPosition(closes, session, months)).toBe(plainExit(closes, session, months));
      }),
    );
  });
});

describe('the outcome', () => {
  test('is the return as a fraction', () => {
    expect(outcome(SEPTEMBER, 0, 1)).toBeCloseTo(0.1, 12);
    expect(outcome(SEPTEMBER, 0, 2)).toBeCloseTo(-0.1, 12);
    expect(outcome(SEPTEMBER, 1, 1)).toBe(0);
  });

  test('is null while one end is missing, never zero', () => {
    expect(outcome(SEPTEMBER, -1, 2)).toBeNull();
    expect(outcome(SEPTEMBER, 0, -1)).toBeNull();
  });

  test('after the event of 2016 is +19.2%', () => {
    // docs/architecture.md, "Facts to reproduce": 2164.20 on 2016-11-14, 2578.87 a year later; 2017-11-14 was a session.
    const closes = [
      { session: '2016-11-14', close: 2164.2 },
      { session: '2017-11-14', close: 2578.87 },
      { session: '2017-11-15', close: 2564.62 },
    ];
    const entry = entryPosition(closes, '2016-11-14');
    expect(outcome(closes, entry, exitPosition(closes, '2016-11-14', 12))?.toFixed(3)).toBe('0.192');
  });
});

describe('the outcomes of all sessions', () => {
  test('are those of every session whose outcome is reached', () => {
    // Only 18 and 19 September have a close on or after a month later; 17 October and 17 October end them.
    expect([...outcomesOfAllSessions(SEPTEMBER, '1978-12-29', 1)]).toEqual([120 / 100 - 1, 120 / 110 - 1]);
  });

  test('count a year that ends on the very last session', () => {
    const closes = ['2025-09-17 100', '2025-09-19 80', '2025-10-17 110'].map((row) => ({
      session: row.slice(0, 10),
      close: Number(row.slice(11)),
    }));
    expect([...outcomesOfAllSessions(closes, '1978-12-29', 1)]).toEqual([110 / 100 - 1]);
  });

  test('begin with the span', () => {
    expect([...outcomesOfAllSessions(SEPTEMBER, '2025-09-19', 1)]).toEqual([120 / 110 - 1]);
    expect(outcomesOfAllSessions(SEPTEMBER, '2025-09-20', 1)).toHaveLength(0);
  });

  test('are none without closes', () => {
    expect(outcomesOfAllSessions([], '1978-12-29', 12)).toHaveLength(0);
  });

  test('are what the definition says', () => {
    fc.assert(
      fc.property(anyCloses, anyDate, anyMonths, (closes, from, months) => {
        const expected = closes.flatMap(({ session }, position) => {
          const exit = plainExit(closes, session, months);
          return session < from || exit < 0 ? [] : [(closes[exit]?.close ?? 0) / (closes[position]?.close ?? 0) - 1];
        });
        expect([...outcomesOfAllSessions(closes, from, months)]).toEqual(expected);
      }),
    );
  });
});

function plainEntry(closes: readonly Close[], session: Session): number {
  const own = closes.findIndex((close) => close.session === session);
  if (own >= 0) return own;
  const laterIsKnown = closes.some((close) => close.session > session);
  return laterIsKnown ? closes.filter((close) => close.session < session).length - 1 : -1;
}

function plainExit(closes: readonly Close[], session: Session, months: number): number {
  const day = addMonths(session, months);
  const reached = closes.some((close) => close.session >= day);
  return reached ? closes.filter((close) => close.session <= day).length - 1 : -1;
}
