import type { Session } from './close.ts';
import type { Exchange } from './exchange.ts';
import { CALENDAR_FROM } from './new-york.ts';
import { isWeekend, toDay } from './session.ts';

/** Before, New York traded on Saturdays too. */
const FIVE_DAYS_FROM = '1952-09-29';
/** Fewer weeks than these show no habit. */
const HABIT_WEEKS = 2;
const DAY_NAMES = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];

/**
 * Tells of some sessions which cannot have been: in New York by its calendar, as far back as that is known; elsewhere
 * those at weekends, unless most weeks of them have one.
 * @param sessions those of a file that have a value
 * @param habit false where they are too few to show what is usual
 */
export function closedDays(
  exchange: Exchange,
  sessions: readonly Session[],
  habit: boolean,
): (session: Session) => boolean {
  if (exchange.knowsHolidays) {
    const open = new Map<string, ReadonlySet<Session>>();
    return (session) => {
      if (session < CALENDAR_FROM) return session >= FIVE_DAYS_FROM && isWeekend(session);
      const year = session.slice(0, 4);
      const known = open.get(year) ?? new Set(exchange.sessionsBetween(`${year}-01-01`, `${year}-12-31`));
      open.set(year, known);
      return !known.has(session);
    };
  }
  const closed = (session: Session) => !exchange.isTradingDay(session);
  return habit && sessions.some(closed) && tradesAtWeekends(sessions) ? () => false : closed;
}

/**
 * True where most weeks have a weekend beside both days that border on it. A file of dates that are a day off, as when
 * midnights were turned into UTC, has Sundays and no Fridays, or Saturdays and no Mondays.
 */
function tradesAtWeekends(sessions: readonly Session[]): boolean {
  const weeks = Map.groupBy(new Set(sessions), (session) => Math.floor((toDay(session) + 3) / 7));
  const weeksWith = (...days: readonly number[]) =>
    [...weeks.values()].filter((week) => week.some((session) => days.includes(weekdayOf(session)))).length;
  const most = weeks.size / 2;
  return weeksWith(6, 0) >= HABIT_WEEKS && weeksWith(6, 0) > most && weeksWith(1) > most && weeksWith(5) > most;
}

/** `Saturday` */
export function weekdayName(session: Session): string {
  return DAY_NAMES[weekdayOf(session)] ?? '';
}

/** 0 for Sunday. 1970-01-01 was a Thursday. */
function weekdayOf(session: Session): number {
  return (((toDay(session) + 4) % 7) + 7) % 7;
}
