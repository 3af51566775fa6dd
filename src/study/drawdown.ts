import { type Close, exactOf } from '../market/close.ts';

/** The deepest fall of a window from an earlier high of the same window. */
export interface Fall {
  /** As a fraction ≤ 0. */
  readonly depth: number;
  /** Position of its low; of the window's first close where nothing fell. */
  readonly low: number;
}

/** The deepest fall from one position to another, the first one where several are as deep; null where a position is missing. */
export function deepestFall(benchmark: readonly Close[], entry: number, exit: number): Fall | null {
  if (entry < 0 || exit < 0) return null;
  let peak = 0;
  let deepest: Fall = { depth: 0, low: entry };
  for (let position = entry; position <= exit; position++) {
    const at = benchmark[position];
    const close = at === undefined ? 0 : exactOf(at);
    peak = Math.max(peak, close);
    const depth = close / peak - 1;
    if (depth < deepest.depth) deepest = { depth, low: position };
  }
  return deepest;
}

/** The maximum drawdown from one position to another, as a fraction ≤ 0; null where one of them is missing. */
export function maxDrawdown(benchmark: readonly Close[], entry: number, exit: number): number | null {
  return deepestFall(benchmark, entry, exit)?.depth ?? null;
}
