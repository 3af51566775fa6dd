import { type Close, exactOf, type Session } from '../market/close.ts';
import { addMonths } from '../market/session.ts';
import type { Window } from './windows.ts';

/**
 * Position of the last close on or before `date` in closes ascending by session; −1 where all are later.
 */
export function lastOnOrBefore(closes: readonly { readonly session: Session }[], date: Session): number {
  let low = 0;
  let high = closes.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((closes[middle]?.session ?? '') <= date) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** Position of the first close on or after `date` in closes ascending by session; their number where all are earlier. */
export function firstOnOrAfter(closes: readonly { readonly session: Session }[], date: Session): number {
  const position = lastOnOrBefore(closes, date);
  return closes[position]?.session === date ? position : position + 1;
}

/**
 * Position of the benchmark close that an event of `session` starts from: the session's own; where the benchmark has
 * none, its last before, once a later one is known. −1 until then.
 */
export function entryPosition(benchmark: readonly Close[], session: Session): number {
  const position = lastOnOrBefore(benchmark, session);
  const own = benchmark[position]?.session === session;
  return own || position + 1 < benchmark.length ? position : -1;
}

/**
 * Position of the benchmark's last close on or before `session` + `months` calendar months; −1 while no benchmark close
 * exists on or after that day: the outcome is not reached.
 */
export function exitPosition(benchmark: readonly Close[], session: Session, months: number): number {
  const target = addMonths(session, months);
  const last = benchmark.at(-1);
  return last === undefined || last.session < target ? -1 : lastOnOrBefore(benchmark, target);
}

/** The return from one position to another, as a fraction (0.145 = +14.5%); null where one of them is missing. */
export function outcome(benchmark: readonly Close[], entry: number, exit: number): number | null {
  const from = benchmark[entry];
  const to = benchmark[exit];
  return from === undefined || to === undefined ? null : exactOf(to) / exactOf(from) - 1;
}

/** The window of an event from its session to `months` calendar months later. */
export function windowOf(closes: readonly Close[], session: Session, months: number): Window {
  const entry = entryPosition(closes, session);
  return { entry, exit: entry < 0 ? -1 : exitPosition(closes, session, months) };
}

/** The return over that window, as a fraction; null while it is not reached. */
export function outcomeAfter(closes: readonly Close[], session: Session, months: number): number | null {
  const { entry, exit } = windowOf(closes, session, months);
  return outcome(closes, entry, exit);
}

/**
 * Per horizon, in calendar months, the outcomes of every benchmark session from `from` on whose outcome is reached: what
 * any day brought, event or not. Both ends move forward together, so one pass is enough.
 */
export function outcomesByHorizon(
  benchmark: readonly Close[],
  from: Session,
  horizons: readonly number[],
): Float64Array[] {
  const closes = closesOf(benchmark);
  return exitsByHorizon(benchmark, from, horizons).map(({ first, exits }) => {
    const returns = new Float64Array(exits.length);
    for (let day = 0; day < exits.length; day++) {
      returns[day] = (closes[exits[day] ?? 0] ?? 0) / (closes[first + day] ?? 0) - 1;
    }
    return returns;
  });
}

/** The closes as numbers alone. */
export function closesOf(closes: readonly Close[]): Float64Array {
  const values = new Float64Array(closes.length);
  for (let position = 0; position < values.length; position++) {
    const close = closes[position];
    values[position] = close === undefined ? 0 : exactOf(close);
  }
  return values;
}

/** Every session from a position on whose outcome is reached: the positions of their exits. */
export interface AnyDayExits {
  readonly first: number;
  readonly exits: Int32Array;
}

/** The exits of every session from `from` on, per horizon in calendar months. */
export function exitsByHorizon(benchmark: readonly Close[], from: Session, horizons: readonly number[]): AnyDayExits[] {
  const dates = new Int32Array(benchmark.length);
  for (let position = 0; position < dates.length; position++) {
    dates[position] = toNumber(benchmark[position]?.session ?? '');
  }
  const first = firstOnOrAfter(benchmark, from);
  return horizons.map((months) => {
    const exits = new Int32Array(Math.max(0, firstUnreached(benchmark, months) - first));
    let exit = first;
    for (let day = 0; day < exits.length; day++) {
      const entry = first + day;
      const target = (dates[entry] ?? 0) + months * A_MONTH;
      if (exit < entry) exit = entry;
      while (exit + 1 < dates.length && (dates[exit + 1] ?? 0) <= target) exit++;
      exits[day] = exit;
    }
    return { first, exits };
  });
}

/** Position of the first session whose outcome after `months` is not reached: it grows with the session. */
function firstUnreached(benchmark: readonly Close[], months: number): number {
  const last = benchmark.at(-1)?.session ?? '';
  let low = 0;
  let high = benchmark.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (addMonths(benchmark[middle]?.session ?? '', months) <= last) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** More than a month has days. */
const A_MONTH = 32;

/**
 * A date as months since the year 0 times 32, plus its day: numbers in the order of the dates, and months later is an
 * addition. The day is not cut to the length of the later month (30 February): no session lies between the last day of a
 * month and a day that it does not have, so what is on or before it is the same.
 */
function toNumber(session: Session): number {
  const digit = (at: number) => session.charCodeAt(at) - 48;
  const year = digit(0) * 1000 + digit(1) * 100 + digit(2) * 10 + digit(3);
  return (year * 12 + digit(5) * 10 + digit(6) - 1) * A_MONTH + digit(8) * 10 + digit(9);
}
