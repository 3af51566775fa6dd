import { type Close, exactOf } from '../market/close.ts';
import { deepestFall } from './drawdown.ts';

/** What happened inside one window, from an event to a horizon. */
export interface WindowFigures {
  /** The maximum drawdown: the deepest fall from an earlier high of the window, as a fraction ≤ 0. */
  readonly drawdown: number;
  /** Sessions from the event to the low of that fall; 0 where nothing fell. */
  readonly troughSessions: number;
  /** The largest gain: the highest close of the window against the event's own, as a fraction ≥ 0. */
  readonly gain: number;
}

/** A window as positions of its first and last close. */
export interface Window {
  readonly entry: number;
  readonly exit: number;
}

/** The figures of a window of the benchmark; null where one of its ends is missing. */
export function windowFigures(benchmark: readonly Close[], { entry, exit }: Window): WindowFigures | null {
  const from = benchmark[entry];
  const fall = deepestFall(benchmark, entry, exit);
  if (from === undefined || fall === null) return null;
  const start = exactOf(from);
  const highest = benchmark.slice(entry, exit + 1).reduce((best, close) => Math.max(best, exactOf(close)), start);
  return { drawdown: fall.depth, troughSessions: fall.low - entry, gain: highest / start - 1 };
}

/**
 * How far windows stand on the same sessions.
 * @returns how many overlap with another one, and the greatest number of them that do not overlap: the windows that
 * are independent
 */
export function overlapOf(windows: readonly Window[]): { readonly overlapping: number; readonly independent: number } {
  const overlapping = windows.filter((window) =>
    windows.some((other) => other !== window && other.entry < window.exit && window.entry < other.exit),
  ).length;
  // Greedy by the earliest end is optimal: J. Kleinberg, É. Tardos, Algorithm Design (2005), section 4.1.
  let independent = 0;
  let end = -1;
  for (const { entry, exit } of windows.toSorted((a, b) => a.exit - b.exit)) {
    if (independent > 0 && entry < end) continue;
    independent++;
    end = exit;
  }
  return { overlapping, independent };
}
