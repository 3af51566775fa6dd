import { expect, test } from 'vitest';
import { nextCheck } from '../../src/health/schedule.ts';

const next = (now: string) => new Date(nextCheck(['16:45', '19:45', '08:30'], Date.parse(now))).toISOString();

test('the next look is the next time of New York, also on the next day', () => {
  expect(next('2025-09-18T20:44:59Z')).toBe('2025-09-18T20:45:00.000Z');
  expect(next('2025-09-18T20:45:00Z')).toBe('2025-09-18T23:45:00.000Z');
  expect(next('2025-09-18T23:45:00Z')).toBe('2025-09-19T12:30:00.000Z');
});

test('and follows the change of the clocks', () => {
  expect(next('2025-11-01T23:45:00Z')).toBe('2025-11-02T13:30:00.000Z');
});
