import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { totalReturnOf } from '../../src/app/total-return.ts';
import { judge } from '../../src/market/sanity.ts';
import { createMemoryCloses } from '../../src/store/memory-closes.ts';
import { temporaryFolder } from '../support/temporary.ts';

const NOW = Date.parse('2025-09-18T21:00:00Z');

async function app(file: string, totalReturn = '^TR') {
  const closes = createMemoryCloses();
  const read = async (symbol: string, rows: readonly (readonly [string, number])[]) => {
    const bars = rows.map(([session, close]) => ({ session, close }));
    await closes.store(symbol, judge({ symbol, bars }, [], 0.15, NOW));
  };
  await read('^GSPC', [
    ['1987-11-30', 99.9],
    ['1987-12-01', 99.9],
    ['1987-12-02', 99.9],
  ]);
  await read('^TR', [
    ['1987-12-02', 1000],
    ['1987-12-03', 1010],
  ]);
  return {
    settings: { symbols: { '^GSPC': { totalReturn, earlierDividends: { file, rule: 'Reinvested.' } } } },
    closes,
  };
}

type AppPart = Parameters<typeof totalReturnOf>[0];
const seriesOf = async (file: string, asOf?: string) =>
  totalReturnOf((await app(file)) as unknown as AppPart, '^GSPC', asOf);

test('a benchmark with dividends begins with those from before its total return index', async () => {
  const file = join(temporaryFolder(), 'dividends.csv');
  // 22 sessions: 0.1 index points each.
  writeFileSync(file, 'month,dividend\n1987-11,24\n1987-12,26.4\n');
  const series = await seriesOf(file);
  expect(series).toMatchObject({ symbol: '^TR', joined: { until: '1987-12-02', rule: 'Reinvested.' } });
  const closes = series?.closes.map(({ close }) => close) ?? [];
  expect(closes).toHaveLength(4);
  expect(closes[0]).toBeCloseTo(1000 * (99.9 / 100) ** 2, 9);
  // On a day before the index begins the same closes are known.
  const then = await seriesOf(file, '1987-12-01');
  expect(then?.closes.map(({ close }) => close)).toEqual(closes.slice(0, 2));
});

test('it begins later where their file cannot be read', async () => {
  const series = await seriesOf('/there/is/no/such/file.csv');
  expect(series?.closes).toHaveLength(2);
  expect(series?.joined).toBeUndefined();
});

test('nothing is known of one that has none', async () => {
  expect(totalReturnOf((await app('x')) as unknown as AppPart, '^RUT')).toBeUndefined();
});
