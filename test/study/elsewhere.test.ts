import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Close } from '../../src/market/close.ts';
import { readCloses } from '../../src/market/csv.ts';
import { loadSettings } from '../../src/settings/settings.ts';
import type { Signal } from '../../src/signal/signal.ts';
import { elsewhere } from '../../src/study/elsewhere.ts';

const ROOT = join(import.meta.dirname, '../..');
const REAL = join(ROOT, '../shared/market-data');
const SIGNAL: Signal = { id: 'x', title: 'X', index: 'X', benchmark: 'B', quietYears: 1, horizons: [12] };

const closes = (...rows: readonly [string, number][]): Close[] => rows.map(([session, close]) => ({ session, close }));
// A year after 2 January 2002 it is 110, after 1 March 2002 90, after 4 January 2005 130.
const BENCHMARK = closes(
  ['2000-01-03', 100],
  ['2002-01-02', 100],
  ['2002-03-01', 100],
  ['2003-01-02', 110],
  ['2003-02-28', 90],
  ['2005-01-04', 100],
  ['2006-01-04', 130],
);
const candidate = (index: string, ...rows: readonly [string, number][]) => ({
  signal: { ...SIGNAL, index },
  name: `Index ${index}`,
  closes: { before: [], index: closes(...rows), benchmark: BENCHMARK },
});
const OWN = candidate('X', ['2000-01-03', 10], ['2002-01-02', 11], ['2006-01-04', 9]);

describe('the same rule elsewhere', () => {
  const other = candidate('Y', ['2000-01-03', 10], ['2002-03-01', 11], ['2005-01-04', 12], ['2006-01-04', 9]);
  const overlapping = candidate('Z', ['2000-01-03', 10], ['2002-01-02', 11], ['2006-01-04', 9]);

  test('has a row of each index, and pools those that are not its own', () => {
    const found = elsewhere(OWN, [other, overlapping]);
    expect(found?.own).toMatchObject({ index: 'X', name: 'Index X', from: '2000-01-03', n: 1, up: 1 });
    expect(found?.own.mean).toBeCloseTo(0.1, 12);
    expect(found?.others.map(({ index, n, up }) => [index, n, up])).toEqual([
      ['Y', 2, 1],
      ['Z', 1, 1],
    ]);
    // −10% and +30% of Y, +10% of Z. The years from January and March 2002 share most of their days.
    expect(found?.pooled).toMatchObject({ n: 3, up: 2, independent: 2 });
    expect(found?.pooled?.mean).toBeCloseTo(0.1, 12);
    // Any day is the same for all here: of its five reached days 2000-01-03 (0%), 2002-01-02 (+10%), 2002-03-01 (−10%),
    // 2003-01-02 (−18%), 2003-02-28 (0%) and 2005-01-04 (+30%) two of six are higher.
    expect(found?.pooled?.baseRate).toBeCloseTo(2 / 6, 12);
  });

  test('says what the choice of one signal of many is worth', () => {
    // One or more of one at 2/6: p is 1/3, and the best of three signals does that with 1 − (2/3)³.
    const choice = elsewhere(OWN, [other, overlapping])?.choice;
    expect(choice).toMatchObject({ signals: 3, pValue: expect.closeTo(1 / 3, 12) });
    expect(choice?.chance).toBeCloseTo(19 / 27, 12);
  });

  test('leaves out what has no close, and pools nothing without an outcome', () => {
    const found = elsewhere(OWN, [candidate('Y'), candidate('Z', ['2005-01-04', 1])]);
    expect(found?.others.map(({ index }) => index)).toEqual(['Z']);
    expect(found?.pooled).toBeNull();
    expect(elsewhere(candidate('X'), [other])).toBeUndefined();
    expect(elsewhere(candidate('X', ['2006-01-04', 9]), [])?.choice).toBeNull();
  });
});

test.skipIf(!existsSync(REAL))(
  'of the S&P 500 itself agrees with pandas (skipped without ../shared/market-data)',
  () => {
    const [signal] = loadSettings(ROOT, {}).signals;
    if (signal?.beforeHistory === undefined) throw new Error('the built-in signal is gone');
    const [index, benchmark] = ['^RUT', '^GSPC'].map((symbol) => readCloses(join(REAL, `${symbol}.csv`)));
    if (index === undefined || benchmark === undefined) throw new Error('no closes');
    const before = readCloses(signal.beforeHistory.file);
    const found = elsewhere({ signal, name: 'Russell 2000', closes: { before, index, benchmark } }, [
      {
        signal: { ...signal, index: '^GSPC', beforeHistory: undefined },
        name: 'S&P 500',
        closes: { before: [], index: benchmark, benchmark },
      },
    ]);
    expect(found?.own).toMatchObject({ n: 11, up: 10 });
    const [own] = found?.others ?? [];
    expect(own).toMatchObject({ n: 8, up: 7, armedN: 3508, armedWaits: 8 });
    expect(own?.mean).toBeCloseTo(0.15034553346705515, 8);
    expect(own?.armedRate).toBeCloseTo(0.8725769669327252, 8);
    // docs/architecture.md: p 0.28, so the best of two is as good in 1 − 0.72² of all tries.
    expect(found?.choice?.chance).toBeCloseTo(1 - (1 - 0.2837958276276784) ** 2, 8);
  },
);
