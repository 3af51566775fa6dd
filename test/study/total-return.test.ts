import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readCloses } from '../../src/market/csv.ts';
import { NEW_YORK } from '../../src/market/exchange.ts';
import { readMonthlyDividends } from '../../src/market/monthly-dividends.ts';
import { loadSettings } from '../../src/settings/settings.ts';
import { fullStudy } from '../../src/study/full-study.ts';
import { joinDividends } from '../../src/study/total-return.ts';

const ROOT = join(import.meta.dirname, '../..');
const REAL = join(ROOT, '../shared/market-data');

describe('dividends from before a total return index', () => {
  // November 1987 had 20 sessions and December 22: with 24 and 26.4 a year, 0.1 index points a session in both.
  const months = new Map([
    ['1987-11', 24],
    ['1987-12', 26.4],
  ]);
  const prices = [
    { session: '1987-11-27', close: 99.9 },
    { session: '1987-11-30', close: 99.9 },
    { session: '1987-12-01', close: 199.9 },
    { session: '1987-12-02', close: 99.85 },
  ];
  const totalReturn = [
    { session: '1987-12-02', close: 1000 },
    { session: '1987-12-03', close: 1100 },
  ];

  test('are spread over the sessions of their month, reinvested, and put on the scale of the index', () => {
    const { closes, joinedUntil } = joinDividends(prices, totalReturn, months, NEW_YORK);
    expect(joinedUntil).toBe('1987-12-02');
    expect(closes.map(({ session }) => session)).toEqual([
      '1987-11-27',
      '1987-11-30',
      '1987-12-01',
      '1987-12-02',
      '1987-12-03',
    ]);
    const [first = 0, second = 0, third = 0, fourth = 0] = closes.map(({ close }) => close);
    expect(second / first).toBeCloseTo(100 / 99.9, 12);
    expect(third / second).toBeCloseTo(200 / 99.9, 12);
    expect(fourth / third).toBeCloseTo(99.95 / 199.9, 12);
    expect(fourth).toBe(1000);
  });

  test.each([
    ['a month is missing', prices, totalReturn, new Map([['1987-11', 24]])],
    ['the benchmark lacks the session that both are joined at', prices.slice(0, 3), totalReturn, months],
    ['the index begins before they do', prices, [{ session: '1987-11-27', close: 900 }], months],
    ['there is no total return index', prices, [], months],
    ['there are none', prices, totalReturn, new Map<string, number>()],
  ])('are left out where %s', (_, benchmark, index, dividends) => {
    expect(joinDividends(benchmark, index, dividends, NEW_YORK)).toEqual({ closes: index, joinedUntil: null });
  });
});

describe.skipIf(!existsSync(REAL))('all eleven events (skipped where ../shared/market-data is absent)', () => {
  const study = studyOnce();

  test('have an outcome with dividends, by pandas on the same files (issue 18)', () => {
    const outcomes = study().study?.events.map(({ session, totalReturns }) => [
      session.slice(0, 4),
      totalReturns[12] == null ? null : Number((totalReturns[12] * 100).toFixed(1)),
    ]);
    expect(outcomes).toEqual([
      ['1982', 19.7],
      ['1985', 23.9],
      ['1989', 6.5],
      ['1991', 8.0],
      ['1995', 28.9],
      ['1999', -8.7],
      ['2004', 4.5],
      ['2011', 5.8],
      ['2013', 28.0],
      ['2016', 21.6],
      ['2020', 32.5],
      ['2025', null],
    ]);
  });

  test('were higher in 10 of 11, mean +15.5%, median +19.7%; any day +13.1%, 81.3%', () => {
    const { study: found, rule } = study();
    expect(found?.totalReturn).toMatchObject({
      from: '1978-12-29',
      to: '2024-02-16',
      joined: { until: '1988-01-04', rule },
    });
    const year = found?.totalReturn?.horizons[12];
    expect(year).toMatchObject({ n: 11, up: 10, baseN: 11129 });
    expect(year?.mean).toBeCloseTo(0.15514872143677463, 8);
    expect(year?.median).toBeCloseTo(0.19730338298245753, 8);
    expect(year?.baseMean).toBeCloseTo(0.1309587926999171, 8);
    expect(year?.baseRate).toBeCloseTo(0.8131009075388624, 8);
    // The armed days of the same span, by the same script.
    expect(year?.armedRate).toBeCloseTo(0.8808510638297873, 8);
    expect(year?.armedMean).toBeCloseTo(0.1761496945062376, 8);
  });
});

/** The study with dividends from the real closes, when it is first asked for: the body of a skipped group runs all the same. */
function studyOnce() {
  let made: ReturnType<typeof realStudy> | undefined;
  return () => {
    made ??= realStudy();
    return made;
  };
}

function realStudy() {
  const { signals, symbols } = loadSettings(ROOT, {});
  const [signal] = signals;
  const { file, rule } = symbols['^GSPC']?.earlierDividends ?? {};
  if (signal?.beforeHistory === undefined || file === undefined || rule === undefined)
    throw new Error('not configured');
  const read = (path: string) => readCloses(join(REAL, `${path}.csv`));
  const benchmark = read('^GSPC');
  const { closes, joinedUntil } = joinDividends(
    benchmark,
    read('to-2024/^SP500TR'),
    readMonthlyDividends(file),
    NEW_YORK,
  );
  const before = readCloses(signal.beforeHistory.file);
  const joined = joinedUntil === null ? undefined : { until: joinedUntil, rule };
  const dividends = { symbol: '^SP500TR', closes, joined };
  return { rule, study: fullStudy(signal, { before, index: read('^RUT'), benchmark }, dividends) };
}
