import type { Close, Session } from '../market/close.ts';
import { byHorizon, type Horizons, less } from './by-horizon.ts';
import { firstOnOrAfter, outcomeAfter, outcomesByHorizon } from './outcomes.ts';
import type { Joined, Series } from './series.ts';
import { upTo } from './signal-closes.ts';
import { mean } from './statistics.ts';
import { type HorizonStatistics, type Study, statisticsOf } from './study.ts';
import { NO_YARDSTICK, yardsticksOf } from './yardstick.ts';

/** Months. */
const YEAR = 12;

export interface Span {
  readonly from: Session;
  readonly to: Session;
}

/** The same events on other closes. */
export interface SeriesStudy extends Span {
  readonly symbol: string;
  /** Null where the series begins with its own closes. */
  readonly joined: Joined | null;
  readonly horizons: Horizons<SeriesHorizon>;
}

export interface SeriesHorizon extends HorizonStatistics {
  /** Mean less that over any day of the same span: of the benchmark for the index itself, of the series itself with dividends. */
  readonly excess: number | null;
  /** The any-day mean that this is the excess over. */
  readonly excessOver: number | null;
  /** The mean of the benchmark's price return after the same events. */
  readonly priceMean: number | null;
}

/**
 * The outcomes of the events of a study on other closes.
 * @param compared the closes whose any day, from the first to the last close of the series, the events are compared with
 */
export function seriesStudy(
  plain: Study,
  { symbol, closes, joined }: Series,
  horizons: readonly number[],
  compared: readonly Close[],
): SeriesStudy {
  const [from = '', to = ''] = [closes[0]?.session, closes.at(-1)?.session];
  const begin = from > plain.span.from ? from : plain.span.from;
  // The days that could have been compared with the events: since the index's first close.
  const yardsticks = yardsticksOf(closes, begin, plain.waits, horizons);
  const anyDay = compared === closes ? undefined : outcomesByHorizon(upTo(compared, to), begin, horizons);
  return {
    symbol,
    from: closes[firstOnOrAfter(closes, begin)]?.session ?? from,
    to,
    joined: joined ?? null,
    horizons: byHorizon(horizons, (months, position) => {
      const known = plain.events.flatMap(({ session, outcomes }) => {
        const value = outcomeAfter(closes, session, months);
        return value === null ? [] : [{ value, price: outcomes[months] ?? null }];
      });
      const statistics = statisticsOf(
        known.map(({ value }) => value),
        yardsticks[position] ?? NO_YARDSTICK,
      );
      const excessOver = anyDay === undefined ? statistics.baseMean : mean(anyDay[position] ?? []);
      return {
        ...statistics,
        excess: less(statistics.mean, excessOver),
        excessOver,
        priceMean: mean(known.flatMap(({ price }) => price ?? [])),
      };
    }),
  };
}

/** A year after the same events with dividends; null where no close of such a series is known. */
export function yearWithDividends(plain: Study, dividends: Series | undefined): SeriesHorizon | null {
  if (dividends === undefined || dividends.closes.length === 0) return null;
  return seriesStudy(plain, dividends, [YEAR], dividends.closes).horizons[YEAR] ?? null;
}
