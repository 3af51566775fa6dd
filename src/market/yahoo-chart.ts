import { SourceError } from './source.ts';

/** The parts of Yahoo's chart answer that this program reads. Instants are epoch milliseconds. */
export interface Chart {
  readonly symbol: string;
  /** What one bar stands for, `1d`; undefined where Yahoo does not say. */
  readonly granularity: string | undefined;
  /** IANA time zone of the exchange. */
  readonly timeZone: string;
  /** When the symbol was first traded, as far as Yahoo knows. */
  readonly firstTrade: number | undefined;
  /** The decimals that prices of the symbol have (`priceHint`). */
  readonly decimals: number | undefined;
  /** The last traded price and its time. */
  readonly price: number | undefined;
  readonly tradedAt: number | undefined;
  /** The regular hours of one session: from the night after a session they are those of the next. */
  readonly period: { readonly start: number | undefined; readonly end: number } | undefined;
  readonly bars: readonly ChartBar[];
}

export interface ChartBar {
  readonly at: number;
  readonly close: number | null;
  readonly low: number | null;
  readonly high: number | null;
}

/** The longest regular hours: those of currencies and coins, which end a minute before they begin again. */
const LONGEST_PERIOD_MS = 25 * 3_600_000;
/** The end of the year 9999: what is later was written in milliseconds. */
const LAST_INSTANT = 253_402_300_799_999;

/**
 * Reads `chart.result[0]`: what is needed, in whatever of its usual forms it comes, and nothing else. Yahoo leaves out,
 * empties and adds fields all the time (currency null, no longName, new ones such as `fulldayPrice` in 2026), and none of
 * that makes a close wrong.
 * @throws {SourceError} naming the field that cannot be used
 */
export function readChart(result: unknown): Chart {
  const meta = fieldsOf(fieldsOf(result).meta);
  const indicators = fieldsOf(fieldsOf(result).indicators);
  const regular = fieldsOf(fieldsOf(meta.currentTradingPeriod).regular);
  return {
    symbol: requiredText(meta.symbol, 'meta.symbol', "the symbol's name"),
    granularity: typeof meta.dataGranularity === 'string' ? meta.dataGranularity : undefined,
    timeZone: requiredText(meta.exchangeTimezoneName, 'meta.exchangeTimezoneName', 'a time zone'),
    firstTrade: instantOf(meta.firstTradeDate),
    decimals: numberOf(meta.priceHint),
    price: numberOf(meta.regularMarketPrice),
    tradedAt: instantOf(meta.regularMarketTime),
    period: periodOf(instantOf(regular.start), instantOf(regular.end)),
    bars: barsOf(fieldsOf(result).timestamp, fieldsOf(listOf(indicators.quote)[0])),
  };
}

function barsOf(timestamps: unknown, quote: Readonly<Record<string, unknown>>): ChartBar[] {
  const [closes, lows, highs] = [quote.close, quote.low, quote.high].map(listOf);
  if (listOf(timestamps).length > 0 && !Array.isArray(quote.close)) {
    throw refusal('indicators.quote[0].close', quote.close, 'a list of closes');
  }
  // Columns may be shorter than the timestamps.
  const value = (column: readonly unknown[] | undefined, row: number) => numberOf(column?.[row]) ?? null;
  return listOf(timestamps).flatMap((timestamp, row) => {
    if (timestamp === null) return [];
    const at = instantOf(timestamp);
    if (at === undefined) throw refusal(`timestamp[${row}]`, timestamp, 'the seconds since 1970');
    return [{ at, close: value(closes, row), low: value(lows, row), high: value(highs, row) }];
  });
}

function periodOf(start: number | undefined, end: number | undefined): Chart['period'] {
  if (end === undefined) return undefined;
  const fits = start !== undefined && start < end && end - start <= LONGEST_PERIOD_MS;
  return { start: fits ? start : undefined, end };
}

function requiredText(value: unknown, field: string, wanted: string): string {
  if (typeof value === 'string' && value !== '') return value;
  throw refusal(field, value, wanted);
}

/** An answer that cannot be used because of one field. */
export function refusal(field: string, value: unknown, wanted: string): SourceError {
  const shown = value === undefined ? 'is missing' : `is ${(JSON.stringify(value) ?? String(value)).slice(0, 40)}`;
  return new SourceError(
    `Yahoo's answer is not a valid chart: ${field} ${shown}, not ${wanted}; the next run tries again`,
  );
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** A number as Yahoo writes it: as it is, as text, or as `{ raw, fmt }`. */
function numberOf(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  if (typeof value === 'string' && value.trim() !== '') return finite(Number(value));
  const { raw } = fieldsOf(value);
  return typeof raw === 'number' ? raw : undefined;
}

/** An instant: seconds since 1970, or what yahoo-finance2 has made of them. */
function instantOf(value: unknown): number | undefined {
  const seconds = numberOf(value);
  const instant =
    seconds !== undefined
      ? seconds * 1000
      : value instanceof Date
        ? value.getTime()
        : typeof value === 'string'
          ? Date.parse(value)
          : Number.NaN;
  return Math.abs(instant) <= LAST_INSTANT ? instant : undefined;
}

function finite(value: number): number | undefined {
  return Number.isFinite(value) ? value : undefined;
}
