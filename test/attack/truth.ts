/*
 * What the closes say, written anew for these harnesses: a session that closes above all before it, over a year after the
 * last such session. Nothing of the program's own rules is used here.
 */
import type { Close, Session } from '../../src/market/close.ts';

/** The sessions that are events, ascending. @param closes ascending */
export function eventsOf(closes: readonly Close[]): Session[] {
  const events: Session[] = [];
  let record: Close | undefined;
  for (const one of closes) {
    if (record !== undefined && one.close <= record.close) continue;
    if (record !== undefined && one.session > monthsAfter(record.session, 12)) events.push(one.session);
    record = one;
  }
  return events;
}

/** The date so many calendar months later; the last day of a month that is too short. */
export function monthsAfter(session: Session, months: number): Session {
  const [year = 0, month = 1, day = 1] = session.split('-').map(Number);
  const last = new Date(Date.UTC(year, month - 1 + months + 1, 0));
  return new Date(Date.UTC(last.getUTCFullYear(), last.getUTCMonth(), Math.min(day, last.getUTCDate())))
    .toISOString()
    .slice(0, 10);
}

/** The last sessions of each week, Monday to Sunday. @param sessions ascending */
export function lastOfWeeks(sessions: readonly Session[]): Session[] {
  const week = (session: Session) => Math.floor((Date.parse(session) / 86_400_000 + 3) / 7);
  return sessions.filter((session, index) => {
    const next = sessions[index + 1];
    return next !== undefined && week(next) !== week(session);
  });
}

/** The first sessions of each quarter. @param sessions ascending */
export function firstOfQuarters(sessions: readonly Session[]): Session[] {
  return sessions.filter((session, index) => {
    const before = sessions[index - 1];
    return before !== undefined && quarterOf(before) !== quarterOf(session);
  });
}

/** `2025 3` for September 2025. */
function quarterOf(date: Session): string {
  return `${date.slice(0, 4)} ${Math.ceil(Number(date.slice(5, 7)) / 3)}`;
}
