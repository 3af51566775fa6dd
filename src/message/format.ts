import type { Session } from '../market/close.ts';
import { newYorkDate, newYorkTime } from '../market/new-york.ts';
import { addMonths, dateText, daysBetween } from '../market/session.ts';

const WEEKDAYS = ['Thursday', 'Friday', 'Saturday', 'Sunday', 'Monday', 'Tuesday', 'Wednesday'];

/** Index points with two decimals, 2,467.70; a small number with as many as it has, 1.0837. */
export function points(close: number): string {
  const [whole = '', decimals] = close.toFixed(decimalsOf(close)).split('.');
  return `${grouped(whole)}.${decimals}`;
}

/** What stands in a number at most, in digits from its first one on: more would be noise. */
const DIGITS = 6;

function decimalsOf(close: number): number {
  if (!(close > 0 && close < 100)) return 2;
  const most = Math.max(2, DIGITS - Math.ceil(Math.log10(close)));
  let decimals = 2;
  while (decimals < most && Math.abs(close - Number(close.toFixed(decimals))) > close * 1e-9) decimals++;
  return decimals;
}

/** A whole number with thousands separators: 11,523. */
export function count(value: number): string {
  return grouped(String(value));
}

/** A change with its sign: +2.51%. `digits` decimals. */
export function change(fraction: number, digits = 1): string {
  const text = Math.abs(fraction * 100).toFixed(digits);
  if (Number(text) === 0) return `${text}%`;
  return `${fraction > 0 ? '+' : '−'}${text}%`;
}

/** A share without a sign: 91%, 78.5%. */
export function share(fraction: number, digits = 0): string {
  return `${(fraction * 100).toFixed(digits)}%`;
}

/** A probability: 0.28; what rounds to nothing as <0.001. */
export function probability(p: number): string {
  if (p < 0.001) return '<0.001';
  return p.toFixed(p < 0.1 ? 3 : 2);
}

/** A date as people write it: 18 Sep 2025. */
export const date = dateText;

/** A date with its day of the week: Thursday, 18 Sep 2025. */
export function longDate(session: Session): string {
  const day = daysBetween('1970-01-01', session);
  return `${WEEKDAYS[((day % 7) + 7) % 7]}, ${date(session)}`;
}

/** An instant (epoch milliseconds) in New York: 18 Sep 2025, 16:45 New York. */
export function instant(time: number): string {
  return `${date(newYorkDate(time))}, ${newYorkTime(time)} New York`;
}

/** The calendar time between two dates in words: 3 years, 10 months and 10 days. */
export function calendarTime(from: Session, to: Session): string {
  let months = 0;
  while (addMonths(from, months + 1) <= to) months++;
  const parts = [
    plural(Math.floor(months / 12), 'year'),
    plural(months % 12, 'month'),
    plural(daysBetween(addMonths(from, months), to), 'day'),
  ].filter((part) => !part.startsWith('0 '));
  return list(parts) || '0 days';
}

/** A count and its noun: 1 session, 968 sessions. */
export function plural(value: number, noun: string): string {
  return `${count(value)} ${noun}${value === 1 ? '' : 's'}`;
}

/** A list in words: a, b and c. */
export function list(parts: readonly string[], last: 'and' | 'or' = 'and'): string {
  return parts.length < 2 ? (parts[0] ?? '') : `${parts.slice(0, -1).join(', ')} ${last} ${parts.at(-1)}`;
}

/** How many of a long list are named. */
const NAMED = 10;

/** A rank: 1st, 2nd, 11th. */
export function ordinal(rank: number): string {
  const tens = rank % 100 > 10 && rank % 100 < 14;
  return `${count(rank)}${(tens ? undefined : ['', 'st', 'nd', 'rd'][rank % 10]) || 'th'}`;
}

/** A list of names: a, b, c; of a long one the first, and how many more there are. */
export function firstOf(names: readonly string[]): string {
  const more = names.length - NAMED;
  return more > 0 ? `${names.slice(0, NAMED).join(', ')} and ${count(more)} more` : names.join(', ');
}

/** A horizon in words: 3 months, 12 months. */
export function horizon(months: number): string {
  return plural(months, 'month');
}

/** The text with its first letter in upper case. */
export function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

function grouped(digits: string): string {
  return digits.replace(/\B(?=(\d{3})+$)/g, ',');
}
