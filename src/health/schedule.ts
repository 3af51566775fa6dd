import { newYorkDate, newYorkInstant } from '../market/new-york.ts';
import { addDays } from '../market/session.ts';

/** The next scheduled look after `now`, epoch milliseconds. */
export function nextCheck(checks: readonly string[], now: number): number {
  const today = newYorkDate(now);
  const times = [today, addDays(today, 1)].flatMap((day) => checks.map((time) => newYorkInstant(day, time)));
  return Math.min(...times.filter((time) => time > now));
}
