import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Close, roundClose, type Session } from '../../src/market/close.ts';
import { readCloses } from '../../src/market/csv.ts';
import { addMonths, toDate, toDay } from '../../src/market/session.ts';
import { detect, joinHistory } from '../../src/signal/first-record.ts';

fc.configureGlobal({ seed: 20250918 });

/** `closes('2023-01-03 100', …)`, frozen. */
function closes(...rows: string[]): readonly Close[] {
  return Object.freeze(rows.map((row) => Object.freeze({ session: row.slice(0, 10), close: Number(row.slice(11)) })));
}

/** Detects in the source's own closes, with the built-in rule of one year. */
function look(rows: readonly Close[], quietYears = 1) {
  return detect(Object.freeze({ closes: rows, sourceFrom: 0 }), quietYears);
}

/** The sessions of the events. */
function eventsOf(rows: readonly Close[], quietYears = 1): Session[] {
  return look(rows, quietYears).events.map(({ session }) => session);
}

describe('an event', () => {
  test('is a record close that ends a quiet period of over a year', () => {
    expect(look(closes('2021-11-08 2442.74', '2025-09-17 2407.34', '2025-09-18 2467.7')).events).toEqual([
      {
        session: '2025-09-18',
        close: 2467.7,
        previousRecord: { session: '2021-11-08', close: 2442.74 },
        quietSessions: 2,
      },
    ]);
  });

  test('is no close that only equals the record', () => {
    expect(eventsOf(closes('2021-11-08 100', '2025-09-17 100', '2025-09-18 100.01'))).toEqual(['2025-09-18']);
    expect(look(closes('2021-11-08 100', '2025-09-18 100')).state?.record.session).toBe('2021-11-08');
  });

  test('needs more than exactly one year: the same date is too early, a day later is not', () => {
    expect(eventsOf(closes('2023-05-16 100', '2024-05-16 101'))).toEqual([]);
    expect(eventsOf(closes('2023-05-16 100', '2024-05-17 101'))).toEqual(['2024-05-17']);
  });

  test('a year after 29 February is 28 February', () => {
    expect(eventsOf(closes('2024-02-29 100', '2025-02-28 101'))).toEqual([]);
    expect(eventsOf(closes('2024-02-29 100', '2025-03-03 101'))).toEqual(['2025-03-03']);
  });

  test('a year after 28 February is 28 February, in a leap year too', () => {
    expect(eventsOf(closes('2023-02-28 100', '2024-02-28 101'))).toEqual([]);
    expect(eventsOf(closes('2023-02-28 100', '2024-02-29 101'))).toEqual(['2024-02-29']);
  });

  test('is not the record close after it, which has a young record before it', () => {
    expect(eventsOf(closes('2021-11-08 100', '2025-09-18 101', '2025-09-19 102'))).toEqual(['2025-09-18']);
  });

  test('is not the first close, which has no record before it', () => {
    expect(eventsOf(closes('2021-11-08 100'))).toEqual([]);
    expect(eventsOf(closes('2021-11-08 100', '2021-11-09 101'))).toEqual([]);
  });

  test('follows the years of its rule', () => {
    const rows = closes('2021-11-08 100', '2023-11-08 101', '2025-11-10 102');
    expect(eventsOf(rows, 2)).toEqual(['2025-11-10']);
    expect(eventsOf(rows, 1)).toEqual(['2023-11-08', '2025-11-10']);
  });

  // A record during the day, 2442.03 at the close: FIELD.md, "Cases that make good tests".
  test('is not a day like 2024-11-25, without a record close', () => {
    const { events, state } = look(closes('2021-11-08 2442.74', '2024-11-22 2406.67', '2024-11-25 2442.03'));
    expect(events).toEqual([]);
    expect(state).toMatchObject({ state: 'armed', record: { session: '2021-11-08', close: 2442.74 } });
    expect(state?.toRecord).toBeCloseTo(0.000291, 6);
  });
});

describe('the state', () => {
  test('without any close is undefined', () => {
    expect(look([])).toEqual({ events: [], state: undefined });
  });

  test('at the only close has a record and no change', () => {
    expect(look(closes('2025-09-18 100')).state).toEqual({
      session: '2025-09-18',
      close: 100,
      change: null,
      record: { session: '2025-09-18', close: 100 },
      quietSessions: 0,
      state: 'recent record',
      toRecord: 0,
    });
  });

  test('is armed from the evening before the first session that lies over a year after the record', () => {
    const record = closes('2023-05-16 100');
    expect(look([...record, ...closes('2024-05-15 99')]).state?.state).toBe('recent record');
    expect(look([...record, ...closes('2024-05-16 99')]).state?.state).toBe('armed');
    expect(look([...record, ...closes('2024-05-17 99')]).state?.state).toBe('armed');
  });

  // Calendar of the New York Stock Exchange: 2023-07-01 and 02 were a weekend, 2019-09-02 was Labor Day.
  test('is armed before a weekend and a holiday that the anniversary falls on', () => {
    expect(look(closes('2022-07-01 100', '2023-06-29 99')).state?.state).toBe('recent record');
    expect(look(closes('2022-07-01 100', '2023-06-30 99')).state?.state).toBe('armed');
    expect(look(closes('2018-08-31 100', '2019-08-29 99')).state?.state).toBe('recent record');
    expect(look(closes('2018-08-31 100', '2019-08-30 99')).state?.state).toBe('armed');
  });

  // The first session at which a record would be an event comes next.
  test.for([
    ['1988-08-19', '1987-08-21', '1988-08-22'],
    ['2019-08-30', '2018-08-31', '2019-09-03'],
    ['2022-11-08', '2021-11-08', '2022-11-09'],
  ])('on %s, after the record of %s, is armed for %s', ([session = '', record = '', next = '']) => {
    const rows = closes(`${record} 100`, `${session} 99`);
    expect(look(rows).state?.state).toBe('armed');
    expect(eventsOf([...rows, ...closes(`${next} 101`)])).toEqual([next]);
  });

  test('is a recent record on the day of an event', () => {
    const { state } = look(closes('2021-11-08 2442.74', '2025-09-17 2407.34', '2025-09-18 2467.7'));
    expect(state).toMatchObject({ state: 'recent record', record: { session: '2025-09-18' }, quietSessions: 0 });
    expect(state?.toRecord).toBe(0);
    // The index rose 2.5% that day: docs/architecture.md, "Facts to reproduce".
    expect(state?.change).toBeCloseTo(0.025, 3);
  });

  test('tells how far the record is: 1.47% on 2025-09-17', () => {
    // docs/architecture.md, "Names that stay": toRecord = record / close − 1.
    const { state } = look(closes('2021-11-08 2442.74', '2025-09-16 2403.03', '2025-09-17 2407.34'));
    expect(state?.toRecord.toFixed(4)).toBe('0.0147');
    expect(state?.quietSessions).toBe(2);
  });
});

describe('the joined history', () => {
  const before = closes('1986-07-03 154.53', '1987-08-21 174.24', '1987-09-10 999');
  const source = closes('1987-09-10 168.97', '1987-09-11 170.54', '1989-07-31 174.5', '1991-10-16 182.84');

  test("is the records from before the source, then the source's own closes", () => {
    expect(joinHistory(before, '1987-09-10', source)).toEqual({
      closes: [...before.slice(0, 2), ...source],
      sourceFrom: 2,
    });
  });

  test('gives no session twice where the source begins earlier than it did', () => {
    const earlier = closes('1987-08-21 174.2', '1987-09-10 168.97');
    expect(joinHistory(before, '1987-09-10', earlier)).toEqual({
      closes: [...before.slice(0, 1), ...earlier],
      sourceFrom: 1,
    });
  });

  test('is the source alone where it begins later than the session that was joined at', () => {
    expect(joinHistory(before, '1987-09-10', source.slice(1))).toEqual({ closes: source.slice(1), sourceFrom: 0 });
  });

  test('is the source alone where nothing is to be joined', () => {
    expect(joinHistory(before, undefined, source)).toEqual({ closes: source, sourceFrom: 0 });
    expect(joinHistory(before, '1987-09-10', [])).toEqual({ closes: [], sourceFrom: 0 });
  });

  test('has no count of sessions where the previous record lies before the source', () => {
    const { events, state } = detect(joinHistory(before, '1987-09-10', source), 1);
    expect(events.map(({ session, quietSessions }) => [session, quietSessions])).toEqual([
      ['1987-08-21', null],
      ['1989-07-31', null],
      ['1991-10-16', 1],
    ]);
    expect(state?.quietSessions).toBe(0);
    expect(detect(joinHistory(before, '1987-09-10', source.slice(0, 2)), 1).state).toMatchObject({
      record: { session: '1987-08-21', close: 174.24 },
      quietSessions: null,
    });
  });
});

/** Some closes, some days to some months apart, that often repeat a value. */
const anyCloses = fc
  .array(fc.tuple(fc.integer({ min: 1, max: 250 }), fc.integer({ min: 90, max: 110 })), { maxLength: 40 })
  .map((steps) => {
    let day = toDay('1999-01-04');
    return steps.map(([days, close]): Close => {
      day += days;
      return Object.freeze({ session: toDate(day), close });
    });
  });

test('detection is what the definition says, each session judged with only what came before it', () => {
  fc.assert(
    fc.property(anyCloses, fc.constantFrom(1, 2), (rows, years) => {
      const { events, state } = detect(Object.freeze({ closes: Object.freeze(rows), sourceFrom: 0 }), years);
      const records = recordsOf(rows);
      const expected = records.flatMap((position, index) => {
        const previous = records[index - 1];
        const [close, record] = [rows[position], rows[previous ?? -1]];
        if (!close || !record || previous === undefined) return [];
        if (close.session <= addMonths(record.session, 12 * years)) return [];
        return [{ ...close, previousRecord: record, quietSessions: position - previous }];
      });
      expect(events).toEqual(expected);
      expect(state?.record).toEqual(rows[records.at(-1) ?? -1]);
      // Nothing that comes later changes what was found: the same events are found day by day.
      const daily = rows.flatMap(
        (_, index) => detect({ closes: rows.slice(0, index + 1), sourceFrom: 0 }, years).events,
      );
      expect(new Set(daily.map(({ session }) => session))).toEqual(new Set(events.map(({ session }) => session)));
    }),
  );
});

/** Positions of the record closes: every close against every earlier one. */
function recordsOf(rows: readonly Close[]): number[] {
  return [...rows.keys()].filter((position) => {
    return rows.slice(0, position).every((earlier) => earlier.close < (rows[position]?.close ?? 0));
  });
}

const ROOT = join(import.meta.dirname, '../..');
const MARKET_DATA = join(ROOT, '../shared/market-data');

describe('with the real closes of ^RUT', () => {
  const file = join(MARKET_DATA, '^RUT.csv');

  /** The joined history of all closes up to a date. */
  function history(until: Session) {
    const rows = readFileSync(file, 'utf8').trim().split('\n').slice(1);
    const all = rows.map((row) => ({ session: row.slice(0, 10), close: roundClose(Number(row.slice(11))) }));
    const before = readCloses(join(ROOT, 'data/before-yahoo.csv'));
    return joinHistory(
      before,
      '1987-09-10',
      all.filter(({ session }) => session <= until),
    );
  }

  test('the events, their previous records and the sessions between are those of docs/architecture.md', ({ skip }) => {
    skip(!existsSync(file), `${file} is not there: it is kept beside the project, not in it`);
    const { events } = detect(history('2025-12-31'), 1);
    const table = events.map(({ session, close, previousRecord, quietSessions }) =>
      [session, close.toFixed(2), previousRecord.close.toFixed(2), previousRecord.session, quietSessions ?? 'n/a'].join(
        ' ',
      ),
    );
    expect(table).toEqual([
      '1982-11-04 84.89 84.74 1981-06-15 n/a',
      '1985-12-12 126.79 126.35 1983-06-24 n/a',
      '1989-07-31 174.50 174.24 1987-08-21 n/a',
      '1991-10-16 182.84 180.78 1989-10-09 511',
      '1995-05-16 272.17 271.08 1994-03-18 292',
      '1999-12-29 497.01 491.41 1998-04-21 427',
      '2004-04-05 606.39 606.05 2000-03-09 1022',
      '2011-04-27 858.31 855.77 2007-07-13 955',
      '2013-01-02 873.42 865.29 2011-04-29 421',
      '2016-11-14 1298.60 1295.80 2015-06-23 353',
      '2020-11-13 1744.04 1740.75 2018-08-31 555',
      '2025-09-18 2467.70 2442.74 2021-11-08 968',
    ]);
  });

  test("with Yahoo's history alone the first event is on 2 June 1989", ({ skip }) => {
    skip(!existsSync(file), `${file} is not there: it is kept beside the project, not in it`);
    const { closes: all, sourceFrom } = history('2025-12-31');
    const [first, ...others] = detect({ closes: all.slice(sourceFrom), sourceFrom: 0 }, 1).events;
    expect(first?.session).toBe('1989-06-02');
    expect(others).toHaveLength(9);
  });

  test.for([
    ['1988-08-18', 'recent record', '1987-08-21'],
    ['1988-08-19', 'armed', '1987-08-21'],
    ['2019-08-29', 'recent record', '2018-08-31'],
    ['2019-08-30', 'armed', '2018-08-31'],
    ['2022-11-07', 'recent record', '2021-11-08'],
    ['2022-11-08', 'armed', '2021-11-08'],
    ['2024-11-25', 'armed', '2021-11-08'],
    ['2025-09-17', 'armed', '2021-11-08'],
    ['2025-09-18', 'recent record', '2025-09-18'],
  ])('on %s it is %s, with the record of %s', ([session = '', state, record], { skip }) => {
    skip(!existsSync(file), `${file} is not there: it is kept beside the project, not in it`);
    expect(detect(history(session), 1).state).toMatchObject({ session, state, record: { session: record } });
  });
});
