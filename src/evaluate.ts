import { createHash } from 'node:crypto';
import { type Stats, statSync } from 'node:fs';
import type { Close, Session } from './market/close.ts';
import { readCloses } from './market/csv.ts';
import type { Exchange } from './market/exchange.ts';
import { awaitedValue } from './market/sanity.ts';
import { SourceError } from './market/source.ts';
import type { Telling } from './message/alert.ts';
import type { Fresh } from './read-closes.ts';
import { isNewlyRestated } from './read-restated.ts';
import type { Evaluation } from './reconcile.ts';
import type { Names } from './report-lines.ts';
import { includesDividends, symbolName } from './settings.ts';
import { detect } from './signal/first-record.ts';
import type { Signal } from './signal/signal.ts';
import { firstOnOrAfter } from './study/outcomes.ts';
import { historyOf, type SignalCloses } from './study/signal-closes.ts';
import type { World } from './world.ts';

/**
 * Everything that a decision about one signal is made from.
 * @param fresh what was read from the source in this run
 */
export function evaluate(world: World, signal: Signal, fresh: Fresh = new Map(), asOf?: Session): Evaluation {
  const closes = signalCloses(world, signal, asOf);
  const asRead = asOf === undefined ? closesAsRead(world, signal, closes) : undefined;
  return {
    telling: tellingOf(world, signal),
    closes,
    detection: detect(historyOf(signal, closes), signal.quietYears),
    ...(asRead && { asRead: { closes: asRead, detection: detect(historyOf(signal, asRead), signal.quietYears) } }),
    settings: ruleMark(signal),
    newlyRestated: [signal.index, signal.benchmark].some((symbol) => isNewlyRestated(world, symbol)),
    fresh: fresh.get(signal.index),
    now: world.now(),
    channels: world.channels.map(({ id }) => id),
    known: (session) => ({
      close: world.closes.known(signal.index, session).find((row) => row.session === session),
      revisions: world.closes.revisions(signal.index, session),
    }),
  };
}

/** What `act` makes of a signal; undefined where a file of its closes cannot be read: that is told, and stops no other signal. */
export function whereReadable<T>(act: () => T): T | undefined {
  try {
    return act();
  } catch (error) {
    if (error instanceof SourceError) return undefined;
    throw error;
  }
}

/** Changes with everything that decides which closes are events; titles and horizons do not. */
function ruleMark({ index, benchmark, quietYears, beforeHistory }: Signal): string {
  const before = beforeHistory === undefined ? [] : recordsBefore(beforeHistory.file, null);
  const rule = JSON.stringify([index, benchmark, quietYears, beforeHistory?.until ?? null, before]);
  return createHash('sha256').update(rule).digest('hex').slice(0, 12);
}

/** The closes that a signal is judged by, up to `asOf`. */
export function signalCloses(world: Pick<World, 'closes'>, signal: Signal, asOf?: Session): SignalCloses {
  const index = world.closes.believed(signal.index, asOf);
  // Of an index that was never read nobody knows yet where it trades.
  const there = index.length === 0 ? null : world.closes.exchange(signal.index);
  const before = signal.beforeHistory === undefined ? [] : joinedRecords(signal.beforeHistory, index, there);
  let benchmark: readonly Close[] | undefined;
  return {
    before: asOf === undefined ? before : before.filter(({ session }) => session <= asOf),
    exchange: world.closes.exchange(signal.index),
    index,
    // Read when it is asked for: on a quiet day nobody needs it.
    get benchmark() {
      benchmark ??= world.closes.believed(signal.benchmark, asOf);
      return benchmark;
    },
  };
}

/** The closes with each value that waits for its second reading in the place of the one before; undefined: none waits. */
function closesAsRead({ closes: store, now }: World, signal: Signal, closes: SignalCloses): SignalCloses | undefined {
  const awaited = (symbol: string) =>
    new Map(
      store.held(symbol).flatMap((row) => {
        const value = awaitedValue(row, now());
        return value === undefined ? [] : [[row.session, value] as const];
      }),
    );
  const [ofIndex, ofBenchmark] = [awaited(signal.index), awaited(signal.benchmark)];
  if (ofIndex.size + ofBenchmark.size === 0) return undefined;
  const withAwaited = (rows: readonly Close[], values: ReadonlyMap<Session, number>) =>
    rows.map((row) => ({ ...row, close: values.get(row.session) ?? row.close }));
  return {
    ...closes,
    index: withAwaited(closes.index, ofIndex),
    benchmark: withAwaited(closes.benchmark, ofBenchmark),
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
  const factor = joint.close / close;
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
function recordsBefore(file: string, exchange: Exchange | null): readonly Close[] {
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
      `${file} cannot be read (${(error as NodeJS.ErrnoException).code}), so nothing is evaluated; put it back, or take beforeHistory out of config/signals.json`,
      { cause: error },
    );
  }
}

/** What the messages of a signal need beside the facts. */
export function tellingOf({ settings, source, now }: World, signal: Signal): Telling {
  const origins = { yahoo: 'Yahoo Finance', csv: 'CSV files', demo: 'the demo' };
  return {
    signal,
    indexName: settings.symbols[signal.index]?.name ?? signal.title,
    benchmarkName: symbolName(settings, signal.benchmark),
    origin: origins[source.name],
    sourceNote: source.note,
    withDividends: includesDividends(settings, signal.benchmark),
    createdAt: new Date(now()).toISOString(),
  };
}

/** How the texts about a signal name it. */
export function namesOf({ settings }: World, signal: Signal): Names {
  return {
    title: signal.title,
    index: signal.index,
    benchmarkName: symbolName(settings, signal.benchmark),
    withDividends: includesDividends(settings, signal.benchmark),
  };
}

/** The same for a signal that is watched, by its id. */
export function namesById(world: World): (id: string) => Names {
  const signals = new Map(world.settings.signals.map((signal) => [signal.id, signal]));
  return (id) => {
    const signal = signals.get(id);
    if (signal === undefined) throw new TypeError(`there is no signal ${id}`);
    return namesOf(world, signal);
  };
}
