import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { RUSSELL_2000, SP_500 } from '../../src/demo/facts.ts';
import { roundClose } from '../../src/market/close.ts';
import { isTradingDay } from '../../src/market/new-york.ts';

const REAL_CLOSES = new URL('../../../shared/market-data/', import.meta.url);

describe.each([
  { symbol: '^RUT', published: RUSSELL_2000 },
  { symbol: '^GSPC', published: SP_500 },
])('the published closes of $symbol', ({ symbol, published }) => {
  const file = new URL(`${encodeURIComponent(symbol)}.csv`, REAL_CLOSES);

  test('are of ascending sessions', () => {
    const sessions = Object.keys(published);
    expect(sessions).toEqual(sessions.toSorted());
    expect(sessions.filter((session) => !isTradingDay(session))).toEqual([]);
  });

  test('are the real ones', ({ skip }) => {
    skip(!existsSync(file), `there are no real closes in ${REAL_CLOSES.pathname}`);
    const real = readFileSync(file, 'utf8')
      .split('\n')
      .map((line) => line.trim().split(','));
    const realCloses = new Map(real.map(([session, close]) => [session, roundClose(Number(close))]));
    const wrong = Object.entries(published).filter(([session, close]) => realCloses.get(session) !== close);
    // Not at Yahoo: the last record before its history.
    expect(wrong).toEqual(symbol === '^RUT' ? [['1987-08-21', 174.24]] : []);
  });
});
