import { expect, test } from 'vitest';
import { contradictionOf } from '../../src/market/contradiction.ts';
import { sessionsBetween } from '../../src/market/new-york.ts';

// Closes of the Russell 2000 as published, also in ../shared/market-data: 2 to 12 September 2025.
const RUSSELL = [2352.21, 2350.09, 2379.64, 2391.05, 2394.36, 2381.82, 2378.01, 2421.75, 2397.06];
// And of the S&P 500.
const SP500 = [6415.54, 6448.26, 6502.08, 6481.5, 6495.15, 6512.61, 6532.04, 6587.47, 6584.29];
const SESSIONS = sessionsBetween('2025-09-02', '2025-09-12');

const closes = (values: readonly number[]) =>
  SESSIONS.flatMap((session, at) => (values[at] === undefined ? [] : [{ session, close: values[at] }]));
const stored = closes(RUSSELL);
const find = (file: ReturnType<typeof closes>, others = [['^GSPC', closes(SP500)] as const], fewest = 2) =>
  contradictionOf(file, stored, () => others, fewest);

test.each([
  ['the same', stored],
  ['rounded to points', closes(RUSSELL.map(Math.round))],
  ['revised on four of nine sessions', closes([2300, 2300, 2300, 2300, ...RUSSELL.slice(4)])],
  ['of other sessions', [{ session: '2025-09-15', close: 12 }]],
  ['one that differs, alone', [{ session: '2025-09-02', close: 12 }]],
])('closes that are %s contradict nothing', (_what, file) => {
  expect(find(file)).toBeUndefined();
});

test.each([
  [closes([0, ...RUSSELL]).slice(1), 8, 'these are the stored closes with dates one session later'],
  [closes([0, 0, ...RUSSELL]).slice(2), 7, 'these are the stored closes with dates two sessions later'],
  [closes(RUSSELL.slice(1)), 8, 'these are the stored closes with dates one session earlier'],
  [closes(RUSSELL.map((close) => close / 100)), 9, 'these are about 1/100 of the stored closes'],
  [closes(RUSSELL.map((close) => close * 2.4802)), 9, 'these are about 2.48 times the stored closes'],
  [closes(RUSSELL.map((close) => close * 1.25)), 9, 'these are the stored closes times 1.25'],
  [closes(RUSSELL.map((close) => close + 50)), 9, 'these are the stored closes plus 50 points'],
  [closes(SP500), 9, 'these are the stored closes of ^GSPC'],
])('closes %# look like what they are', (file, both, looksLike) => {
  expect(find(file)).toEqual({ both, differ: both, looksLike });
});

test('closes that follow no rule look like another index', () => {
  expect(find(closes(SP500), [])?.looksLike).toBe(
    'this looks like another index, or like closes adjusted for dividends',
  );
});

test('fewer than asked for say nothing', () => {
  expect(find(closes(SP500.slice(0, 4)), [], 5)).toBeUndefined();
  expect(find(closes(SP500.slice(0, 5)), [], 5)).toMatchObject({ both: 5, differ: 5 });
});
