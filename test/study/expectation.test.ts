import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readCloses } from '../../src/market/csv.ts';
import { addDays } from '../../src/market/session.ts';
import { loadSettings } from '../../src/settings/settings.ts';
import { expectationOf } from '../../src/study/expectation.ts';
import { fullStudy } from '../../src/study/full-study.ts';
import type { StudiedEvent } from '../../src/study/study.ts';
import { NOTHING_KNOWN, STATISTICS } from '../support/examples.ts';

const ROOT = join(import.meta.dirname, '../..');
const REAL = join(ROOT, '../shared/market-data');
const event = (drawdown12: number | null) => ({ drawdown12 }) as StudiedEvent;

test('shrinks towards any day, which weighs as much as the occasions at least and as its own years at most', () => {
  // 10 years of any day at 70% and +8%; 4 occasions, all higher, +20%.
  const year = { ...STATISTICS, n: 4, up: 4, mean: 0.2, baseRate: 0.7, baseMean: 0.08, baseN: 2520 };
  const found = expectationOf(year, [], [], '2000-01-03');
  expect(found?.priorYears).toEqual([4, 10]);
  expect(found?.rate[0]).toBeCloseTo((4 + 7) / 14, 12);
  expect(found?.rate[1]).toBeCloseTo((4 + 2.8) / 8, 12);
  expect(found?.mean[0]).toBeCloseTo((4 * 0.2 + 10 * 0.08) / 14, 12);
  expect(found?.mean[1]).toBeCloseTo(0.14, 12);
  // 9 occasions tell 100% from 70% (SciPy); four came in ten years.
  expect(found).toMatchObject({ neededOccasions: 9, neededYears: 23, drawdown: null });
});

test('is nothing while no outcome is known, and needs no occasions where events are no better', () => {
  expect(expectationOf(NOTHING_KNOWN, [], [], '2000-01-03')).toBeNull();
  const worse = { ...STATISTICS, n: 3, up: 1, baseRate: 0.7 };
  expect(expectationOf(worse, [], [], '2000-01-03')).toMatchObject({ neededOccasions: null, neededYears: null });
});

test('compares the fall inside the year with that of any day', () => {
  // A close a day for 400 days: 100, with a fall to 70 on day 380. The year of the days 0 to 35 is over; from day 15 on it
  // has the fall inside.
  const benchmark = Array.from({ length: 401 }, (_, day) => ({
    session: addDays('2001-01-01', day),
    close: day === 380 ? 70 : 100,
  }));
  const found = expectationOf(STATISTICS, [event(-0.05), event(-0.25), event(null)], benchmark, '2001-01-01');
  expect(found?.drawdown).toEqual({
    n: 2,
    median: expect.closeTo(-0.15, 12),
    past: 1,
    baseN: 36,
    baseMedian: expect.closeTo(-0.3, 12),
    basePast: 21 / 36,
    deep: -0.2,
  });
});

test.skipIf(!existsSync(REAL))('of the real closes agrees with pandas (skipped without ../shared/market-data)', () => {
  const [signal] = loadSettings(ROOT, {}).signals;
  if (signal?.beforeHistory === undefined) throw new Error('the built-in signal is gone');
  const closes = {
    before: readCloses(signal.beforeHistory.file),
    index: readCloses(join(REAL, '^RUT.csv')),
    benchmark: readCloses(join(REAL, '^GSPC.csv')),
  };
  const found = fullStudy(signal, closes, undefined)?.expectation;
  // Issue 18: 81 to 85%, about 59 occasions, some 250 years; falls by np.maximum.accumulate over every window.
  expect(found?.rate.map((rate) => Math.round(rate * 100))).toEqual([81, 85]);
  expect(found).toMatchObject({ priorYears: [11, 46], neededOccasions: 59, neededYears: 247 });
  expect(found?.drawdown).toMatchObject({ n: 11, past: 0, baseN: 11599 });
  expect(found?.drawdown?.median).toBeCloseTo(-0.0705495734862257, 8);
  expect(found?.drawdown?.baseMedian).toBeCloseTo(-0.10233463035019452, 8);
  expect(found?.drawdown?.basePast).toBeCloseTo(0.1507026467798948, 8);
});
