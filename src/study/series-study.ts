import type { Close, Session } from '../market/close.ts';
import { byHorizon, type Horizons, less } from './by-horizon.ts';
import { outcomeAfter } from './outcomes.ts';
import { mean } from './statistics.ts';
import { type HorizonStatistics, type Study, statisticsOf } from './study.ts';
import { NO_YARDSTICK, yardsticksOf } from './yardstick.ts';

/** A series of closes under its symbol. */
export interface Series {
  readonly symbol: string;
  readonly closes: readonly Close[];
}

export interface Span {
  readonly from: Session;
  readonly to: Session;
}

/** The same events on other closes. */
export interface SeriesStudy extends Span {
  readonly symbol: string;
  readonly horizons: Horizons<SeriesHorizon>;
}

export interface SeriesHorizon extends HorizonStatistics {
  /** Mean less that over any day: of the benchmark for the index itself, of the series itself with dividends. */
  readonly excess: number | null;
  /** The mean of the benchmark's price return after the same events. */
  readonly priceMean: number | null;
}

/** The outcomes of the events of a study on other closes. */
export function seriesStudy(
  plain: Study,
  { symbol, closes }: Series,
  horizons: readonly number[],
  baseOf: (statistics: HorizonStatistics, months: number) => number | null,
): SeriesStudy {
  const [from = '', to = ''] = [closes[0]?.session, closes.at(-1)?.session];
  const begin = from > plain.span.from ? from : plain.span.from;
  // The days that could have been compared with the events: since the index's first close.
  const yardsticks = yardsticksOf(closes, begin, plain.waits, horizons);
  return {
    symbol,
    from,
    to,
    horizons: byHorizon(horizons, (months, position) => {
      const known = plain.events.flatMap(({ session, outcomes }) => {
        const value = outcomeAfter(closes, session, months);
        return value === null ? [] : [{ value, price: outcomes[months] ?? null }];
      });
      const statistics = statisticsOf(
        known.map(({ value }) => value),
        yardsticks[position] ?? NO_YARDSTICK,
      );
      return {
        ...statistics,
        excess: less(statistics.mean, baseOf(statistics, months)),
        priceMean: mean(known.flatMap(({ price }) => price ?? [])),
      };
    }),
  };
}
