import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type Close, roundClose, type Session } from '../../src/market/close.ts';
import { readCloses } from '../../src/market/csv.ts';
import { joinHistory } from '../../src/signal/first-record.ts';
import type { Signal } from '../../src/signal/signal.ts';
import { study } from '../../src/study/study.ts';

const SIGNAL: Signal = Object.freeze({
  id: 'russell-2000',
  title: 'Russell 2000',
  index: '^RUT',
  benchmark: '^GSPC',
  quietYears: 1,
  horizons: Object.freeze([1, 12]),
});

/** `closes('2023-01-03 100', …)`, frozen: a study that changes its input fails. */
function closes(...rows: string[]): readonly Close[] {
  return Object.freeze(rows.map((row) => Object.freeze({ session: row.slice(0, 10), close: Number(row.slice(11)) })));
}

function look(index: readonly Close[], benchmark: readonly Close[], signal = SIGNAL) {
  return study(signal, Object.freeze({ closes: index, sourceFrom: 0 }), benchmark);
}

// Events on 2001-03-05 and 2003-03-05; 2000-01-03 and 2001-12-03 are records before them.
const INDEX = closes('2000-01-03 100', '2001-03-05 101', '2001-12-03 102', '2003-03-05 103', '2003-03-06 102');

describe('a study of two events', () => {
  const benchmark = closes(
    '2000-01-03 1000',
    '2001-03-05 1000',
    '2001-04-05 1100', // a month after the first event: +10%
    '2001-12-03 800', // −27.3% from the high before
    '2002-03-05 900', // a year after the first event: −10%
    '2003-03-05 500',
    '2003-04-04 600', // the last close before a month after the second event: +20%
    '2003-04-07 625',
  );
  const result = look(INDEX, benchmark);

  test('tells where it stands', () => {
    expect(result).toMatchObject({
      signal: 'russell-2000',
      asOf: '2003-03-06',
      span: { from: '2000-01-03', to: '2003-04-07' },
      record: { session: '2003-03-05', close: 103 },
    });
  });

  test('lists every event with its quiet period and what followed, null while it is not reached', () => {
    expect(result?.events).toEqual([
      {
        session: '2001-03-05',
        close: 101,
        previousRecord: { session: '2000-01-03', close: 100 },
        quietSessions: 1,
        quietDays: 427, // 363 to the end of 2000, then 31 + 28 + 5
        benchmarkClose: 1000,
        outcomes: { 1: expect.closeTo(0.1, 12), 12: expect.closeTo(-0.1, 12) },
        drawdown12: expect.closeTo(800 / 1100 - 1, 12),
      },
      {
        session: '2003-03-05',
        close: 103,
        previousRecord: { session: '2001-12-03', close: 102 },
        quietSessions: 1,
        quietDays: 457, // 28 to the end of 2001, 365, then 31 + 28 + 5
        benchmarkClose: 500,
        outcomes: { 1: expect.closeTo(0.2, 12), 12: null },
        drawdown12: null,
      },
    ]);
  });

  test('counts reached outcomes only, by horizon', () => {
    expect(result?.horizons[1]).toMatchObject({
      n: 2,
      up: 2,
      mean: expect.closeTo(0.15, 12),
      median: expect.closeTo(0.15, 12),
      min: expect.closeTo(0.1, 12),
      max: expect.closeTo(0.2, 12),
    });
    expect(result?.horizons[12]).toMatchObject({ n: 1, up: 0, mean: expect.closeTo(-0.1, 12), pValue: 1 });
  });

  test('compares them with all sessions of the span', () => {
    // A year after 2000-01-03 stands 1000 (0%), after 2001-03-05 900 (−10%), after 2001-04-05 900 (−18.2%), after
    // 2001-12-03 900 (+12.5%), after 2002-03-05 500 (−44.4%); the later ones are not reached. One of five is higher.
    expect(result?.horizons[12]).toMatchObject({
      baseN: 5,
      baseRate: 0.2,
      baseMean: expect.closeTo((0 - 0.1 - 2 / 11 + 0.125 - 4 / 9) / 5, 12),
      baseMedian: expect.closeTo(-0.1, 12),
    });
    // A month after, two of six are higher: +10% and +20%; the others stand where they stood.
    expect(result?.horizons[1]).toMatchObject({ baseN: 6, baseRate: 2 / 6, baseMean: expect.closeTo(0.05, 12) });
  });
});

test('compares them with the armed sessions of the span: over a year without a record, and none that day', () => {
  // Waits from 2001-01-04 to 2001-03-04, from 2002-12-04 to 2003-03-04, and from 2004-03-06 on, to the index's last close.
  const index = [...INDEX, ...closes('2004-06-01 90')];
  const benchmark = closes(
    '2000-01-03 1000', // a record: not armed
    '2001-01-03 1000', // a year later to the day: not armed yet
    '2001-01-04 1000', // armed, a year later 900: −10%
    '2001-03-05 1000', // the event itself: not armed
    '2002-01-04 900',
    '2002-12-04 500', // armed, a year later 600: +20%
    '2002-12-05 400', // armed, a year later 600: +50%
    '2003-03-05 500',
    '2003-12-04 600',
    '2004-03-08 600', // armed, a year later 630: +5%
    '2004-06-02 600', // the index has no close any more: not known to be armed
    '2005-03-08 630',
    '2005-06-02 600',
  );
  const result = look(index, benchmark);
  expect(result?.waits).toEqual([
    { from: '2001-01-04', to: '2001-03-04' },
    { from: '2002-12-04', to: '2003-03-04' },
    { from: '2004-03-06', to: '2004-06-01' },
  ]);
  expect(result?.horizons[12]).toMatchObject({
    armedN: 4,
    armedWaits: 3,
    armedRate: 3 / 4,
    armedMean: expect.closeTo((-0.1 + 0.2 + 0.5 + 0.05) / 4, 12),
    // Both events are reached: 1000 to 900, and 500 to 600, so one or more of two at 3/4.
    armedPValue: expect.closeTo(1 - 1 / 16, 12),
  });
  // On the evening of 2002-12-05 the second wait was known, and no outcome of it.
  const then = look(
    index.filter(({ session }) => session <= '2002-12-05'),
    benchmark.filter(({ session }) => session <= '2002-12-05'),
  );
  expect(then?.waits.at(-1)).toEqual({ from: '2001-01-04', to: '2001-03-04' });
  expect(then?.horizons[12]).toMatchObject({ armedN: 1, armedWaits: 1, armedRate: 0 });
});

describe('a study', () => {
  test('of an index without closes is undefined', () => {
    expect(look([], closes('2001-03-05 1000'))).toBeUndefined();
  });

  test('without a benchmark has events and no figures, never zeros', () => {
    const result = look(INDEX, []);
    expect(result?.events).toHaveLength(2);
    expect(result?.events[0]).toMatchObject({
      benchmarkClose: null,
      outcomes: { 1: null, 12: null },
      drawdown12: null,
    });
    expect(result?.span).toEqual({ from: '2000-01-03', to: '2003-03-06' });
    expect(result?.horizons[12]).toEqual({
      n: 0,
      up: 0,
      mean: null,
      median: null,
      min: null,
      max: null,
      wilson: null,
      baseRate: null,
      baseMean: null,
      baseMedian: null,
      baseN: 0,
      pValue: null,
      armedRate: null,
      armedMean: null,
      armedN: 0,
      armedWaits: 0,
      armedPValue: null,
    });
  });

  test("does not count as higher what only equals the event's close", () => {
    const flat = closes('2001-03-05 1000', '2002-03-05 1000');
    expect(look(INDEX, flat)?.horizons[12]).toMatchObject({ n: 1, up: 0, mean: 0, baseRate: 0, baseN: 1 });
  });

  test("starts from the benchmark's last close before an event's session that it lacks, once a later one is known", () => {
    const lacking = closes('2001-03-02 1000', '2001-03-06 1500', '2002-03-05 1200');
    expect(look(INDEX, lacking)?.events[0]).toMatchObject({
      benchmarkClose: 1000,
      outcomes: { 12: expect.closeTo(0.2, 12) },
    });
    expect(look(INDEX, lacking.slice(0, 1))?.events[0]).toMatchObject({ benchmarkClose: null, outcomes: { 12: null } });
  });

  test("counts the base rate from the index's first close on, not from the benchmark's", () => {
    const longer = closes('1990-01-02 1', '1991-01-02 1000', '2000-01-03 1000', '2001-01-03 1000');
    expect(look(INDEX, longer)?.horizons[12]).toMatchObject({ baseN: 1, baseMean: 0 });
  });

  test('has the horizons of its signal', () => {
    const result = look(INDEX, closes('2001-03-05 1000'), { ...SIGNAL, horizons: [3, 12] });
    expect(Object.keys(result?.horizons ?? {})).toEqual(['3', '12']);
    expect(Object.keys(result?.events[0]?.outcomes ?? {})).toEqual(['3', '12']);
  });

  test('tells mean from median', () => {
    const index = closes('2000-01-03 1', '2002-01-03 2', '2004-01-05 3', '2006-01-03 4');
    const after = [
      '2002-01-03 100',
      '2003-01-03 110',
      '2004-01-05 100',
      '2005-01-05 40',
      '2006-01-03 100',
      '2007-01-03 120',
    ];
    const year = look(index, closes(...after))?.horizons[12];
    // +10%, −60%, +20%
    expect(year).toMatchObject({ n: 3, up: 2, mean: expect.closeTo(-0.1, 12), median: expect.closeTo(0.1, 12) });
  });

  test('without events has the figures of any day, and no p', () => {
    const year = look(INDEX.slice(0, 1), closes('2000-01-03 1000', '2001-01-03 1100'))?.horizons[12];
    expect(year).toMatchObject({
      n: 0,
      mean: null,
      min: null,
      max: null,
      wilson: null,
      baseRate: 1,
      baseN: 1,
      pValue: null,
    });
  });

  test('follows the years of its signal', () => {
    expect(look(INDEX, [], { ...SIGNAL, quietYears: 2 })?.events).toEqual([]);
  });
});

const ROOT = join(import.meta.dirname, '../..');
const MARKET_DATA = join(ROOT, '../shared/market-data');
const FILES = ['^RUT', '^GSPC'].map((symbol) => join(MARKET_DATA, `${symbol}.csv`));

/** Every figure here stands in docs/architecture.md, "Facts to reproduce". */
describe('with the real closes', () => {
  const absent = FILES.filter((file) => !existsSync(file));
  const reason = `${absent.join(' and ')} not there: kept beside the project, not in it`;

  function real(until: Session) {
    const [index = [], benchmark = []] = FILES.map((file) => {
      const rows = readFileSync(file, 'utf8').trim().split('\n').slice(1);
      const all = rows.map((row) => ({ session: row.slice(0, 10), close: roundClose(Number(row.slice(11))) }));
      return all.filter(({ session }) => session <= until);
    });
    const history = joinHistory(readCloses(join(ROOT, 'data/before-yahoo.csv')), '1987-09-10', index);
    return study({ ...SIGNAL, horizons: [1, 3, 6, 12] }, history, benchmark);
  }

  test('the twelve events have their outcomes, one of them pending', ({ skip }) => {
    skip(absent.length > 0, reason);
    const table = real('2025-12-31')?.events.map(({ session, close, benchmarkClose, outcomes }) => {
      const outcome = outcomes[12] ?? null;
      return `${session} ${close.toFixed(2)} ${benchmarkClose?.toFixed(2)} ${outcome === null ? 'pending' : percent(outcome, 1)}`;
    });
    expect(table).toEqual([
      '1982-11-04 84.89 141.85 +14.5%',
      '1985-12-12 126.79 206.73 +19.6%',
      '1989-07-31 174.50 346.08 +2.9%',
      '1991-10-16 182.84 392.80 +4.8%',
      '1995-05-16 272.17 528.19 +25.9%',
      '1999-12-29 497.01 1463.46 −9.8%',
      '2004-04-05 606.39 1150.57 +2.7%',
      '2011-04-27 858.31 1355.66 +3.5%',
      '2013-01-02 873.42 1462.42 +25.3%',
      '2016-11-14 1298.60 2164.20 +19.2%',
      '2020-11-13 1744.04 3585.15 +30.6%',
      '2025-09-18 2467.70 6631.96 pending',
    ]);
  });

  test('the benchmark a year later stands where it stood', ({ skip }) => {
    skip(absent.length > 0, reason);
    const later = real('2025-12-31')?.events.map(({ benchmarkClose, outcomes }) =>
      roundClose((benchmarkClose ?? 0) * (1 + (outcomes[12] ?? Number.NaN))),
    );
    expect(later?.slice(0, -1)).toEqual([
      162.44, 247.35, 356.15, 411.73, 664.85, 1320.28, 1181.39, 1403.36, 1831.98, 2578.87, 4682.85,
    ]);
  });

  test('the benchmark was higher a year later in 10 of 11, at mean +12.66%, median +14.52%, −9.8% to +30.6%', ({
    skip,
  }) => {
    skip(absent.length > 0, reason);
    const year = real('2025-12-31')?.horizons[12];
    expect(year).toMatchObject({ n: 11, up: 10 });
    expect([year?.mean, year?.median].map((figure) => percent(figure, 2))).toEqual(['+12.66%', '+14.52%']);
    expect([year?.min, year?.max].map((figure) => percent(figure, 1))).toEqual(['−9.8%', '+30.6%']);
    expect(year?.wilson?.map((bound) => percent(bound, 0))).toEqual(['+62%', '+98%']);
  });

  test('any day did so in 78.6% of all sessions, at mean +10.6%, so that chance alone does it with p = 0.28', ({
    skip,
  }) => {
    skip(absent.length > 0, reason);
    const year = real('2025-12-31')?.horizons[12];
    expect(percent(year?.baseRate, 1)).toBe('+78.6%');
    expect(percent(year?.baseMean, 1)).toBe('+10.6%');
    expect(year?.pValue?.toFixed(2)).toBe('0.28');
  });

  test('any armed day did so in 88%, at mean +15.5%, so that chance alone does it with p = 0.63', ({ skip }) => {
    skip(absent.length > 0, reason);
    // pandas on the same files, written apart from this code (issue 18): 3,760 sessions of 12 waits.
    const year = real('2025-12-31')?.horizons[12];
    expect(year).toMatchObject({ armedN: 3760, armedWaits: 12 });
    expect(year?.armedRate).toBeCloseTo(0.8835106382978724, 12);
    expect(year?.armedMean).toBeCloseTo(0.1549345733392234, 8);
    expect(year?.armedPValue).toBeCloseTo(0.6274142695792291, 12);
  });

  test('on the day of the event of 2025 it was 78.5%, of the same eleven', ({ skip }) => {
    skip(absent.length > 0, reason);
    const result = real('2025-09-18');
    expect(result).toMatchObject({ asOf: '2025-09-18', span: { from: '1978-12-29', to: '2025-09-18' } });
    expect(result?.horizons[12]).toMatchObject({ n: 11, up: 10 });
    expect(percent(result?.horizons[12]?.baseRate, 1)).toBe('+78.5%');
  });

  test('the base rate counts every session from 1978-12-29 whose year is over', ({ skip }) => {
    skip(absent.length > 0, reason);
    // The year of a session is over when a close exists on or after the same date a year later: to 2024-12-31.
    const sessions = readFileSync(FILES[1] ?? '', 'utf8').match(/^\d{4}-\d\d-\d\d/gm) ?? [];
    expect(real('2025-12-31')?.horizons[12]?.baseN).toBe(sessions.filter((session) => session <= '2024-12-31').length);
  });

  test('the pending outcome of 2025 has those of its first months', ({ skip }) => {
    skip(absent.length > 0, reason);
    const newest = real('2025-12-31')?.events.at(-1);
    // 6664.01 on 2025-10-17 and 6774.76 on 2025-12-18, after 6631.96.
    expect(newest?.outcomes).toMatchObject({ 6: null, 12: null });
    expect([newest?.outcomes[1], newest?.outcomes[3]].map((figure) => percent(figure, 1))).toEqual(['+0.5%', '+2.2%']);
    expect(newest?.drawdown12).toBeNull();
  });
});

function percent(fraction: number | null | undefined, digits: number): string {
  if (fraction === null || fraction === undefined) return 'none';
  return `${fraction < 0 ? '−' : '+'}${Math.abs(fraction * 100).toFixed(digits)}%`;
}
