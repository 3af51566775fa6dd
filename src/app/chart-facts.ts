import type { OutcomeChartFacts } from '../chart/outcome-chart.ts';
import type { RecordChartFacts } from '../chart/record-chart.ts';
import type { Settings } from '../settings/settings.ts';
import { symbolName } from '../settings/symbols.ts';
import { detect } from '../signal/first-record.ts';
import type { Signal } from '../signal/signal.ts';
import { historyOf, type SignalCloses } from '../study/signal-closes.ts';

/** What the two charts of a signal are drawn from. */
export interface ChartFacts {
  readonly record: RecordChartFacts;
  readonly outcomes: OutcomeChartFacts;
}

/** The charts of a signal as its closes stand; undefined while the index has none. */
export function chartFacts(
  settings: Pick<Settings, 'symbols'>,
  signal: Signal,
  signalCloses: SignalCloses,
): ChartFacts | undefined {
  const history = historyOf(signal, signalCloses);
  const { events } = detect(history, signal.quietYears);
  const from = history.closes[0]?.session;
  if (from === undefined) return undefined;
  return {
    record: { indexName: symbolName(settings, signal.index), closes: history.closes, events },
    outcomes: {
      benchmarkName: symbolName(settings, signal.benchmark),
      benchmark: signalCloses.benchmark,
      events: events.map(({ session }) => session),
      from,
    },
  };
}
