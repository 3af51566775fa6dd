import { describe, expect, test } from 'vitest';
import { verdictOf } from '../../src/market/witness.ts';

const RECORD = 2442.74;

const CLOSE = 2467.7;

describe('the verdict', () => {
  test.each([
    [2467.7, 'confirms'],
    [2466.5, 'confirms'],
    [2468.9, 'confirms'],
    [2466.4, 'contradicts'],
    [24.677, 'contradicts'],
    [RECORD, 'contradicts'],
  ])('of %d', (read, verdict) => {
    expect(verdictOf({ by: 'Cboe', close: read, silence: null }, CLOSE, RECORD)).toBe(verdict);
  });

  test('within the tolerance, yet no record: the event hangs on it', () => {
    expect(verdictOf({ by: 'Cboe', close: 2442.5, silence: null }, 2443, RECORD)).toBe('contradicts');
  });
});
