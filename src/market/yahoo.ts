import { CALENDAR_FROM, SETTLE_MS } from './calendar.ts';
import type { Session } from './close.ts';
import { exchangeIn, timeOfDay } from './exchange.ts';
import { withMutedConsole } from './muted.ts';
import { type Patience, withRetries } from './retry.ts';
import { isDate, isWeekend, toDay } from './session.ts';
import { type Bar, type Reading, type Source, SourceError } from './source.ts';

/** How yahoo-finance2 begins when an answer is no JSON. */
const NOT_JSON = 'Response.ok where we expect JSON';
const AGAIN = 'the next run tries again';
/** The biggest answer that is read. Fifty years of an index have 1.6 MB. */
const MAX_BYTES = 8_000_000;
/** A chart has about 20, and one for each dividend of a fund. Nesting without end costs gigabytes when it is parsed. */
const MAX_BRACKETS = 10_000;
/** How far before the end of its session a bar's last trade makes it a live one, whatever this machine's clock says. */
const LIVE_BEFORE_MS = 15 * 60_000;
/** What is asked for as the whole history begins here. */
const EPOCH = '1970-01-01';

export interface YahooOptions {
  /** Scheme and host, without a final slash. */
  readonly url: string;
  readonly patience: Patience;
  /** How long one answer may take, in milliseconds. */
  readonly timeout: number;
  /** Aborted: ask no more. */
  readonly stopping?: AbortSignal;
  /** The biggest answer that is read, in bytes. */
  readonly maxBytes?: number;
}

/** The parts of Yahoo's chart answer that this source reads, after yahoo-finance2 has checked and typed it. */
interface Chart {
  readonly meta: {
    readonly symbol: string;
    readonly dataGranularity: string;
    readonly firstTradeDate: Date | null;
    readonly exchangeTimezoneName: string;
    readonly regularMarketPrice?: number | undefined;
    readonly regularMarketTime?: Date | undefined;
    readonly currentTradingPeriod: { readonly regular: { readonly start: Date; readonly end: Date } };
  };
  /** Epoch seconds. */
  readonly timestamp?: readonly number[] | undefined;
  // Columns may be shorter than the timestamps: the library does not mind.
  readonly indicators: { readonly quote: readonly Columns[] };
}

type Columns = Readonly<Partial<Record<'close' | 'low' | 'high', readonly (number | null)[]>>>;

/** An answer with a status that is no success. */
class HttpFailure extends Error {
  override name = 'HttpFailure';
  readonly status: number;
  /** Milliseconds that the server asked to wait; 0 where it did not say. */
  readonly retryAfter: number;
  constructor(status: number, retryAfter: number) {
    super(`HTTP ${status}`);
    this.status = status;
    this.retryAfter = retryAfter;
  }
}

/** No answer at all, or one that broke off. */
class NoAnswer extends Error {
  override name = 'NoAnswer';
}

/** Daily closes from Yahoo Finance, through `chart()` of yahoo-finance2: one request, no cookie, no crumb. */
export function createYahooSource(options: YahooOptions): Source {
  return {
    name: 'yahoo',
    needsNetwork: true,
    read: async (symbol, from, now) => {
      try {
        const chart = await withRetries(
          () => requestChart(symbol, from, now, options),
          (error) => (worthRetrying(error) ? retryAfterOf(error) : undefined),
          options.patience,
        );
        return toReading(symbol, from, chart, now);
      } catch (error) {
        throw new SourceError(`${symbol}: ${explain(error as Error, options.url)}`, { cause: error });
      }
    },
  };
}

async function requestChart(
  symbol: string,
  from: Session | undefined,
  now: number,
  options: YahooOptions,
): Promise<Chart> {
  const { default: createYahooFinance } = await import('yahoo-finance2/createYahooFinance');
  const { default: chart } = await import('yahoo-finance2/modules/chart');
  const YahooFinance = createYahooFinance({ modules: { chart } });
  const quiet = () => {};
  // An instance per request: four hung calls would block the queue of a shared one.
  const yahoo = new YahooFinance({
    versionCheck: false,
    validation: { logErrors: false, logOptionsErrors: false },
    logger: { info: quiet, warn: quiet, error: quiet, debug: quiet, dir: quiet },
    fetch: (input, init) => boundedFetch(String(input), init, options),
  });
  // A day more at both ends: sessions are dates of another time zone. As an object: the library's array prints to the
  // console when columns differ in length.
  return withMutedConsole(() =>
    yahoo.chart(symbol, {
      period1: new Date(from === undefined ? 0 : (toDay(from) - 1) * 86_400_000),
      period2: new Date(now + 86_400_000),
      interval: '1d',
      return: 'object',
    }),
  );
}

/** fetch to the configured host, within a time and a size, that throws where yahoo-finance2 would print the URL. */
async function boundedFetch(input: string, init: RequestInit | undefined, options: YahooOptions): Promise<Response> {
  const { pathname, search } = new URL(input);
  const { timeout, stopping } = options;
  const signal = AbortSignal.any([AbortSignal.timeout(timeout), ...(stopping === undefined ? [] : [stopping])]);
  try {
    // A redirect leads to another host than the one that was set, or to a page that asks for consent.
    const response = await fetch(`${options.url}${pathname}${search}`, { ...init, signal, redirect: 'manual' });
    const text = await boundedText(response, options.maxBytes ?? MAX_BYTES);
    // 404 carries Yahoo's own words for an unknown symbol, which yahoo-finance2 reads.
    if (!response.ok && !(response.status === 404 && hasReason(text))) {
      throw new HttpFailure(response.status, parseRetryAfter(response.headers.get('retry-after')));
    }
    return new Response(text, { status: response.status, headers: response.headers });
  } catch (error) {
    const { name, cause } = error as Error;
    // What fetch throws for a connection that is refused, reset or cut.
    if (name === 'TypeError') throw new NoAnswer((cause as NodeJS.ErrnoException | undefined)?.code ?? 'no connection');
    throw error;
  }
}

function hasReason(text: string): boolean {
  try {
    return typeof JSON.parse(text).chart.error.description === 'string';
  } catch {
    return false;
  }
}

async function boundedText(response: Response, maxBytes: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.byteLength;
    if (size > maxBytes) throw new SourceError(`the answer is bigger than ${maxBytes / 1e6} MB and was not read`);
    chunks.push(chunk);
  }
  const text = Buffer.concat(chunks).toString('utf8');
  if (hasOver(MAX_BRACKETS, '[', text) || hasOver(MAX_BRACKETS, '{', text)) {
    throw new SourceError(`the answer is nested in a way that no chart is; ${AGAIN}`);
  }
  return text;
}

function hasOver(limit: number, character: string, text: string): boolean {
  let count = 0;
  for (let at = text.indexOf(character); at >= 0; at = text.indexOf(character, at + 1)) {
    if (++count > limit) return true;
  }
  return false;
}

/**
 * The sessions of a chart that are over. A bar is a close only when its date is before today (at the exchange), or
 * when the trading period ends on the bar's own date and 35 minutes have passed since. A repeated bar counts with its
 * last value: Yahoo appends the live bar to the daily one.
 * Bars of a day without a session are none, nor are bars from before what was asked for. Several bars on weekends mean
 * that every date is wrong, as Yahoo tells another time zone than before, and nothing of the reading can be used.
 * @throws {SourceError} also where the answer is about another symbol, or not of days
 */
function toReading(
  symbol: string,
  from: Session = EPOCH,
  { meta, timestamp = [], indicators }: Chart,
  now: number,
): Reading {
  if (meta.symbol.toUpperCase() !== symbol.toUpperCase())
    throw new SourceError(`Yahoo answered about '${meta.symbol.slice(0, 40)}' instead; ${AGAIN}`);
  if (meta.dataGranularity !== '1d')
    throw new SourceError(
      `Yahoo answered with bars of '${meta.dataGranularity.slice(0, 40)}' instead of days; ${AGAIN}`,
    );
  const zone = meta.exchangeTimezoneName;
  const { start, end } = meta.currentTradingPeriod.regular;
  const exchange = exchangeIn(zone, timeOfDay(zone, end.getTime()));
  const { date: dateThere } = exchange;
  const today = dateThere(now);
  const settled = now >= end.getTime() + SETTLE_MS;
  const todayIsOver = dateThere(end.getTime()) === today && settled;
  const trade = meta.regularMarketTime?.getTime();
  const live = trade !== undefined && trade < end.getTime() - LIVE_BEFORE_MS ? dateThere(trade) : undefined;
  const begins = meta.firstTradeDate === null ? from : later(from, dateThere(meta.firstTradeDate.getTime()));
  const [columns = {}] = indicators.quote;
  const bars = new Map<Session, Bar>();
  let weekends = 0;
  for (const [row, seconds] of timestamp.entries()) {
    const session = dateThere(seconds * 1000);
    const [close, low, high] = [columns.close?.[row] ?? null, columns.low?.[row] ?? null, columns.high?.[row] ?? null];
    // In a time zone that is not the exchange's the date may turn while the session still runs.
    const runs = seconds * 1000 >= start.getTime() && !settled;
    const over = !runs && session !== live && (session < today || (session === today && todayIsOver));
    if (!over || (close === null && bars.has(session)) || !isDate(session) || session < begins) continue;
    if (!exchange.isTradingDay(session)) {
      if (isWeekend(session)) weekends++;
      // The holidays of New York are right from then on.
      if (isWeekend(session) || session >= CALENDAR_FROM) continue;
    }
    bars.set(session, { session, close, ...(low === null ? {} : { low }), ...(high === null ? {} : { high }) });
  }
  if (weekends > 1 && weekends > bars.size / 20) {
    throw new SourceError(`${weekends} bars lie on weekends, so the time zone '${zone}' cannot be right; ${AGAIN}`);
  }
  const { regularMarketPrice: price, regularMarketTime: time } = meta;
  return {
    symbol,
    exchange,
    bars: [...bars.values()].sort((a, b) => (a.session < b.session ? -1 : 1)),
    ...(price === undefined || time === undefined
      ? {}
      : { marketPrice: { session: dateThere(time.getTime()), price } }),
  };
}

function later(a: Session, b: Session): Session {
  return isDate(b) && b > a ? b : a;
}

function worthRetrying(error: unknown): boolean {
  if (error instanceof HttpFailure) return error.status === 429 || error.status >= 500;
  const { name, message } = error as Error;
  // Yahoo's own words for an unknown symbol, and answers of another shape, do not change in a second.
  return error instanceof NoAnswer || name === 'TimeoutError' || message.startsWith(NOT_JSON);
}

function retryAfterOf(error: unknown): number {
  return error instanceof HttpFailure ? error.retryAfter : 0;
}

function parseRetryAfter(header: string | null): number {
  const seconds = Number(header ?? 0);
  return Number.isFinite(seconds) && seconds > 0 ? seconds * 1000 : 0;
}

/** One line: what happened and what to do. yahoo-finance2 puts whole pages into its messages. */
function explain(error: Error, url: string): string {
  const { name, message } = error;
  const { host } = new URL(url);
  const line = message.split('\n')[0]?.slice(0, 150) ?? '';
  if (error instanceof SourceError) return line;
  if (error instanceof NoAnswer) return `${host} cannot be reached (${line}); ${AGAIN}`;
  if (name === 'AbortError') return `the reading was stopped; ${AGAIN}`;
  if (name === 'TimeoutError') return `no answer from ${host} in time; ${AGAIN}`;
  if (error instanceof HttpFailure && error.status === 429) return `Yahoo asks to slow down (HTTP 429); ${AGAIN}`;
  if (error instanceof HttpFailure) return `Yahoo answered HTTP ${error.status}; ${AGAIN}`;
  if (message.startsWith(NOT_JSON)) return `Yahoo answered with ${whatCame(message)} instead of a chart; ${AGAIN}`;
  if (/No data found|delisted|Not Found/i.test(message)) {
    return `Yahoo does not know this symbol ('${line}'); check it in config/signals.json`;
  }
  // A plain Error carries Yahoo's own words; every other kind stumbled over the answer.
  if (name === 'Error' || name === 'BadRequestError') return `Yahoo refuses with '${line}'; ${AGAIN}`;
  return `Yahoo answered in a shape that is not a chart; ${AGAIN}`;
}

function whatCame(message: string): string {
  const body = message.match(/Response: "([\s\S]*?)"\. /)?.[1] ?? '';
  if (body === '') return 'an empty page';
  return /^\s*</.test(body) ? 'an HTML page' : 'broken JSON';
}
