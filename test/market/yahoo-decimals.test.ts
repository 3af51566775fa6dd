import { expect, test } from 'vitest';
import { readChart } from '../../src/market/yahoo-chart.ts';
import { toReading } from '../../src/market/yahoo-reading.ts';

test.each([
  [4, 4],
  ['4', 4],
  [2, undefined],
  [undefined, undefined],
  [0, undefined],
  [99, undefined],
  ['many', undefined],
])('a priceHint of %j gives the reading %j decimals', (priceHint, decimals) => {
  const meta = { symbol: 'EURUSD=X', exchangeTimezoneName: 'Europe/London', dataGranularity: '1d', priceHint };
  const timestamp = [Date.parse('2025-09-18T08:00:00Z') / 1000];
  const chart = readChart({ meta, timestamp, indicators: { quote: [{ close: [1.0836809873580933] }] } });
  const reading = toReading('EURUSD=X', undefined, chart, {
    now: Date.parse('2025-09-22T12:00:00Z'),
    answeredAt: undefined,
  });
  expect(reading.decimals).toBe(decimals);
  expect(reading.bars).toEqual([{ session: '2025-09-18', close: 1.0836809873580933 }]);
});
