/*
 * The New York Stock Exchange calendar: which sessions should be there and when they close, never what counts.
 * Trading days are right from 1978-12-29 on, checked against real sessions to the end of 2025. A closure that nobody
 * planned, a storm or a day of mourning, is unknown until it is added to `SPECIAL_CLOSURES`.
 */
import type { Session } from './close.ts';
import { isDate, toDate, toDay } from './session.ts';

/** The calendar is right from here on. */
export const CALENDAR_FROM = '1978-12-29';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** How long after the close a bar counts as a close, in milliseconds: the last prints arrive late. */
export const CLOSE_LAG_MS = 35 * MINUTE_MS;

/** Times of day in New York. */
const REGULAR_CLOSE = '16:00';
const EARLY_CLOSE = '13:00';

/** Before 2013 the early closes followed other rules: another hour, 5 July instead of 3 July, single years. */
const FIRST_YEAR_OF_EARLY_CLOSES = 2013;

const FIRST_YEAR_OF_MARTIN_LUTHER_KING_DAY = 1998;
const FIRST_YEAR_OF_JUNETEENTH = 2022;

const SPECIAL_CLOSURES: ReadonlySet<number> = new Set(
  [
    '1980-11-04', // presidential election, the last one the exchange closed for
    '1985-09-27', // Hurricane Gloria
    '1994-04-27', // mourning for President Nixon
    '2001-09-11', // attack on the World Trade Center, to 14 September
    '2001-09-12',
    '2001-09-13',
    '2001-09-14',
    '2004-06-11', // mourning for President Reagan
    '2007-01-02', // mourning for President Ford
    '2012-10-29', // Hurricane Sandy
    '2012-10-30',
    '2018-12-05', // mourning for President George H. W. Bush
    '2025-01-09', // mourning for President Carter
  ].map((date) => toDay(date)),
);

/** True when the exchange is, or should be, open on this date. */
export function isTradingDay(date: Session): boolean {
  return isOpen(toDay(checked(date)));
}

/** The sessions from one date to another, both included when they are sessions, ascending. */
export function sessionsBetween(from: Session, to: Session): Session[] {
  const sessions: Session[] = [];
  const lastYear = yearOf(checked(to));
  for (let year = yearOf(checked(from)); year <= lastYear; year += 1) {
    for (const session of sessionsOf(year)) {
      if (from <= session && session <= to) sessions.push(session);
    }
  }
  return sessions;
}

/** The first session after a date, that date not included. */
export function nextSession(after: Session): Session {
  let day = toDay(checked(after)) + 1;
  while (!isOpen(day)) day += 1;
  return toDate(day);
}

/** The last session before a date, that date not included. */
export function previousSession(before: Session): Session {
  let day = toDay(checked(before)) - 1;
  while (!isOpen(day)) day -= 1;
  return toDate(day);
}

/**
 * When a session closes, in epoch milliseconds: at 16:00 in New York, and since 2013 at 13:00 on 3 July, the day after
 * Thanksgiving and Christmas Eve, whenever these are trading days. Earlier years have 16:00 throughout: some of their
 * sessions closed sooner, so this may call one over too late but never too early.
 */
export function closingTime(session: Session): number {
  return newYorkInstant(session, isEarlyClose(session) ? EARLY_CLOSE : REGULAR_CLOSE);
}

/** The date in New York at `now` (epoch milliseconds). */
export function newYorkDate(now: number): Session {
  return toDate(Math.floor((now - hoursBehindUtc(now) * HOUR_MS) / DAY_MS));
}

/** The time of day in New York at `now` (epoch milliseconds): `16:45`. */
export function newYorkTime(now: number): string {
  return new Date(now - hoursBehindUtc(now) * HOUR_MS).toISOString().slice(11, 16);
}

/** The instant of a time of day (`16:45`) on a date in New York, epoch milliseconds. */
export function newYorkInstant(date: Session, time: string): number {
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  const there = toDay(checked(date)) * DAY_MS + hours * HOUR_MS + minutes * MINUTE_MS;
  // On the two mornings of a year when the clocks change, the offset of some hours later is the other one.
  return there + hoursBehindUtc(there + hoursBehindUtc(there) * HOUR_MS) * HOUR_MS;
}

/** True when the session after this one lies in another week, Monday to Sunday. */
export function isLastOfWeek(session: Session): boolean {
  return weekOf(toDay(nextSession(session))) !== weekOf(toDay(session));
}

/** The newest session that closed at least `CLOSE_LAG_MS` before `now` (epoch milliseconds). */
export function lastSessionOver(now: number): Session {
  const today = newYorkDate(now);
  return isTradingDay(today) && closingTime(today) + CLOSE_LAG_MS <= now ? today : previousSession(today);
}

/** Whatever is not a date has no next session: looking for one would never end. */
function checked(date: Session): Session {
  if (!isDate(date)) throw new RangeError(`'${date}' is not a date. Dates are written YYYY-MM-DD, as in 2025-09-18.`);
  return date;
}

// From here on a day is a number: days since 1970-01-01, as in session.ts.

const SUNDAY = 0;
const MONDAY = 1;
const THURSDAY = 4;
const SATURDAY = 6;

function isOpen(day: number, holidays = holidaysOf(new Date(day * DAY_MS).getUTCFullYear())): boolean {
  const weekday = weekdayOf(day);
  return weekday !== SATURDAY && weekday !== SUNDAY && !SPECIAL_CLOSURES.has(day) && !holidays.has(day);
}

const sessionsByYear = new Map<number, readonly Session[]>();

function sessionsOf(year: number): readonly Session[] {
  const known = sessionsByYear.get(year);
  if (known) return known;
  const sessions = listSessions(year);
  sessionsByYear.set(year, sessions);
  return sessions;
}

/** Puts the text of each date together itself: with `toDate` the sessions of 47 years take four times as long. */
function listSessions(year: number): Session[] {
  const sessions: Session[] = [];
  const holidays = holidaysOf(year);
  for (let month = 1; month <= 12; month += 1) {
    const yearAndMonth = `${year}-${twoDigits(month)}-`;
    const first = dayOf(year, month, 1);
    const end = dayOf(year, month + 1, 1);
    for (let day = first; day < end; day += 1) {
      if (isOpen(day, holidays)) sessions.push(yearAndMonth + twoDigits(day - first + 1));
    }
  }
  return sessions;
}

function isEarlyClose(session: Session): boolean {
  const year = yearOf(session);
  if (year < FIRST_YEAR_OF_EARLY_CLOSES) return false;
  return session.endsWith('-07-03') || session.endsWith('-12-24') || toDay(session) === thanksgiving(year) + 1;
}

const holidaysByYear = new Map<number, ReadonlySet<number>>();

function holidaysOf(year: number): ReadonlySet<number> {
  const known = holidaysByYear.get(year);
  if (known) return known;
  const holidays = new Set(holidayDays(year));
  holidaysByYear.set(year, holidays);
  return holidays;
}

function holidayDays(year: number): number[] {
  const days = [
    newYear(year),
    nthWeekday(3, MONDAY, year, 2), // Washington's birthday
    goodFriday(year),
    nthWeekday(1, MONDAY, year, 6) - 7, // Memorial Day, the last Monday in May
    observed(dayOf(year, 7, 4)),
    nthWeekday(1, MONDAY, year, 9), // Labor Day
    thanksgiving(year),
    observed(dayOf(year, 12, 25)),
  ];
  if (year >= FIRST_YEAR_OF_MARTIN_LUTHER_KING_DAY) days.push(nthWeekday(3, MONDAY, year, 1));
  if (year >= FIRST_YEAR_OF_JUNETEENTH) days.push(observed(dayOf(year, 6, 19)));
  return days;
}

function newYear(year: number): number {
  const day = dayOf(year, 1, 1);
  // Never observed on the Friday before: 31 December is needed to close the books of the year.
  return weekdayOf(day) === SATURDAY ? day : observed(day);
}

function thanksgiving(year: number): number {
  return nthWeekday(4, THURSDAY, year, 11);
}

/** Two days before Easter Sunday, by the anonymous Gregorian algorithm: https://en.wikipedia.org/wiki/Date_of_Easter */
function goodFriday(year: number): number {
  const golden = year % 19;
  const century = Math.floor(year / 100);
  const yearOfCentury = year % 100;
  const moonCorrection = Math.floor((century - Math.floor((century + 8) / 25) + 1) / 3);
  const epact = (19 * golden + century - Math.floor(century / 4) - moonCorrection + 15) % 30;
  const toSunday = (32 + 2 * (century % 4) + 2 * Math.floor(yearOfCentury / 4) - epact - (yearOfCentury % 4)) % 7;
  const lateMoon = Math.floor((golden + 11 * epact + 22 * toSunday) / 451);
  const daysAfter22March = epact + toSunday - 7 * lateMoon;
  return dayOf(year, 3, 22) + daysAfter22March - 2;
}

/** A holiday on a Saturday is kept on the Friday before, one on a Sunday on the Monday after. */
function observed(day: number): number {
  const weekday = weekdayOf(day);
  if (weekday === SATURDAY) return day - 1;
  return weekday === SUNDAY ? day + 1 : day;
}

function nthWeekday(n: number, weekday: number, year: number, month: number): number {
  const first = dayOf(year, month, 1);
  return first + ((weekday - weekdayOf(first) + 7) % 7) + 7 * (n - 1);
}

/** 0 for Sunday to 6 for Saturday. 1970-01-01 was a Thursday. */
function weekdayOf(day: number): number {
  return (((day + THURSDAY) % 7) + 7) % 7;
}

/** Weeks since the one of 1970-01-01, from Monday to Sunday. */
function weekOf(day: number): number {
  return Math.floor((day + THURSDAY - MONDAY) / 7);
}

function yearOf(date: Session): number {
  return Number(date.slice(0, 4));
}

function twoDigits(value: number): string {
  return value < 10 ? `0${value}` : String(value);
}

function dayOf(year: number, month: number, date: number): number {
  return Date.UTC(year, month - 1, date) / DAY_MS;
}

/**
 * Hours that clocks in New York are behind UTC at an instant: 4 in summer, 5 in winter. Summer time runs from the second
 * Sunday of March to the first of November, always at two in the morning; until 2006 from the first Sunday of April, until
 * 1986 from the last, and to the last of October. Source: 15 U.S.C. § 260a and its earlier versions.
 * By rule, because the first Intl object of a process takes as long as everything else that a check does.
 */
function hoursBehindUtc(instant: number): number {
  const year = new Date(instant).getUTCFullYear();
  let summer = summers.get(year);
  if (summer === undefined) {
    const [first, last] = summerTime(year);
    // Two in the morning is 7:00 UTC by winter time and 6:00 UTC by summer time.
    summer = { begin: first * DAY_MS + 7 * HOUR_MS, end: last * DAY_MS + 6 * HOUR_MS };
    summers.set(year, summer);
  }
  return instant >= summer.begin && instant < summer.end ? 4 : 5;
}

/** When summer time begins and ends, epoch milliseconds, by year. */
const summers = new Map<number, { readonly begin: number; readonly end: number }>();

function summerTime(year: number): [first: number, last: number] {
  if (year >= 2007) return [nthWeekday(2, SUNDAY, year, 3), nthWeekday(1, SUNDAY, year, 11)];
  const lastOfOctober = nthWeekday(1, SUNDAY, year, 11) - 7;
  return [year >= 1987 ? nthWeekday(1, SUNDAY, year, 4) : nthWeekday(1, SUNDAY, year, 5) - 7, lastOfOctober];
}
