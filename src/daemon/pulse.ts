import { CLOCKS_DIFFER } from '../market/stamp.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** So long after each round in a row that could not read the source; then hourly. A network is up soon, or not. */
const SOONER_MS = [1, 2, 5, 10].map((minutes) => minutes * MINUTE_MS);

/** Why a round is due between the times of the schedule. */
export type Reason = 'hourly' | 'again' | 'clock';

/** Asked every minute whether a round is due. */
export interface Pulse {
  /** @returns `clock` where the clock was set, or the machine slept; then the schedule must be made anew */
  due(): Reason | undefined;
  /** A round begins. */
  begun(): void;
  /** A round has ended. @param unread it could not read the source, or the lease of another process was in its way */
  ended(why: string, unread: boolean): void;
}

/**
 * @param now the clock on the wall, epoch milliseconds: after a suspend the hour is over at once
 * @param monotonic a clock that nobody sets, milliseconds since any moment
 */
export function createPulse(now: () => number, monotonic: () => number): Pulse {
  let lastRound = now();
  let unreadInARow = 0;
  let running = 0;
  let seen = { now: now(), monotonic: monotonic() };
  return {
    due: () => {
      const before = seen;
      seen = { now: now(), monotonic: monotonic() };
      const step = seen.now - before.now - (seen.monotonic - before.monotonic);
      if (Math.abs(step) > CLOCKS_DIFFER) {
        lastRound += step;
        return 'clock';
      }
      if (running > 0) return undefined;
      const passed = seen.now - lastRound;
      const sooner = unreadInARow === 0 ? undefined : SOONER_MS[unreadInARow - 1];
      if (sooner !== undefined && passed >= sooner) return 'again';
      return passed >= HOUR_MS ? 'hourly' : undefined;
    },
    begun: () => {
      running++;
      lastRound = now();
    },
    ended: (why, unread) => {
      running--;
      lastRound = now();
      // A round of the schedule is a new beginning.
      unreadInARow = unread ? (why === 'again' || why === 'hourly' ? unreadInARow : 0) + 1 : 0;
    },
  };
}
