import { newYorkDate, newYorkTime } from '../../src/market/new-york.ts';
import { type Answer, type Fault, send, startHttp } from './http.ts';

/** The data of a quote, as Cboe sends it. A test may put anything into it. */
export interface CboeData {
  [field: string]: unknown;
  symbol: string;
  current_price: unknown;
  price_change: unknown;
  close: unknown;
  prev_day_close: unknown;
  last_trade_time: unknown;
}

/** Cboe's delayed quotes on loopback. */
export interface CboeStandIn {
  readonly url: string;
  /** The names that were asked for, oldest first: `_RUT`. */
  readonly requests: string[];
  /** Closes per name and session, ascending. */
  readonly closes: Map<string, { readonly session: string; readonly close: number }[]>;
  /** The time in the stand-in's app, epoch milliseconds. */
  now: number;
  /** Changes the data before they are sent. */
  tweak: ((data: CboeData) => void) | undefined;
  fault: Fault | undefined;
  close(): Promise<void>;
}

const PATH = /^\/api\/global\/delayed_quotes\/quotes\/([\w^]+)\.json$/;
const DELAY_MS = 15 * 60_000;

/** What its storage answers for a name that it has not. */
const DENIED: Answer = {
  status: 403,
  headers: { 'content-type': 'application/xml' },
  body: '<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>',
};

/**
 * Starts the service. Shape and behaviour after an answer that was recorded at 2024-11-21 01:52:50 UTC, hours after the close
 * of the S&P 500 at 5,917.11 (README of a public pipeline that stores such answers): `timestamp` is UTC and `last_trade_time`
 * New York's, neither says so; ^SPX inside, _SPX around; `close` the official one, in its float; `prev_day_close` the same,
 * not that of the day before. An answer of a Saturday (QQQ, 2023-05-20) is still Friday's, with a `close` of 336.51 beside a
 * `current_price` of 336.46.
 */
export async function startCboe(): Promise<CboeStandIn> {
  const server = await startHttp((_request, response, url) => {
    const name = decodeURIComponent(url.pathname).match(PATH)?.[1] ?? '';
    cboe.requests.push(name);
    send(response, answer(cboe, name), cboe.fault);
  });
  const cboe: CboeStandIn = {
    url: `http://127.0.0.1:${server.port}`,
    requests: [],
    closes: new Map(),
    now: Date.now(),
    tweak: undefined,
    fault: undefined,
    close: server.close,
  };
  return cboe;
}

function answer(cboe: CboeStandIn, name: string): Answer {
  const seen = cboe.now - DELAY_MS;
  const today = newYorkDate(seen);
  const begun = (cboe.closes.get(name) ?? []).filter(
    ({ session }) => session < today || (session === today && newYorkTime(seen) >= '09:30'),
  );
  const [before, last] = [begun.at(-2), begun.at(-1)];
  if (before === undefined || last === undefined) return DENIED;
  const runs = last.session === today && newYorkTime(seen) < '16:15';
  const close = float(last.close);
  const data: CboeData = {
    symbol: name.replace('_', '^'),
    security_type: 'index',
    exchange_id: 5,
    current_price: close,
    price_change: float(last.close - before.close),
    price_change_percent: float((last.close / before.close - 1) * 100),
    bid: close - 1,
    ask: close + 1,
    bid_size: 1,
    ask_size: 1,
    open: float(before.close),
    high: float(Math.max(last.close, before.close) * 1.001),
    low: float(Math.min(last.close, before.close) * 0.999),
    close: runs ? float(before.close) : close,
    prev_day_close: runs ? float(before.close) : close,
    volume: 0,
    iv30: 13.373,
    iv30_change: 0,
    iv30_change_percent: 0,
    seqno: 25_163_915_812,
    last_trade_time: `${last.session}T${runs ? `${newYorkTime(seen)}:07` : '16:14:59'}`,
    tick: 'down',
  };
  cboe.tweak?.(data);
  const timestamp = new Date(cboe.now).toISOString().slice(0, 19).replace('T', ' ');
  return { body: JSON.stringify({ timestamp, data, symbol: name }) };
}

/** Its numbers have four decimals and are a little off: 5917.11 comes as 5917.1099. */
function float(value: number): number {
  return Math.floor(Math.fround(value) * 1e4) / 1e4;
}
