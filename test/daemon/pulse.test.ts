import { describe, expect, test } from 'vitest';
import { createPulse } from '../../src/daemon/pulse.ts';

const MINUTE = 60_000;

/** A pulse on two clocks that the test moves. */
function onClocks() {
  const clocks = { wall: Date.parse('2025-09-18T20:45:00Z'), monotonic: 5000 };
  const pulse = createPulse(
    () => clocks.wall,
    () => clocks.monotonic,
  );
  const minute = () => {
    clocks.wall += MINUTE;
    clocks.monotonic += MINUTE;
    return pulse.due();
  };
  return {
    clocks,
    pulse,
    /** After how many minutes which round is due; it is begun and ends at once. */
    next: (unread: boolean) => {
      for (let minutes = 1; ; minutes++) {
        const why = minute();
        if (why === undefined) continue;
        pulse.begun();
        pulse.ended(why, unread);
        return [minutes, why];
      }
    },
    round: (why: string, unread: boolean) => {
      pulse.begun();
      pulse.ended(why, unread);
    },
    minute,
  };
}

describe('between the times of the schedule', () => {
  test('a round comes every hour', () => {
    const { round, next } = onClocks();
    round('start', false);
    expect([next(false), next(false)]).toEqual([
      [60, 'hourly'],
      [60, 'hourly'],
    ]);
  });

  test('one that could not read is repeated within minutes, at growing distance, then hourly', () => {
    const { round, next } = onClocks();
    round('start', true);
    const all = Array.from({ length: 6 }, () => next(true));
    expect(all).toEqual([
      [1, 'again'],
      [2, 'again'],
      [5, 'again'],
      [10, 'again'],
      [60, 'hourly'],
      [60, 'hourly'],
    ]);
    expect([next(false), next(false)]).toEqual([
      [60, 'hourly'],
      [60, 'hourly'],
    ]);
    // The next one of the schedule is a new beginning.
    round('scheduled 16:45', true);
    expect([next(true), next(false), next(false)]).toEqual([
      [1, 'again'],
      [2, 'again'],
      [60, 'hourly'],
    ]);
  });

  test('none is due while one runs', () => {
    const { pulse, minute } = onClocks();
    pulse.begun();
    for (let passed = 0; passed < 90; passed++) expect(minute()).toBeUndefined();
    pulse.ended('start', false);
    expect(minute()).toBeUndefined();
  });

  test.each([
    ['from 1970 to today', 55 * 365 * 1440 * MINUTE],
    ['back from 2038', -12 * 365 * 1440 * MINUTE],
    ['by ten minutes', 10 * MINUTE],
    ['by a night of sleep', 480 * MINUTE],
  ])('a clock that is set %s brings one at once, and the hour begins anew', (_, step) => {
    const { round, clocks, minute, next } = onClocks();
    round('start', false);
    for (let passed = 0; passed < 5; passed++) minute();
    clocks.wall += step;
    expect(next(false)).toEqual([1, 'clock']);
    expect(next(false)).toEqual([60, 'hourly']);
  });

  test('a clock that is slewed by less is let be', () => {
    const { round, clocks, minute } = onClocks();
    round('start', false);
    clocks.wall -= 2 * MINUTE;
    expect(minute()).toBeUndefined();
  });
});
