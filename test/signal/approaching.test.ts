import { expect, test } from 'vitest';
import { distanceReached } from '../../src/signal/approaching.ts';

const armed = (toRecord: number) => ({ state: 'armed' as const, toRecord });

test.each([
  [[0.05, 0.02], 0.03, 0.05],
  [[0.02, 0.05], 0.02, 0.02],
  [[0.05, 0.02], 0, 0.02],
  [[0.05, 0.02], 0.0501, undefined],
  [[], 0.01, undefined],
])('of the distances %j, %d is within %s', (approaching, toRecord, reached) => {
  expect(distanceReached(armed(toRecord), { approaching })).toBe(reached);
});

test('without distances, or while the record is recent, there is none', () => {
  expect(distanceReached(armed(0.01), {})).toBeUndefined();
  expect(distanceReached({ state: 'recent record', toRecord: 0 }, { approaching: [0.5] })).toBeUndefined();
});
