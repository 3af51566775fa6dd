import { expect, test } from 'vitest';
import { runsOf } from '../../../src/health/troubles/missing-sessions.ts';
import { NEW_YORK } from '../../../src/market/exchange.ts';

test('sessions in a row are one run, also over a weekend and a holiday', () => {
  // 1 September 2025 is Labor Day.
  expect(runsOf(NEW_YORK, ['2025-08-28', '2025-08-29', '2025-09-02', '2025-09-04'])).toEqual([
    ['2025-08-28', '2025-08-29', '2025-09-02'],
    ['2025-09-04'],
  ]);
  expect(runsOf(NEW_YORK, [])).toEqual([]);
});
