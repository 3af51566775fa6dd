import { expect, test } from 'vitest';
import { recordDistance } from '../../src/message/record-distance.ts';

const STATE = {
  session: '2025-09-17',
  record: { session: '2021-11-08', close: 2442.74 },
  quietSessions: 967,
  toRecord: 0.0147,
};

test('a distance is told in time and in value', () => {
  expect(recordDistance(STATE)).toBe('3 years, 10 months and 9 days old (967 sessions), 1.47% away');
});

test('from a record before the history there is no count of sessions', () => {
  expect(recordDistance({ ...STATE, quietSessions: null })).toBe('3 years, 10 months and 9 days old, 1.47% away');
});
