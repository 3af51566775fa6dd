import { readBody } from './bounded-body.ts';
import type { Session } from './close.ts';
import { withMutedConsole } from './muted-console.ts';
import { type Patience, withRetries } from './retry.ts';
import { toDay } from './session.ts';
import { SourceError } from './source.ts';
import { type Chart, readChart } from './yahoo-chart.ts';

/** How yahoo-finance2 begins when an answer is no JSON. */
const NOT_JSON = 'Response.ok where we expect JSON';
const AGAIN = 'the next run tries again';
/** The biggest answer that is read. Fifty years of an index have 1.6 MB. */
const MAX_BYTES = 8_000_000;
/** A chart has about 20, and one for each dividend of a fund. Nesting without end costs gigabytes when it is parsed. */
const MAX_BRACKETS = 10_000;
const DAY_MS = 86_400_000;

export interface YahooOptions {
  /** Scheme and host, without a final slash. */
  readonly url: string;
  /** What the program calls itself; yahoo-finance2's own name by default. */
  readonly userAgent?: string | undefined;
  readonly patience: Patience;
  /** How long one answer may take, in milliseconds. */
  readonly timeout: number;
  /** Aborted: ask no more. */
  readonly stopping?: AbortSignal;
  /** The file of the settings that names the symbols, as people are told it. */
  readonly symbolsFile?: string;
  /** The biggest answer that is read, in bytes. */
  readonly maxBytes?: number;
}

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

/** A chart, and when Yahoo answered with it by its own clock (epoch milliseconds; undefined where it does not tell). */
export interface ChartAnswer {
  readonly chart: Chart;
  readonly answeredAt: number | undefined;
}

/**
 * Asks Yahoo for daily bars through `chart()` of yahoo-finance2, again where that may help: no cookie, no crumb.
 * @param from undefined: as far back as there are any
 * @param until undefined: up to `now`
 * @throws {SourceError} one line that names the symbol, and the field where one cannot be used
 */
export async function requestChart(
  symbol: string,
  from: Session | undefined,
  until: Session | undefined,
  now: number,
  options: YahooOptions,
): Promise<ChartAnswer> {
  // A day more at both ends: sessions are dates of another time zone.
  const period1 = from === undefined ? 0 : (toDay(from) - 1) * DAY_MS;
  // A clock that is years behind asks for a span all the same: the answer tells the time.
  const period2 = until === undefined ? Math.max(now, period1 + DAY_MS) + DAY_MS : (toDay(until) + 2) * DAY_MS;
  try {
    return await withRetries(
      () => askOnce(symbol, new Date(period1), new Date(period2), options),
      (error) => (worthRetrying(error) ? retryAfterOf(error) : undefined),
      options.patience,
    );
  } catch (error) {
    throw new SourceError(`${symbol}: ${explain(error as Error, options)}`, { cause: error });
  }
}

async function askOnce(symbol: string, period1: Date, period2: Date, options: YahooOptions): Promise<ChartAnswer> {
  const { default: createYahooFinance } = await import('yahoo-finance2/createYahooFinance');
  const { default: chart } = await import('yahoo-finance2/modules/chart');
  const YahooFinance = createYahooFinance({ modules: { chart } });
  const quiet = () => {};
  let [answeredAt, text] = [undefined as number | undefined, ''];
  // An instance per request: four hung calls would block the queue of a shared one.
  const yahoo = new YahooFinance({
    versionCheck: false,
    validation: { logErrors: false, logOptionsErrors: false },
    logger: { info: quiet, warn: quiet, error: quiet, debug: quiet, dir: quiet },
    fetch: async (input, init) => {
      const answer = await boundedFetch(String(input), init, options);
      answeredAt = dateOf(answer);
      text = await answer.clone().text();
      return answer;
    },
  });
  // Its own validation is off: it refuses right closes for fields that nobody needs. As an object: the library's array
  // prints to the console when columns differ in length.
  const query = { period1, period2, interval: '1d', return: 'object' } as const;
  await withMutedConsole(() => yahoo.chart(symbol, query, { validateResult: false }));
  // As Yahoo sent it: the library makes 2 of '2,467.70'.
  return { chart: readChart(JSON.parse(text).chart.result[0]), answeredAt };
}

function dateOf({ headers }: Response): number | undefined {
  const date = Date.parse(headers.get('date') ?? '');
  // What a cache on the way has kept for a while was answered then, and is passed on now.
  const age = Number(headers.get('age') ?? 0);
  if (Number.isNaN(date)) return undefined;
  return date + (Number.isFinite(age) && age > 0 ? age * 1000 : 0);
}

/** The caller's headers, without the cookies that all instances of the library share, and under the name that is set. */
function headersOf(init: RequestInit | undefined, userAgent: string | undefined): Headers {
  const headers = new Headers(init?.headers);
  headers.delete('cookie');
  if (userAgent !== undefined) headers.set('user-agent', userAgent);
  return headers;
}

/** fetch to the configured host, within a time and a size, that throws where yahoo-finance2 would print the URL. */
async function boundedFetch(input: string, init: RequestInit | undefined, options: YahooOptions): Promise<Response> {
  const { pathname, search } = new URL(input);
  const { timeout, stopping, userAgent } = options;
  const signal = AbortSignal.any([AbortSignal.timeout(timeout), ...(stopping === undefined ? [] : [stopping])]);
  try {
    // A redirect leads to another host than the one that was set, or to a page that asks for consent.
    const headers = headersOf(init, userAgent);
    const response = await fetch(`${options.url}${pathname}${search}`, {
      ...init,
      headers,
      signal,
      redirect: 'manual',
    });
    const text = await boundedText(response, options.maxBytes ?? MAX_BYTES);
    // 404 carries Yahoo's own words for an unknown symbol, which yahoo-finance2 reads.
    if (!response.ok && !(response.status === 404 && hasReason(text))) {
      throw new HttpFailure(response.status, parseRetryAfter(response.headers.get('retry-after')));
    }
    return new Response(withTimestamps(text), { status: response.status, headers: response.headers });
  } catch (error) {
    const { name, cause } = error as Error;
    // What fetch throws for a connection that is refused, reset or cut.
    if (name === 'TypeError') throw new NoAnswer((cause as NodeJS.ErrnoException | undefined)?.code ?? 'no connection');
    throw error;
  }
}

/** yahoo-finance2 stumbles over an answer that has neither timestamps nor the one form of empty columns that it knows. */
function withTimestamps(text: string): string {
  if (text.includes('"timestamp"')) return text;
  try {
    const answer = JSON.parse(text);
    answer.chart.result[0].timestamp = [];
    return JSON.stringify(answer);
  } catch {
    return text;
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
  const { bytes, isTooBig } = await readBody(response.body, maxBytes);
  if (isTooBig) throw new SourceError(`the answer exceeds ${maxBytes / 1e6} MB and was not read`);
  const text = bytes.toString('utf8');
  if (hasOver(MAX_BRACKETS, '[', text) || hasOver(MAX_BRACKETS, '{', text)) {
    throw new SourceError(`the answer is nested too deeply for a chart; ${AGAIN}`);
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
function explain(error: Error, { url, symbolsFile = 'signals.json' }: YahooOptions): string {
  const { name, message } = error;
  const { host } = new URL(url);
  if (error instanceof SourceError) return message;
  const line = message.split('\n')[0]?.slice(0, 150) ?? '';
  if (error instanceof NoAnswer) return `${host} cannot be reached (${line}); ${AGAIN}`;
  if (name === 'AbortError') return `the request was interrupted; ${AGAIN}`;
  if (name === 'TimeoutError') return `${host} did not answer in time; ${AGAIN}`;
  if (error instanceof HttpFailure) {
    const { status } = error;
    const told = status === 429 ? 'Yahoo asks to slow down (HTTP 429)' : `Yahoo answered HTTP ${status}`;
    // Yahoo has refused whole programs by their name, with either answer, for days.
    return `${told}; ${AGAIN}${status === 429 || status === 403 ? `; if this persists, set YAHOO_USER_AGENT` : ''}`;
  }
  if (message.startsWith(NOT_JSON)) return `Yahoo answered with ${whatCame(message)} instead of a chart; ${AGAIN}`;
  if (/No data found|delisted|Not Found/i.test(message)) {
    return `Yahoo does not know this symbol ('${line}'); check it in ${symbolsFile}`;
  }
  // A plain Error carries Yahoo's own words; every other kind stumbled over the answer.
  const itsOwn = (name === 'Error' || name === 'BadRequestError') && !message.startsWith('Unexpected result');
  if (itsOwn) return `Yahoo refused the request ('${line}'); ${AGAIN}`;
  return `Yahoo's answer is not a valid chart: chart.result[0] is missing; ${AGAIN}`;
}

function whatCame(message: string): string {
  const body = message.match(/Response: "([\s\S]*?)"\. /)?.[1] ?? '';
  if (body === '') return 'an empty page';
  return /^\s*</.test(body) ? 'an HTML page' : 'broken JSON';
}
