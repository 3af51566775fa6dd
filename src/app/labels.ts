import type { Telling } from '../message/alert.ts';
import { includesDividends, symbolName } from '../settings/settings.ts';
import type { Signal } from '../signal/signal.ts';
import type { App } from './app.ts';

/** How the texts about a signal name it. */
export interface Names {
  readonly title: string;
  readonly index: string;
  readonly benchmarkName: string;
  /** True where the benchmark reinvests dividends. */
  readonly withDividends: boolean;
}

/** What the messages of a signal need beside the facts. */
export function tellingOf(
  { settings, source, now }: Pick<App, 'settings' | 'source' | 'now'>,
  signal: Signal,
): Telling {
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
export function namesOf({ settings }: Pick<App, 'settings'>, signal: Signal): Names {
  return {
    title: signal.title,
    index: signal.index,
    benchmarkName: symbolName(settings, signal.benchmark),
    withDividends: includesDividends(settings, signal.benchmark),
  };
}

/** The same for a signal that is watched, by its id. */
export function namesById(app: Pick<App, 'settings'>): (id: string) => Names {
  const signals = new Map(app.settings.signals.map((signal) => [signal.id, signal]));
  return (id) => {
    const signal = signals.get(id);
    if (signal === undefined) throw new TypeError(`there is no signal ${id}`);
    return namesOf(app, signal);
  };
}
