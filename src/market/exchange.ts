import type { Session } from './close.ts';
import * as newYork from './new-york.ts';
import { addDays, isWeekend, toDay } from './session.ts';

/** When an exchange trades. Dates are dates there. */
export interface Exchange {
  /** IANA time zone: `America/New_York`. */
  readonly timeZone: string;
  /** Time of day of the regular close there: `16:00`. */
  readonly closesAt: string;
  /** True where every session is known in advance. Elsewhere a weekday may turn out to be a holiday. */
  readonly knowsHolidays: boolean;
  /** The date there at an instant, epoch milliseconds. */
  date(now: number): Session;
  /** The instant of a time of day on a date there, epoch milliseconds. */
  instant(date: Session, time: string): number;
  /** True when the exchange is, or may be, open on this date. */
  isTradingDay(date: Session): boolean;
  closingTime(session: Session): number;
  nextSession(after: Session): Session;
  previousSession(before: Session): Session;
  /** The sessions from one date to another, both included, ascending. */
  sessionsBetween(from: Session, to: Session): Session[];
  /** The newest session that closed at least `CLOSE_LAG_MS` before `now`. */
  lastSessionOver(now: number): Session;
  /** True where no session lies between two that follow each other. Without holidays: where nothing longer than they are does. */
  isNext(previous: Session, session: Session): boolean;
  /** True where so much time lies between two sessions that some in between must be missing: longer than any holidays. */
  isGap(previous: Session, session: Session): boolean;
}

/** Golden Week of 2019 closed Tokyo for ten days; Chinese New Year closes Shanghai for as long. */
const LONGEST_HOLIDAYS_DAYS = 14;

/** Providers lose single sessions, and fill them days later. Where sessions are known, more in a row than these are a gap. */
const MOST_MISSING = 5;

/** Exchanges that were closed for longer: the last session before it, and the first one after it. */
const LONG_CLOSURES: Readonly<Record<string, readonly (readonly [before: Session, after: Session])[]>> = {
  'Africa/Cairo': [['2011-01-27', '2011-03-23']], // revolution
  'Europe/Athens': [['2015-06-26', '2015-08-03']], // capital controls
  'Europe/Moscow': [['2022-02-25', '2022-03-24']], // war against Ukraine
};

function isGap(timeZone: string, previous: Session, session: Session): boolean {
  if (toDay(session) - toDay(previous) <= LONGEST_HOLIDAYS_DAYS) return false;
  return !LONG_CLOSURES[timeZone]?.some(([before, after]) => previous >= before && session <= after);
}

/** The exchanges of New York, with their holidays. */
export const NEW_YORK: Exchange = {
  timeZone: 'America/New_York',
  closesAt: '16:00',
  knowsHolidays: true,
  date: newYork.newYorkDate,
  instant: newYork.newYorkInstant,
  isTradingDay: newYork.isTradingDay,
  closingTime: newYork.closingTime,
  nextSession: newYork.nextSession,
  previousSession: newYork.previousSession,
  sessionsBetween: newYork.sessionsBetween,
  lastSessionOver: newYork.lastSessionOver,
  isNext: (previous, session) => newYork.previousSession(session) === previous,
  isGap: (previous, session) => {
    const days = toDay(session) - toDay(previous);
    if (days <= MOST_MISSING || days > LONGEST_HOLIDAYS_DAYS) return days > LONGEST_HOLIDAYS_DAYS;
    return newYork.sessionsBetween(addDays(previous, 1), addDays(session, -1)).length > MOST_MISSING;
  },
};

/** Where no weekday can be ruled out: Sunday is a session there, was one until lately, or every day is. */
const ANY_DAY = new Set([
  'UTC',
  'Africa/Algiers',
  'Africa/Cairo',
  'Africa/Khartoum',
  'Africa/Tripoli',
  'Asia/Aden',
  'Asia/Amman',
  'Asia/Baghdad',
  'Asia/Bahrain',
  'Asia/Damascus',
  'Asia/Dhaka',
  'Asia/Dubai',
  'Asia/Hebron',
  'Asia/Jerusalem',
  'Asia/Kabul',
  'Asia/Kathmandu',
  'Asia/Katmandu',
  'Asia/Kuwait',
  'Asia/Muscat',
  'Asia/Qatar',
  'Asia/Riyadh',
  'Asia/Tehran',
]);

const exchanges = new Map<string, Exchange>();

/**
 * The exchange of a time zone, as a source tells it. Of others than New York's the holidays are not known: every weekday
 * may be a session.
 * @throws {RangeError} for a time zone that there is not
 */
export function exchangeIn(timeZone: string, closesAt: string): Exchange {
  if (timeZone === NEW_YORK.timeZone) return NEW_YORK;
  const key = `${timeZone} ${closesAt}`;
  const known = exchanges.get(key);
  if (known !== undefined) return known;
  const made = weekdayExchange(timeZone, closesAt);
  exchanges.set(key, made);
  return made;
}

function weekdayExchange(timeZone: string, closesAt: string): Exchange {
  const clock = new Intl.DateTimeFormat('en-CA', {
    timeZone,
    dateStyle: 'short',
    timeStyle: 'short',
    hourCycle: 'h23',
  });
  // "2025-09-18, 17:35"
  const there = (now: number) => clock.format(now).split(', ') as [date: Session, time: string];
  const isTradingDay = (date: Session) => ANY_DAY.has(timeZone) || !isWeekend(date);
  const step = (from: Session, days: number) => {
    let date = addDays(from, days);
    while (!isTradingDay(date)) date = addDays(date, days);
    return date;
  };
  const instant = (date: Session, time: string) => {
    const wanted = Date.parse(`${date}T${time}:00Z`);
    // As far as the clock there is ahead of UTC, asked twice for the days on which it is put forward or back.
    const ahead = (at: number) => Date.parse(`${there(at).join('T')}:00Z`) - at;
    return wanted - ahead(wanted - ahead(wanted));
  };
  const exchange: Exchange = {
    timeZone,
    closesAt,
    knowsHolidays: false,
    date: (now) => there(now)[0],
    instant,
    isTradingDay,
    closingTime: (session) => instant(session, closesAt),
    nextSession: (after) => step(after, 1),
    previousSession: (before) => step(before, -1),
    sessionsBetween: (from, to) => {
      const sessions: Session[] = [];
      for (let date = from; date <= to; date = addDays(date, 1)) if (isTradingDay(date)) sessions.push(date);
      return sessions;
    },
    lastSessionOver: (now) => {
      const today = exchange.date(now);
      const over = isTradingDay(today) && exchange.closingTime(today) + newYork.CLOSE_LAG_MS <= now;
      return over ? today : step(today, -1);
    },
    isNext: (previous, session) => !isGap(timeZone, previous, session),
    isGap: (previous, session) => isGap(timeZone, previous, session),
  };
  return exchange;
}

/** The time of day of an instant in a time zone: `17:30`. */
export function timeOfDay(timeZone: string, instant: number): string {
  return new Intl.DateTimeFormat('en-GB', { timeZone, timeStyle: 'short' }).format(instant);
}
