import type { Session } from '../../src/market/close.ts';

/** Start and end of a part of the trading day, in epoch seconds. */
export interface TradingPeriod {
  timezone: string;
  start: number;
  end: number;
  gmtoffset: number;
}

/** The bars of an answer, one array per column. */
export interface ChartQuote {
  open: (number | null)[];
  high: (number | null)[];
  low: (number | null)[];
  close: (number | null)[];
  volume: (number | null)[];
}

/**
 * Yahoo's `chart.result[0]`. With no timestamps left it is sent as Yahoo does: none, and an empty quote. Fields as in the
 * answers of June 2025 and October 2026 that the repository gadicc/yahoo-finance2 has recorded below `tests/fixtures/http`
 * (`chart-LUCYW-null-currency.json`, `chart-AAPL-2020-01-01-to-2020-01-03.json`).
 */
export interface ChartAnswer {
  meta: {
    currency: string | null;
    symbol: string;
    exchangeName: string;
    fullExchangeName: string;
    instrumentType: string;
    firstTradeDate: number | null;
    regularMarketTime: number;
    hasPrePostMarketData: boolean;
    gmtoffset: number;
    timezone: string;
    exchangeTimezoneName: string;
    regularMarketPrice: number;
    regularMarketChangePercent: number;
    fulldayPrice: number;
    fulldayChange: number;
    fulldayChangePercent: number;
    regularMarketDayHigh: number;
    regularMarketDayLow: number;
    longName: string | null;
    shortName: string | null;
    chartPreviousClose: number | null;
    priceHint: number;
    currentTradingPeriod: { pre: TradingPeriod; regular: TradingPeriod; post: TradingPeriod };
    dataGranularity: string;
    range: string;
    validRanges: string[];
  };
  timestamp: number[];
  indicators: { quote: [ChartQuote]; adjclose: [{ adjclose: (number | null)[] }] };
}

/** Changes columns of one session's bar, where it is served: `editBar(chart, '2025-09-18', { close: null })`. */
export function editBar(
  chart: ChartAnswer,
  session: Session,
  change: Partial<Record<keyof ChartQuote, number | null>>,
): void {
  const index = indexOfBar(chart, session);
  if (index < 0) return;
  for (const column of Object.keys(change) as (keyof ChartQuote)[]) {
    chart.indicators.quote[0][column][index] = change[column] ?? null;
  }
}

/** Takes one session's bar out, as Yahoo loses sessions. */
export function removeBar(chart: ChartAnswer, session: Session): void {
  const index = indexOfBar(chart, session);
  if (index < 0) return;
  for (const column of columns(chart)) column.splice(index, 1);
}

/** Sends the last bar twice, as Yahoo does around the close: the second one at the market's time. */
export function repeatLastBar(chart: ChartAnswer): void {
  for (const column of columns(chart)) column.push(...column.slice(-1));
  chart.timestamp.splice(-1, 1, chart.meta.regularMarketTime);
}

function columns(chart: ChartAnswer): (number | null)[][] {
  const { quote, adjclose } = chart.indicators;
  return [chart.timestamp as (number | null)[], ...Object.values(quote[0]), adjclose[0].adjclose];
}

function indexOfBar(chart: ChartAnswer, session: Session): number {
  return chart.timestamp.findIndex((time) => new Date(time * 1000).toISOString().startsWith(session));
}

/** Yahoo's answers about ^RUT with every price from one session to another multiplied. */
export function multiply(factor: (session: string) => number): (chart: ChartAnswer, symbol: string) => void {
  return (chart, symbol) => {
    if (symbol !== '^RUT') return;
    for (const [row, time] of chart.timestamp.entries()) {
      const session = new Date(time * 1000).toISOString().slice(0, 10);
      const quote = chart.indicators.quote[0];
      for (const column of ['open', 'high', 'low', 'close'] as const satisfies readonly (keyof ChartQuote)[]) {
        const price = quote[column][row];
        if (price != null) quote[column][row] = price * factor(session);
      }
    }
    const newest = new Date(chart.meta.regularMarketTime * 1000).toISOString().slice(0, 10);
    chart.meta.regularMarketPrice *= factor(newest);
  };
}
