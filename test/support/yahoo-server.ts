import type { IncomingHttpHeaders } from 'node:http';
import { type Close, roundClose, type Session } from '../../src/market/close.ts';
import { addDays, isWeekend } from '../../src/market/session.ts';
import { epoch, hoursAhead } from './exchange-clock.ts';
import { type Answer, type Fault, send, startHttp } from './http.ts';
import type { ChartAnswer } from './yahoo-chart.ts';
import { columnsOf, countBelow } from './yahoo-columns.ts';

/** One look at a chart, as asked for: periods in epoch seconds. */
export interface ChartRequest {
  readonly symbol: string;
  readonly period1: number;
  readonly period2: number;
}

/** Opening and closing time of day of an exchange, as hours: 9.5 is 9:30. */
export interface Hours {
  readonly timeZone: string;
  readonly open: number;
  readonly close: number;
}

const NEW_YORK: Hours = { timeZone: 'America/New_York', open: 9.5, close: 16 };

/** Yahoo's chart service on loopback. Everything but `url` and `requests` may be changed at any time. */
export interface YahooStandIn {
  readonly url: string;
  readonly requests: ChartRequest[];
  /** Closes per symbol, ascending. The newest one that `now` has reached is the market price. */
  readonly closes: Map<string, Close[]>;
  /** Sessions that end at 13:00. */
  readonly halfDays: Set<Session>;
  /** Where a symbol trades, and its hours there; all others trade in New York from 9:30 to 16:00. */
  readonly hours: Map<string, Hours>;
  /** The time in the stand-in's app, epoch milliseconds: what `Date` says. Sessions that open later are not served. */
  now: number;
  /** The headers of every request, in the order of `requests`. */
  readonly headers: IncomingHttpHeaders[];
  /** Changes an answer before it is sent. */
  tweak: ((chart: ChartAnswer, symbol: string) => void) | undefined;
  /** Decides on a fault for a request; `count` is 1 for the first one. */
  fault: ((request: ChartRequest & { readonly count: number }) => Fault | undefined) | undefined;
  /** Told what has just happened, as it happens: `asked`, `answered`. */
  watch: ((step: string) => void) | undefined;
  close(): Promise<void>;
}

const CHART_PATH = '/v8/finance/chart/';
const NOT_FOUND = failure(404, 'Not Found', 'No data found, symbol may be delisted');

/** Starts Yahoo's stand-in, with no closes and the real time. */
export async function startYahoo(): Promise<YahooStandIn> {
  const server = await startHttp((request, response, url) => {
    yahoo.headers.push(request.headers);
    response.setHeader('date', new Date(yahoo.now).toUTCString());
    const asked = {
      symbol: decodeURIComponent(url.pathname.slice(CHART_PATH.length)),
      period1: Number(url.searchParams.get('period1')),
      period2: Number(url.searchParams.get('period2')),
    };
    const count = yahoo.requests.push(asked);
    response.once('finish', () => yahoo.watch?.('answered'));
    yahoo.watch?.('asked');
    const known = url.pathname.startsWith(CHART_PATH) && url.searchParams.get('interval') === '1d';
    send(response, known ? answer(yahoo, asked) : NOT_FOUND, yahoo.fault?.({ ...asked, count }));
  });
  const yahoo: YahooStandIn = {
    url: `http://127.0.0.1:${server.port}`,
    requests: [],
    headers: [],
    closes: new Map(),
    halfDays: new Set(),
    hours: new Map(),
    now: Date.now(),
    tweak: undefined,
    fault: undefined,
    watch: undefined,
    close: server.close,
  };
  return yahoo;
}

function answer(yahoo: YahooStandIn, { symbol, period1, period2 }: ChartRequest): Answer {
  const now = Math.floor(yahoo.now / 1000);
  const hours = yahoo.hours.get(symbol) ?? NEW_YORK;
  const closes = yahoo.closes.get(symbol) ?? [];
  const columns = columnsOf(closes, `${hours.timeZone} ${hours.open}`, (session) =>
    epoch(hours.timeZone, session, hours.open),
  );
  const begun = countBelow(columns.opening, now + 1);
  const [first, newest] = [closes[0], closes[begun - 1]];
  if (!first || !newest) return NOT_FOUND;
  if (period1 >= period2) return failure(400, 'Bad Request', 'Invalid input - start date cannot be after end date.');

  const end = epoch(hours.timeZone, newest.session, yahoo.halfDays.has(newest.session) ? 13 : hours.close);
  const marketTime = Math.min(now, end);
  const from = countBelow(columns.opening, period1);
  const to = Math.min(begun, countBelow(columns.opening, period2));
  const served = (column: readonly number[]) => column.slice(from, Math.max(from, to));
  const timestamp = served(columns.opening);
  // While a session runs, its bar is the live one and carries the time of the last trade.
  if (to === begun && timestamp.length > 0 && now < end) timestamp.splice(-1, 1, marketTime);
  const chart: ChartAnswer = {
    meta: meta(symbol, hours, first, newest, marketTime, periodOf(yahoo, symbol, hours, newest)),
    timestamp,
    indicators: {
      quote: [
        {
          open: served(columns.open),
          high: served(columns.high),
          low: served(columns.low),
          close: served(columns.close),
          volume: timestamp.map(() => 4_000_000_000),
        },
      ],
      adjclose: [{ adjclose: served(columns.close) }],
    },
  };
  yahoo.tweak?.(chart, symbol);
  const result = chart.timestamp.length > 0 ? chart : { meta: chart.meta, indicators: { quote: [{}], adjclose: [{}] } };
  return { body: JSON.stringify({ chart: { result: [result], error: null } }) };
}

/**
 * The trading period that Yahoo tells: the newest session's, and from the night after it the next one's, beside the last
 * session's trade. So answered for a large US stock in the night from 18 to 19 September 2024, for others at weekends.
 */
function periodOf(yahoo: YahooStandIn, symbol: string, hours: Hours, { session }: Close): Period {
  const { timeZone, open, close } = hours;
  const rolled = yahoo.now / 1000 >= epoch(timeZone, addDays(session, 1), 0);
  const known = (yahoo.closes.get(symbol) ?? []).find((candidate) => candidate.session > session)?.session;
  let next = addDays(session, 1);
  while (isWeekend(next)) next = addDays(next, 1);
  const day = rolled ? (known ?? next) : session;
  const at = (hour: number) => epoch(timeZone, day, hour);
  return {
    gmtoffset: hoursAhead(timeZone, day) * 3600,
    pre: at(Math.min(4, open)),
    start: at(open),
    end: at(yahoo.halfDays.has(day) ? 13 : close),
    post: at(Math.max(20, close)),
  };
}

/** Epoch seconds. */
interface Period {
  readonly gmtoffset: number;
  readonly pre: number;
  readonly start: number;
  readonly end: number;
  readonly post: number;
}

function meta(
  symbol: string,
  { timeZone, open }: Hours,
  first: Close,
  newest: Close,
  marketTime: number,
  { gmtoffset, pre, start, end, post }: Period,
): ChartAnswer['meta'] {
  const price = roundClose(newest.close);
  const timezone = timeZone !== NEW_YORK.timeZone ? timeZone : gmtoffset === -4 * 3600 ? 'EDT' : 'EST';
  return {
    currency: 'USD',
    symbol,
    exchangeName: 'SNP',
    fullExchangeName: 'SNP',
    instrumentType: 'INDEX',
    firstTradeDate: epoch(timeZone, first.session, open),
    regularMarketTime: marketTime,
    hasPrePostMarketData: false,
    gmtoffset,
    timezone,
    exchangeTimezoneName: timeZone,
    regularMarketPrice: price,
    regularMarketChangePercent: 0.1,
    fulldayPrice: price,
    fulldayChange: 0.1,
    fulldayChangePercent: 0.1,
    regularMarketDayHigh: price,
    regularMarketDayLow: price,
    longName: symbol,
    shortName: symbol,
    chartPreviousClose: price,
    priceHint: 2,
    currentTradingPeriod: {
      pre: { timezone, gmtoffset, start: pre, end: start },
      regular: { timezone, gmtoffset, start, end },
      post: { timezone, gmtoffset, start: end, end: post },
    },
    dataGranularity: '1d',
    range: '',
    validRanges: ['1d', '5d', '1mo', '3mo', '6mo', '1y', '2y', '5y', '10y', 'ytd', 'max'],
  };
}

function failure(status: number, code: string, description: string): Answer {
  return { status, body: JSON.stringify({ chart: { result: null, error: { code, description } } }) };
}
