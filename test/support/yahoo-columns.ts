import { type Close, roundClose, type Session } from '../../src/market/close.ts';

/** The closes of a symbol as columns of an answer, a row for each session, ascending. */
export interface Columns {
  /** When each session opens, epoch seconds. */
  readonly opening: readonly number[];
  readonly open: readonly number[];
  readonly high: readonly number[];
  readonly low: readonly number[];
  readonly close: readonly number[];
}

interface Worked extends Columns {
  readonly key: string;
  readonly last: Close | undefined;
}

const known = new WeakMap<readonly Close[], Worked>();

/**
 * The columns of a list of closes. Remembered with the list, as long as it ends as it did: most stories ask for the same
 * ten thousand sessions, and each of them more than once.
 * @param opening epoch seconds
 * @param key what `opening` depends on
 */
export function columnsOf(closes: readonly Close[], key: string, opening: (session: Session) => number): Columns {
  const last = closes.at(-1);
  const before = known.get(closes);
  if (before?.key === key && before.last === last && before.close.length === closes.length) return before;
  const worked = {
    key,
    last,
    opening: closes.map(({ session }) => opening(session)),
    open: closes.map(({ close }) => float(close * 0.999)),
    high: closes.map(({ close }) => float(close * 1.005)),
    low: closes.map(({ close }) => float(close * 0.995)),
    close: closes.map(({ close }) => float(close)),
  };
  known.set(closes, worked);
  return worked;
}

/** How many of ascending numbers are below a limit. */
export function countBelow(numbers: readonly number[], limit: number): number {
  let [from, to] = [0, numbers.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if ((numbers[middle] ?? 0) < limit) from = middle + 1;
    else to = middle;
  }
  return from;
}

/** Yahoo's numbers are single precision: 2467.7 comes as 2467.699951171875. */
function float(value: number): number {
  return Math.fround(roundClose(value));
}
