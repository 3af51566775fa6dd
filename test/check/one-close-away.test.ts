import { expect, test } from 'vitest';
import type { Evaluation } from '../../src/check/evaluation.ts';
import { isOneCloseAway } from '../../src/check/one-close-away.ts';

const RECORD = { session: '2021-11-08', close: 2442.74 };

function away(closes: Readonly<Record<string, number>>, state = 'armed'): boolean {
  const index = Object.entries({ [RECORD.session]: RECORD.close, ...closes }).map(([session, close]) => ({
    session,
    close,
  }));
  const evaluation = {
    closes: { index },
    detection: { state: { state, record: RECORD } },
    now: Date.parse('2025-09-18T20:45:00Z'),
  };
  return isOneCloseAway(evaluation as unknown as Evaluation);
}

test('a close of these days that the record alone stands against is', () => {
  expect(away({ '2024-11-25': 2434.98, '2025-09-18': 2440 })).toBe(true);
});

test('one that another close stands against too is not', () => {
  expect(away({ '2024-11-25': 2440.01, '2025-09-18': 2440 })).toBe(false);
});

test('one of over a week ago is not', () => {
  expect(away({ '2024-11-25': 2434.98, '2025-09-10': 2440 })).toBe(false);
  expect(away({ '2024-11-25': 2434.98, '2025-09-11': 2440 })).toBe(true);
});

test('while nothing can fire, there is nothing to hide', () => {
  expect(away({ '2025-09-18': 2440 }, 'recent-record')).toBe(false);
});
