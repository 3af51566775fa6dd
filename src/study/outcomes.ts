import type { Close, Session } from '../market/close.ts';
import { addMonths } from '../market/session.ts';

/**
 * Position of the last close on or before `date` in closes ascending by session; −1 where all are later.
 */
export function lastOnOrBefore(closes: readonly Close[], date: Session): number {
  let low = 0;
  let high = closes.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((closes[middle]?.session ?? '') <= date) low = middle + 1;
    else high = middle;
  }
  return low - 1;
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
  return from === undefined || to === undefined ? null : to.close / from.close - 1;
}

/**
 * The maximum drawdown from one position to another: the deepest fall from an earlier high of the same window, as a
 * fraction ≤ 0; null where one position is missing.
 */
export function maxDrawdown(benchmark: readonly Close[], entry: number, exit: number): number | null {
  if (entry < 0 || exit < 0) return null;
  let peak = 0;
  let deepest = 0;
  for (let position = entry; position <= exit; position++) {
    const close = benchmark[position]?.close ?? 0;
    peak = Math.max(peak, close);
    deepest = Math.min(deepest, close / peak - 1);
  }
  return deepest;
}

/**
 * The outcomes of every benchmark session from `from` on whose outcome after `months` is reached: what any day
 * brought, event or not. Both ends move forward together, so one pass is enough.
 */
export function outcomesOfAllSessions(benchmark: readonly Close[], from: Session, months: number): Float64Array {
  const last = benchmark.at(-1)?.session ?? '';
  const returns = new Float64Array(benchmark.length);
  let count = 0;
  let exit = 0;
  for (let entry = lastOnOrBefore(benchmark, from); entry < benchmark.length; entry++) {
    const start = benchmark[entry];
    if (start === undefined || start.session < from) continue;
    const target = addMonths(start.session, months);
    if (target > last) break;
    exit = Math.max(exit, entry);
    while ((benchmark[exit + 1]?.session ?? '9999') <= target) exit++;
    returns[count++] = (benchmark[exit]?.close ?? 0) / start.close - 1;
  }
  return returns.subarray(0, count);
}
