import type { Session } from './close.ts';

const DAY_MS = 86_400_000;
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** True for the text of a real calendar date, `YYYY-MM-DD`. */
export function isDate(text: string): text is Session {
  if (!/^[1-9]\d{3}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])$/.test(text)) return false;
  // By rule: a Date for each of ten thousand rows takes longer than all the rest of a file.
  return Number(text.slice(8)) <= lengthOfMonth(Number(text.slice(0, 4)), Number(text.slice(5, 7)));
}

/** Days since 1970-01-01 of an ISO date (negative before). */
export function toDay(date: Session): number {
  return Date.UTC(Number(date.slice(0, 4)), Number(date.slice(5, 7)) - 1, Number(date.slice(8, 10))) / DAY_MS;
}

/** The ISO date that lies `day` days after 1970-01-01. */
export function toDate(day: number): Session {
  return new Date(day * DAY_MS).toISOString().slice(0, 10);
}

/** A date as people write it: 18 Sep 2025. */
export function dateText(date: Session): string {
  const [year, month, day] = date.split('-').map(Number);
  return `${day} ${MONTHS[(month ?? 1) - 1]} ${year}`;
}

/** The date `days` calendar days later. */
export function addDays(date: Session, days: number): Session {
  return toDate(toDay(date) + days);
}

/** Calendar days from one date to another. */
export function daysBetween(from: Session, to: Session): number {
  return toDay(to) - toDay(from);
}

/** True for a Saturday or a Sunday. */
export function isWeekend(date: Session): boolean {
  // 1970-01-01 was a Thursday.
  const sinceSaturday = (((toDay(date) - 2) % 7) + 7) % 7;
  return sinceSaturday < 2;
}

/**
 * The date `months` calendar months later; where that month is too short, its last day
 * (a year after 29 February is 28 February).
 */
export function addMonths(date: Session, months: number): Session {
  const month = Number(date.slice(0, 4)) * 12 + Number(date.slice(5, 7)) - 1 + months;
  const year = Math.floor(month / 12);
  const monthOfYear = month - year * 12 + 1;
  const day = Math.min(Number(date.slice(8, 10)), lengthOfMonth(year, monthOfYear));
  return `${String(year).padStart(4, '0')}-${pad(monthOfYear)}-${pad(day)}`;
}

function lengthOfMonth(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

function pad(value: number): string {
  return value < 10 ? `0${value}` : String(value);
}
