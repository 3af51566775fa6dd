import { readBody } from './bounded-body.ts';
import { roundClose } from './close.ts';
import { NEW_YORK } from './exchange.ts';
import { isDate } from './session.ts';
import { type Quote, type Witness, WitnessError } from './witness.ts';

/** Yahoo's symbols of the indices that Cboe's quotes are known to have, and Cboe's names of them. */
const NAMES: Readonly<Record<string, string>> = { '^RUT': '_RUT', '^GSPC': '_SPX', '^NDX': '_NDX' };
const PATH = '/api/global/delayed_quotes/quotes/';
/** The biggest answer that is read, in bytes. A quote has about 600. */
const MAX_BYTES = 100_000;
/** The last trade of a session comes in its last minute, or later: stocks at 15:59:59, the S&P 500 at 16:14:59. */
const LAST_MINUTE_MS = 60_000;
/** Quotes are this much behind, in milliseconds. */
const DELAY_MS = 15 * 60_000;

export interface CboeOptions {
  /** Scheme and host, without a final slash. */
  readonly url: string;
  /** How long the whole answer may take, in milliseconds. */
  readonly timeout: number;
  /** Aborted: ask no more. */
  readonly stopping?: AbortSignal;
}

/**
 * Cboe's delayed quotes: public, without a key, for personal and non-commercial use. One request, never repeated: an
 * alert waits for it.
 */
export function createCboeWitness(options: CboeOptions): Witness {
  return {
    name: 'Cboe',
    knows: (symbol) => symbol in NAMES,
    ask: async (symbol, now) => {
      const name = NAMES[symbol];
      if (name === undefined) throw new WitnessError(`has no quote for ${symbol}`);
      return toQuote(name, await answerTo(`${options.url}${PATH}${name}.json`, options), now);
    },
  };
}

async function answerTo(address: string, { timeout, stopping }: CboeOptions): Promise<unknown> {
  const signal = AbortSignal.any([AbortSignal.timeout(timeout), ...(stopping === undefined ? [] : [stopping])]);
  let text: string;
  try {
    const answer = await fetch(address, { signal, redirect: 'manual', headers: { accept: 'application/json' } });
    text = await boundedText(answer);
    if (!answer.ok) throw new WitnessError(`answered HTTP ${answer.status}`);
  } catch (error) {
    if (error instanceof WitnessError) throw error;
    const { name, cause } = error as Error & { cause?: NodeJS.ErrnoException };
    if (name === 'TimeoutError') throw new WitnessError('did not answer in time');
    if (name === 'AbortError') throw new WitnessError('was interrupted');
    throw new WitnessError(`cannot be reached (${cause?.code ?? name})`, { cause: error });
  }
  try {
    return JSON.parse(text);
  } catch {
    throw new WitnessError(`answered with ${/^\s*</.test(text) ? 'an HTML page' : 'something other than a quote'}`);
  }
}

async function boundedText({ body }: Response): Promise<string> {
  const { bytes, isTooBig } = await readBody(body, MAX_BYTES);
  if (isTooBig) throw new WitnessError('answered with too much data');
  return bytes.toString('utf8');
}

/**
 * The close in a quote, or its last price while the session runs. `last_trade_time` is New York's time without saying so,
 * at night and at weekends that of the last session; the answer's `timestamp` is UTC and says only when it was written.
 */
function toQuote(name: string, answer: unknown, now: number): Quote {
  const { data } = Object(answer) as { data?: unknown };
  const fields = Object(data) as Readonly<Record<string, unknown>>;
  // The same index is ^RUT inside the data and _RUT around it.
  if (typeof fields.symbol !== 'string' || fields.symbol.replace(/^[\^_]/, '') !== name.slice(1)) {
    throw new WitnessError('answered with something other than a quote');
  }
  const [session = '', time = ''] =
    typeof fields.last_trade_time === 'string' ? fields.last_trade_time.split(/[T ]/) : [];
  if (!isDate(session) || !/^\d{2}:\d{2}(:\d{2})?/.test(time)) throw new WitnessError('does not say for which session');
  const close = closeIn(fields);
  if (close === undefined) throw new WitnessError('has no value at the moment');
  const traded = NEW_YORK.instant(session, time.slice(0, 5));
  const end = NEW_YORK.closingTime(session);
  // A stamp of midnight, as some of its indices have, is not the end of a session.
  return { session, close, over: traded >= end - LAST_MINUTE_MS && now >= end + DELAY_MS };
}

/**
 * `close` is the official one once it is out, and `current_price` the last print, which is not always the same; until
 * then `close` may still be that of the day before, which follows from the change. `prev_day_close` says nothing: after
 * the settlement it repeats the new close.
 */
function closeIn({ close, current_price, price_change }: Readonly<Record<string, unknown>>): number | undefined {
  const last = isPrice(current_price) ? current_price : undefined;
  if (!isPrice(close)) return last;
  if (last === undefined || typeof price_change !== 'number' || price_change === 0) return close;
  return roundClose(last - price_change) === roundClose(close) ? last : close;
}

function isPrice(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value > 0;
}
