import {
  CLOSE_LAG_MS,
  closingTime,
  isLastOfWeek,
  newYorkDate,
  newYorkInstant,
  nextSession,
} from '../market/new-york.ts';
import { addDays } from '../market/session.ts';
import type { Schedule } from '../settings/schedule-file.ts';

/** The next scheduled look after `now`, epoch milliseconds. */
export function nextCheck(checks: readonly string[], now: number): number {
  const today = newYorkDate(now);
  const times = [today, addDays(today, 1)].flatMap((day) => checks.map((time) => newYorkInstant(day, time)));
  return Math.min(...times.filter((time) => time > now));
}

/** When a daemon that runs from `now` on sends its first digest, epoch milliseconds; undefined: never. */
export function nextDigest({ every, at }: Schedule['digest'], now: number): number | undefined {
  if (every === 'never') return undefined;
  for (let session = nextSession(addDays(newYorkDate(now), -1)); ; session = nextSession(session)) {
    // It is about a session that is over.
    const due = Math.max(newYorkInstant(session, at), closingTime(session) + CLOSE_LAG_MS);
    if (due > now && (every === 'day' || isLastOfWeek(session))) return due;
  }
}
