import { expect, test } from 'vitest';
import { nextCheck, nextDigest } from '../../src/health/schedule.ts';

const next = (now: string) => new Date(nextCheck(['16:45', '19:45', '08:30'], Date.parse(now))).toISOString();

test('the next look is the next time of New York, also on the next day', () => {
  expect(next('2025-09-18T20:44:59Z')).toBe('2025-09-18T20:45:00.000Z');
  expect(next('2025-09-18T20:45:00Z')).toBe('2025-09-18T23:45:00.000Z');
  expect(next('2025-09-18T23:45:00Z')).toBe('2025-09-19T12:30:00.000Z');
});

test('and follows the change of the clocks', () => {
  expect(next('2025-11-01T23:45:00Z')).toBe('2025-11-02T13:30:00.000Z');
});

const digest = (every: 'week' | 'day' | 'never', now: string, at = '18:00') => {
  const due = nextDigest({ every, at, channels: [] }, Date.parse(now));
  return due === undefined ? undefined : new Date(due).toISOString();
};

test('the next digest is that of the last session of a week, or of each', () => {
  // A Thursday.
  expect(digest('week', '2025-09-18T12:00:00Z')).toBe('2025-09-19T22:00:00.000Z');
  expect(digest('day', '2025-09-18T12:00:00Z')).toBe('2025-09-18T22:00:00.000Z');
  expect(digest('week', '2025-09-19T22:00:00Z')).toBe('2025-09-26T22:00:00.000Z');
  expect(digest('never', '2025-09-18T12:00:00Z')).toBeUndefined();
  // New York is closed on Good Friday, 3 April 2026 (NYSE's calendar).
  expect(digest('week', '2026-03-30T12:00:00Z')).toBe('2026-04-02T22:00:00.000Z');
});

test('a digest that is due before its session is over waits for that', () => {
  // 35 minutes after 16:00 in New York.
  expect(digest('day', '2025-09-18T12:00:00Z', '09:00')).toBe('2025-09-18T20:35:00.000Z');
});
