import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { type Facts, RECORD_BEFORE, RUSSELL_2000, SP_500 } from '../../src/demo/facts.ts';
import { type Close, roundClose, type Session } from '../../src/market/close.ts';
import { isTradingDay, previousSession } from '../../src/market/new-york.ts';
import { addMonths } from '../../src/market/session.ts';

const REAL_CLOSES = new URL('../../../shared/market-data/', import.meta.url);

describe.each([
  { symbol: '^RUT', facts: RUSSELL_2000, first: '1987-09-10', sessions: 9_651 },
  { symbol: '^GSPC', facts: SP_500, first: '1978-12-29', sessions: 11_849 },
])('the published closes of $symbol', ({ symbol, facts, first, sessions }) => {
  const file = new URL(`${encodeURIComponent(symbol)}.csv`, REAL_CLOSES);

  test('are of ascending sessions, the last one of every month among them', () => {
    const published = facts.closes.map(({ session }) => session);
    expect(published).toEqual([...new Set(published)].toSorted());
    expect(published.filter((session) => !isTradingDay(session))).toEqual([]);
    expect([published[0], published.at(-1)]).toEqual([first, '2025-12-31']);
    for (let month = first.slice(0, 7); month <= '2025-12'; month = addMonths(`${month}-01`, 1).slice(0, 7)) {
      expect(published).toContain(previousSession(addMonths(`${month}-01`, 1)));
    }
  });

  test('are one of sixteen', () => {
    expect(sessions / facts.closes.length).toBeGreaterThan(14);
  });

  test('are the real ones, and so are the sizes of the daily moves', ({ skip }) => {
    skip(!existsSync(file), `there are no real closes in ${REAL_CLOSES.pathname}`);
    const real = readReal(file);
    const closes = new Map(real.map(({ session, close }) => [session, roundClose(close)]));
    expect(facts.closes.filter(({ session, close }) => closes.get(session) !== close)).toEqual([]);
    const moves = Map.groupBy(real.slice(1).keys(), (before) => real[before + 1]?.session.slice(0, 7) ?? '');
    for (const [month, days] of moves) {
      const squares = days.map((day) => Math.log((real[day + 1]?.close ?? 0) / (real[day]?.close ?? 0)) ** 2);
      const size = Math.sqrt(squares.reduce((a, b) => a + b) / squares.length);
      expect(Math.abs((facts.moves.get(month) ?? 0) - size), month).toBeLessThan(0.000_06);
    }
    expect(facts.moves.size).toBe(moves.size);
  });
});

test('the quiet periods of over three months between published records are the real ones', ({ skip }) => {
  const file = new URL(`${encodeURIComponent('^RUT')}.csv`, REAL_CLOSES);
  skip(!existsSync(file), `there are no real closes in ${REAL_CLOSES.pathname}`);
  const real = readReal(file).map(({ session, close }) => ({ session, close: roundClose(close) }));
  for (const before of [[], [RECORD_BEFORE]]) {
    expect(quietPeriods([...before, ...RUSSELL_2000.closes])).toEqual(quietPeriods([...before, ...real]));
  }
});

function quietPeriods(closes: Facts['closes']): [Session, Session][] {
  const records = closes.filter(({ close }, at) => closes.slice(0, at).every((earlier) => earlier.close < close));
  return records.slice(1).flatMap(({ session }, at): [Session, Session][] => {
    const last = records[at]?.session ?? '';
    return session > addMonths(last, 3) ? [[last, session]] : [];
  });
}

function readReal(file: URL): Close[] {
  const [, ...rows] = readFileSync(file, 'utf8').trim().split('\n');
  return rows.map((row) => {
    const [session = '', close] = row.split(',');
    return { session, close: Number(close) };
  });
}
