import type { SignalLabels } from '../message/alert.ts';
import { includesDividends, symbolName } from '../settings/symbols.ts';
import type { Signal } from '../signal/signal.ts';
import type { App } from './app.ts';

/** What the messages of a signal need beside the facts. */
export function labelsOf(
  { settings, source, now }: Pick<App, 'settings' | 'source' | 'now'>,
  signal: Signal,
): SignalLabels {
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

/** The same for a signal that is watched, by its id. */
export function labelsById(app: Pick<App, 'settings' | 'source' | 'now'>): (id: string) => SignalLabels {
  const signals = new Map(app.settings.signals.map((signal) => [signal.id, signal]));
  return (id) => {
    const signal = signals.get(id);
    if (signal === undefined) throw new TypeError(`there is no signal ${id}`);
    return labelsOf(app, signal);
  };
}
