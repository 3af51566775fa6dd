import { type Stats, statSync } from 'node:fs';
import { type Close, exactOf, type Session } from '../market/close.ts';
import { readCloses } from '../market/csv.ts';
import type { Exchange } from '../market/exchange.ts';
import { SourceError } from '../market/source.ts';
import type { Signal } from '../signal/signal.ts';
import { firstOnOrAfter } from '../study/outcomes.ts';
import type { Series } from '../study/series.ts';
import type { SignalCloses } from '../study/signal-closes.ts';
import type { App } from './app.ts';
import { totalReturnOf } from './total-return.ts';

/** The closes that a signal is judged by, up to `asOf`. */
export function signalCloses(app: Pick<App, 'closes' | 'settings'>, signal: Signal, asOf?: Session): SignalCloses {
  const index = app.closes.accepted(signal.index, asOf);
  // Of an index that was never read nobody knows yet where it trades.
  const there = index.length === 0 ? null : app.closes.exchange(signal.index);
  const before = signal.beforeHistory === undefined ? [] : joinedRecords(signal.beforeHistory, index, there);
  let benchmark: readonly Close[] | undefined;
  let dividends: Series | undefined;
  return {
    before: asOf === undefined ? before : before.filter(({ session }) => session <= asOf),
    exchange: app.closes.exchange(signal.index),
    index,
    // Read when it is asked for: on a quiet day nobody needs it.
    get benchmark() {
      benchmark ??= app.closes.accepted(signal.benchmark, asOf);
      return benchmark;
    },
    get dividends() {
      dividends ??= totalReturnOf(app, signal.benchmark, asOf);
      return dividends;
    },
  };
}

/**
 * The record closes of the file on the scale of the source: should it ever divide its index by a hundred, the one close
 * that both were joined by says so.
 */
function joinedRecords(
  { file, until, close }: NonNullable<Signal['beforeHistory']>,
  index: readonly Close[],
  exchange: Exchange | null,
): readonly Close[] {
  const records = recordsBefore(file, exchange);
  const joint = index[firstOnOrAfter(index, until)];
  if (close === undefined || joint?.session !== until) return records;
  const factor = exactOf(joint) / close;
  return Math.abs(factor - 1) <= SAME_SCALE
    ? records
    : records.map((record) => ({ ...record, close: record.close * factor }));
}

/** What is nearer than this fraction is a revised or simulated close of the same scale, not another scale. */
const SAME_SCALE = 0.1;

const readBefore = new Map<string, { readonly mark: string; readonly closes: readonly Close[] }>();

/**
 * The record closes of a file, read again only when it has changed.
 * @param exchange whose days they must be; null where that does not matter
 */
export function recordsBefore(file: string, exchange: Exchange | null): readonly Close[] {
  const { mtimeMs, size } = statOf(file);
  const mark = `${mtimeMs} ${size}`;
  const key = `${exchange?.timeZone} ${file}`;
  const known = readBefore.get(key);
  if (known?.mark === mark) return known.closes;
  const closes = readCloses(file, exchange);
  readBefore.set(key, { mark, closes });
  return closes;
}

function statOf(file: string): Stats {
  try {
    return statSync(file);
  } catch (error) {
    throw new SourceError(
      `${file} cannot be read (${(error as NodeJS.ErrnoException).code}), so nothing is evaluated; restore it, or remove beforeHistory from signals.json`,
      { cause: error },
    );
  }
}
