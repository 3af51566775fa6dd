import { expect, test } from 'vitest';
import { indexPoints } from '../../src/chart/record-points.ts';
import { addDays } from '../../src/market/session.ts';

test('a stretch is shown whole, and the rest as in the picture', () => {
  const closes = Array.from({ length: 12_000 }, (_, day) => ({
    session: addDays('1980-01-01', day),
    close: 100 + (day % 7),
  }));
  const times = (from: string, to: string) =>
    indexPoints(closes, from, to).filter(([time]) => time >= Date.parse(from) && time <= Date.parse(to));
  expect(times('1990-01-01', '1992-12-31')).toHaveLength(3 * 365 + 1);
  expect(times('1980-01-01', addDays('1980-01-01', 11_999)).length).toBeLessThan(1700);
});
