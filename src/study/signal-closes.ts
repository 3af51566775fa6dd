import type { Close, Session } from '../market/close.ts';
import type { Exchange } from '../market/exchange.ts';
import { type IndexHistory, joinHistory } from '../signal/first-record.ts';
import type { Signal } from '../signal/signal.ts';
import { lastOnOrBefore } from './outcomes.ts';
import type { Series } from './series.ts';

/** The closes that one signal is judged by, ascending by session. */
export interface SignalCloses {
  /** Record closes from before the source's history. */
  readonly before: readonly Close[];
  readonly index: readonly Close[];
  readonly benchmark: readonly Close[];
  /** The benchmark with dividends; absent where no such series is set up. Nothing is decided by it. */
  readonly dividends?: Series | undefined;
  /** Where the index trades; by default in New York. */
  readonly exchange?: Exchange | undefined;
}

/** The joined history of the index. */
export function historyOf(
  signal: Signal,
  { before, index, exchange }: Pick<SignalCloses, 'before' | 'index' | 'exchange'>,
): IndexHistory {
  return { ...joinHistory(before, signal.beforeHistory?.until, index), exchange };
}

/** The closes up to and including a date. */
export function upTo(closes: readonly Close[], date: Session): readonly Close[] {
  return closes.slice(0, lastOnOrBefore(closes, date) + 1);
}
