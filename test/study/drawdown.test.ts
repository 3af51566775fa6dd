import { describe, expect, test } from 'vitest';
import { toDate } from '../../src/market/session.ts';
import { deepestFall, maxDrawdown } from '../../src/study/drawdown.ts';

describe('the maximum drawdown', () => {
  const closes = [100, 120, 90, 130, 104, 140].map((close, day) => ({ session: toDate(day), close }));

  test('is the deepest fall from an earlier high, not from the entry', () => {
    // By hand: 90 after 120 is −25%, 104 after 130 is −20%.
    expect(maxDrawdown(closes, 0, 5)).toBeCloseTo(-0.25, 12);
    expect(maxDrawdown(closes, 2, 5)).toBeCloseTo(-0.2, 12);
  });

  test('looks at the window only, both ends included', () => {
    expect(maxDrawdown(closes, 0, 1)).toBe(0);
    expect(maxDrawdown(closes, 1, 2)).toBeCloseTo(-0.25, 12);
    expect(maxDrawdown(closes, 3, 4)).toBeCloseTo(-0.2, 12);
    expect(maxDrawdown(closes, 4, 4)).toBe(0);
  });

  test('is null while one end is missing', () => {
    expect(maxDrawdown(closes, -1, 3)).toBeNull();
    expect(maxDrawdown(closes, 3, -1)).toBeNull();
  });

  test('has its low at the first of several falls as deep, and at the entry where nothing fell', () => {
    const twice = [100, 80, 100, 80, 90].map((close, day) => ({ session: toDate(day), close }));
    expect(deepestFall(twice, 0, 4)).toEqual({ depth: 80 / 100 - 1, low: 1 });
    expect(deepestFall(twice, 1, 2)).toEqual({ depth: 0, low: 1 });
  });
});
