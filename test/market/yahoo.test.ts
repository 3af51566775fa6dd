import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { sessionsBetween } from '../../src/market/new-york.ts';
import { type Reading, type Source, SourceError } from '../../src/market/source.ts';
import { createYahooSource, type YahooOptions } from '../../src/market/yahoo.ts';
import type { Fault } from '../support/http.ts';
import { useStandIn } from '../support/temporary.ts';
import {
  type ChartAnswer,
  editBar,
  removeBar,
  repeatLastBar,
  startYahoo,
  type YahooStandIn,
} from '../support/yahoo-server.ts';

const METHODS = ['log', 'info', 'warn', 'error', 'debug', 'dir', 'trace', 'table'] as const;

beforeEach(() => {
  for (const method of METHODS) vi.spyOn(console, method).mockImplementation(() => {});
});

// yahoo-finance2 prints URLs and complaints past its logger; `--json` would break, and a proxy's secret show.
afterEach(() => {
  const printed = METHODS.flatMap((method) => vi.mocked(console[method]).mock.calls);
  vi.restoreAllMocks();
  expect(printed).toEqual([]);
});

const WEEK = [
  { session: '2025-09-15', close: 2405.13 },
  { session: '2025-09-16', close: 2403.03 },
  { session: '2025-09-17', close: 2407.34 },
  { session: '2025-09-18', close: 2467.7 },
];

/** A time of New York's summer, in epoch milliseconds. */
function newYork(time: string): number {
  return Date.parse(`${time.replace(' ', 'T')}:00-04:00`);
}

interface App {
  readonly yahoo: YahooStandIn;
  readonly source: Source;
  /** What each wait was, in milliseconds. Nothing sleeps. */
  readonly waits: number[];
  read(time?: string, from?: string, symbol?: string): Promise<Reading>;
}

async function start(options: Partial<YahooOptions> = {}): Promise<App> {
  const yahoo = await useStandIn(startYahoo());
  yahoo.closes.set('^RUT', [...WEEK]);
  const waits: number[] = [];
  const sleep = async (ms: number) => void waits.push(ms);
  const patience = { attempts: 3, firstDelay: 1000, maxDelay: 30_000, sleep, random: () => 0.5 };
  const source = createYahooSource({ url: yahoo.url, timeout: 5000, patience, ...options });
  return {
    yahoo,
    source,
    waits,
    read: (time = '2025-09-18 17:00', from = '2025-09-15', symbol = '^RUT') => {
      yahoo.now = newYork(time);
      return source.read(symbol, from, yahoo.now);
    },
  };
}

/** The closes of a reading, rounded: Yahoo's are of single precision. */
function closesOf({ bars }: Reading): string[] {
  return bars.map(({ session, close }) => `${session} ${close === null ? 'null' : close.toFixed(2)}`);
}

describe('a reading', () => {
  test('has the closes with their ranges, and the price of the market with its session', async () => {
    const { read } = await start();
    const reading = await read();
    expect(closesOf(reading)).toEqual([
      '2025-09-15 2405.13',
      '2025-09-16 2403.03',
      '2025-09-17 2407.34',
      '2025-09-18 2467.70',
    ]);
    expect(reading).toMatchObject({ symbol: '^RUT', marketPrice: { session: '2025-09-18', price: 2467.7 } });
    expect(reading.bars[3]?.low).toBeCloseTo(2467.7 * 0.995, 1);
    expect(reading.bars[3]?.high).toBeCloseTo(2467.7 * 1.005, 1);
  });

  // FIELD.md, "Cases that make good tests".
  test.each([
    ['2025-09-18 09:31', '2025-09-17'],
    ['2025-09-18 15:59', '2025-09-17'],
    ['2025-09-18 16:05', '2025-09-17'],
    ['2025-09-18 16:34', '2025-09-17'],
    ['2025-09-18 16:35', '2025-09-18'],
    ['2025-09-18 23:59', '2025-09-18'],
    ['2025-09-19 09:00', '2025-09-18'],
    ['2025-09-21 12:00', '2025-09-18'],
  ])('at %s in New York ends with the close of %s', async (time, session) => {
    const { read } = await start();
    expect((await read(time)).bars.at(-1)?.session).toBe(session);
  });

  test.each([
    ['2025-09-18 12:59', '2025-09-17'],
    ['2025-09-18 13:34', '2025-09-17'],
    ['2025-09-18 13:35', '2025-09-18'],
  ])('at %s on a half day ends with the close of %s', async (time, session) => {
    const { read, yahoo } = await start();
    yahoo.halfDays.add('2025-09-18');
    expect((await read(time)).bars.at(-1)?.session).toBe(session);
  });

  test('does not take a live bar for a close while the trading period of another day is told', async () => {
    const { read, yahoo } = await start();
    yahoo.tweak = ({ meta }) => {
      meta.currentTradingPeriod.regular.end -= 86_400;
    };
    expect((await read('2025-09-18 15:59')).bars.at(-1)?.session).toBe('2025-09-17');
    expect((await read('2025-09-18 18:00')).bars.at(-1)?.session).toBe('2025-09-17');
    expect((await read('2025-09-19 09:00')).bars.at(-1)?.session).toBe('2025-09-18');
  });

  test('tells a null close as a session without a value', async () => {
    const { read, yahoo } = await start();
    yahoo.tweak = (chart) => editBar(chart, '2025-09-17', { close: null, low: null, high: null });
    const reading = await read();
    expect(reading.bars[2]).toEqual({ session: '2025-09-17', close: null });
    expect(closesOf(reading)).toHaveLength(4);
  });

  test('does not have a session that Yahoo lost', async () => {
    const { read, yahoo } = await start();
    yahoo.tweak = (chart) => removeBar(chart, '2025-09-17');
    expect((await read()).bars.map(({ session }) => session)).toEqual(['2025-09-15', '2025-09-16', '2025-09-18']);
  });

  test('has a repeated session once, with its last value', async () => {
    const { read, yahoo } = await start();
    yahoo.tweak = (chart) => {
      repeatLastBar(chart);
      editBar(chart, '2025-09-18', { close: 2466 });
    };
    expect(closesOf(await read()).slice(-2)).toEqual(['2025-09-17 2407.34', '2025-09-18 2467.70']);
  });

  test.each([
    ['first', 0],
    ['last', 1],
  ])('has the value of a repeated session where the %s of both is null', async (_which, index) => {
    const { read, yahoo } = await start();
    yahoo.tweak = (chart) => {
      repeatLastBar(chart);
      chart.indicators.quote[0].close[3 + index] = null;
    };
    expect(closesOf(await read()).slice(-2)).toEqual(['2025-09-17 2407.34', '2025-09-18 2467.70']);
  });

  test('passes zeros on: judging values is the business of others', async () => {
    const { read, yahoo } = await start();
    yahoo.tweak = (chart) => editBar(chart, '2025-09-17', { close: 0 });
    expect((await read()).bars[2]?.close).toBe(0);
  });

  test('is ascending, in whatever order the bars come', async () => {
    const { read, yahoo } = await start();
    yahoo.tweak = ({ timestamp, indicators }) => {
      for (const column of [timestamp, ...Object.values(indicators.quote[0])]) column.reverse();
    };
    expect((await read()).bars.map(({ session }) => session)).toEqual(WEEK.map(({ session }) => session));
  });

  test('has no value for timestamps that have no close', async () => {
    const { read, yahoo } = await start();
    yahoo.tweak = ({ indicators }) => void indicators.quote[0].close.pop();
    expect(closesOf(await read())).toEqual([
      '2025-09-15 2405.13',
      '2025-09-16 2403.03',
      '2025-09-17 2407.34',
      '2025-09-18 null',
    ]);
  });

  test('of a span without sessions is empty', async () => {
    const { read, yahoo } = await start();
    yahoo.tweak = (chart) => {
      for (const { session } of WEEK) removeBar(chart, session);
    };
    expect((await read()).bars).toEqual([]);
  });
});

describe("another exchange's reading", () => {
  /** Tokyo's bars: opened at 9:00 there, which is the evening before in New York; closed at 15:30. */
  function tokyo({ meta, timestamp }: ChartAnswer): void {
    meta.exchangeTimezoneName = 'Asia/Tokyo';
    meta.timezone = 'JST';
    meta.gmtoffset = 9 * 3600;
    for (const [index, { session }] of WEEK.entries())
      timestamp[index] = Date.parse(`${session}T09:00:00+09:00`) / 1000;
    meta.currentTradingPeriod.regular.end = Date.parse('2025-09-18T15:30:00+09:00') / 1000;
    meta.regularMarketTime = meta.currentTradingPeriod.regular.end;
  }

  test.each([
    ['2025-09-18T16:04:00+09:00', '2025-09-17'],
    ['2025-09-18T16:05:00+09:00', '2025-09-18'],
    ['2025-09-19T00:00:00+09:00', '2025-09-18'],
  ])('at %s has the dates and the day of its own time zone: %s is the last', async (time, session) => {
    const { source, yahoo } = await start();
    yahoo.now = newYork('2025-09-18 17:00');
    yahoo.tweak = tokyo;
    const reading = await source.read('^RUT', '2025-09-15', Date.parse(time));
    const all = WEEK.map((bar) => bar.session);
    expect(reading.bars.map((bar) => bar.session)).toEqual(all.slice(0, all.indexOf(session) + 1));
    expect(reading.marketPrice?.session).toBe('2025-09-18');
  });
});

describe('a request', () => {
  test('asks for everything the first time', async () => {
    const { source, yahoo } = await start();
    yahoo.now = newYork('2025-09-18 17:00');
    expect((await source.read('^RUT', undefined, yahoo.now)).bars).toHaveLength(4);
    expect(yahoo.requests).toEqual([{ symbol: '^RUT', period1: 0, period2: yahoo.now / 1000 + 86_400 }]);
  });

  test('asks from a day before the session later, as bars are dated in another time zone', async () => {
    const { read, yahoo } = await start();
    await read('2025-09-18 17:00', '2025-09-17');
    expect(yahoo.requests).toHaveLength(1);
    expect(yahoo.requests[0]?.period1).toBe(Date.parse('2025-09-16T00:00:00Z') / 1000);
  });
});

describe('what the program tells of itself', () => {
  test('is the name that is set, and no cookie', async () => {
    const agent = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';
    const { read, yahoo } = await start({ userAgent: agent });
    yahoo.fault = ({ count }) =>
      count === 1
        ? { status: 503, headers: { 'set-cookie': 'A3=d=AQAB; Max-Age=31557600; Path=/; Secure' } }
        : undefined;
    await read();
    expect(yahoo.headers.map((headers) => headers['user-agent'])).toEqual([agent, agent]);
    expect(yahoo.headers.map((headers) => 'cookie' in headers)).toEqual([false, false]);
  });

  test("is yahoo-finance2's name where none is set", async () => {
    const { read, yahoo } = await start();
    await read();
    expect(yahoo.headers[0]?.['user-agent']).toMatch(/^Mozilla\/5\.0 \(compatible; yahoo-finance2\//);
    expect(yahoo.headers[0]).not.toHaveProperty('cookie');
  });
});

describe('an answer that is not whole', () => {
  const YEARS = sessionsBetween('1995-01-03', '2025-09-18').map((session, position) => ({
    session,
    close: 250 + position / 10,
  }));

  /** A source whose answers to a long span are cut by `cut`; to a short one they are whole. */
  async function startCut(cut: (session: string) => boolean, longest = 4000 * 86_400) {
    const app = await start();
    const { yahoo } = app;
    yahoo.closes.set('^RUT', YEARS);
    yahoo.now = newYork('2025-09-18 17:00');
    yahoo.tweak = (chart) => {
      const asked = yahoo.requests.at(-1);
      if (asked === undefined || asked.period2 - Math.max(asked.period1, 788_918_400) < longest) return;
      const kept = chart.timestamp.map((time) => !cut(new Date(time * 1000).toISOString().slice(0, 10)));
      const keep = <T>(column: T[]) => column.filter((_, row) => kept[row]);
      chart.timestamp = keep(chart.timestamp);
      const [quote] = chart.indicators.quote;
      for (const name of Object.keys(quote) as (keyof typeof quote)[]) quote[name] = keep(quote[name]);
    };
    return { yahoo, read: () => app.source.read('^RUT', undefined, yahoo.now) };
  }

  test.each<[what: string, cut: (session: string) => boolean, requests: number]>([
    ['that begins later than the first trade it tells of', (session) => session < '2015-01-01', 3],
    ['with a hole of years', (session) => session > '2003-05-01' && session < '2009-02-01', 2],
    ['that ends years ago', (session) => session > '2021-11-08', 2],
    ['that has next to nothing', (session) => session !== '2025-09-18', 5],
  ])('is asked for again in pieces: one %s', async (_what, cut, requests) => {
    const { yahoo, read } = await startCut(cut);
    const reading = await read();
    expect(reading.bars.map(({ session }) => session)).toEqual(YEARS.map(({ session }) => session));
    expect(reading.firstTrade).toBe('1995-01-03');
    expect(yahoo.requests).toHaveLength(requests);
  });

  test('of months instead of days is asked for again in pieces', async () => {
    const { yahoo, read } = await startCut(() => false);
    const { tweak } = yahoo;
    yahoo.tweak = (chart, symbol) => {
      tweak?.(chart, symbol);
      if (yahoo.requests.length === 1) chart.meta.dataGranularity = '1mo';
    };
    expect((await read()).bars).toHaveLength(YEARS.length);
    yahoo.tweak = (chart) => void Object.assign(chart.meta, { dataGranularity: '1mo' });
    expect(await failureOf(read())).toBe(
      "^RUT: Yahoo answered with bars of '1mo' instead of days; the next run tries again",
    );
  });

  test('that stays so is what there is, and tells where it should begin', async () => {
    const { yahoo, read } = await startCut((session) => session < '2015-01-01', 0);
    const reading = await read();
    expect([reading.firstTrade, reading.bars[0]?.session]).toEqual(['1995-01-03', '2015-01-02']);
    expect(yahoo.requests).toHaveLength(3);
  });

  test('whose pieces cannot be had is what there is', async () => {
    const { yahoo, read } = await startCut((session) => session < '2015-01-01');
    yahoo.fault = ({ count }) => (count > 1 ? { status: 404, body: 'no' } : undefined);
    expect((await read()).bars[0]?.session).toBe('2015-01-02');
  });

  test('is not what a week without a session is, nor a history that was always short', async () => {
    const { yahoo, read } = await startCut((session) => session >= '2001-09-06' && session <= '2001-09-14');
    await read();
    expect(yahoo.requests).toHaveLength(1);
  });
});

/** One clear line that names the symbol. */
async function failureOf(reading: Promise<Reading>): Promise<string> {
  const error: unknown = await reading.then(
    () => expect.fail('it was read'),
    (reason: unknown) => reason,
  );
  if (!(error instanceof SourceError)) throw error;
  expect(error.message).toMatch(/^\S+: .{10,}$/);
  expect(error.message.length).toBeLessThan(250);
  expect(error.message).not.toMatch(/https?:|period1|v8\/finance|<|\n/);
  return error.message;
}

describe('a fault that may pass', () => {
  const bad: [what: string, fault: Fault, told: string | RegExp][] = [
    [
      '429',
      { status: 429, body: 'Too Many Requests' },
      '^RUT: Yahoo asks to slow down (HTTP 429); the next run tries again; if it lasts, set YAHOO_USER_AGENT',
    ],
    ['500', { status: 500, body: 'oops' }, '^RUT: Yahoo answered HTTP 500; the next run tries again'],
    [
      '502 in HTML',
      { status: 502, body: '<html>\nBad Gateway' },
      '^RUT: Yahoo answered HTTP 502; the next run tries again',
    ],
    [
      'HTML',
      { body: '<html>\n<p>consent "now"</p></html>' },
      '^RUT: Yahoo answered with an HTML page instead of a chart; the next run tries again',
    ],
    [
      'an empty page',
      { body: '' },
      '^RUT: Yahoo answered with an empty page instead of a chart; the next run tries again',
    ],
    [
      'half an answer',
      { body: '{"chart":{"result":[{"meta"' },
      '^RUT: Yahoo answered with broken JSON instead of a chart; the next run tries again',
    ],
    [
      'a broken answer',
      'truncate',
      /^\^RUT: 127\.0\.0\.1:\d+ cannot be reached( \(UND_ERR_SOCKET\))?; the next run tries again$/,
    ],
    ['a reset', 'reset', /^\^RUT: 127\.0\.0\.1:\d+ cannot be reached \(ECONNRESET\); the next run tries again$/],
    [
      'a closed connection',
      'drop',
      /^\^RUT: 127\.0\.0\.1:\d+ cannot be reached \(UND_ERR_SOCKET\); the next run tries again$/,
    ],
  ];

  test.each(bad)('is tried again: %s', async (_what, fault) => {
    const { read, yahoo, waits } = await start();
    yahoo.fault = ({ count }) => (count <= 2 ? fault : undefined);
    expect((await read()).bars).toHaveLength(4);
    expect(yahoo.requests).toHaveLength(3);
    expect(waits).toEqual([500, 1000]);
  });

  test.each(bad)('is told in one line in the end: %s', async (_what, fault, told) => {
    const { read, yahoo } = await start();
    yahoo.fault = () => fault;
    const message = await failureOf(read());
    if (typeof told === 'string') expect(message).toBe(told);
    else expect(message).toMatch(told);
    expect(yahoo.requests).toHaveLength(3);
  });

  test.each<Fault>(['hang', 'stall'])('ends after its time: %s', async (fault) => {
    const { read, yahoo } = await start({ timeout: 40 });
    yahoo.fault = () => fault;
    const message = await failureOf(read());
    expect(message).toMatch(/^\^RUT: no answer from 127\.0\.0\.1:\d+ in time; the next run tries again$/);
    expect(yahoo.requests).toHaveLength(3);
  });

  test('is told when nobody listens', async () => {
    const { read, yahoo } = await start();
    await yahoo.close();
    expect(await failureOf(read())).toMatch(
      /^\^RUT: 127\.0\.0\.1:\d+ cannot be reached \(ECONNREFUSED\); the next run/,
    );
  });

  test('waits as long as Yahoo asks', async () => {
    const { read, yahoo, waits } = await start();
    yahoo.fault = ({ count }) => (count === 1 ? { status: 429, headers: { 'retry-after': '7' } } : undefined);
    expect((await read()).bars).toHaveLength(4);
    expect(waits).toEqual([7000]);
  });

  test('is left to the next run where Yahoo asks for more patience than there is', async () => {
    const { read, yahoo, waits } = await start();
    yahoo.fault = () => ({ status: 429, headers: { 'retry-after': '3600' } });
    expect(await failureOf(read())).toContain('HTTP 429');
    expect([yahoo.requests.length, waits]).toEqual([1, []]);
  });

  test.each(['soon', '-5', 'Infinity', ''])("waits as usual where Yahoo asks for '%s'", async (retryAfter) => {
    const { read, yahoo, waits } = await start();
    yahoo.fault = ({ count }) => (count === 1 ? { status: 503, headers: { 'retry-after': retryAfter } } : undefined);
    await read();
    expect(waits).toEqual([500]);
  });

  test('of some readings does not stop those of another symbol: yahoo-finance2 lets four requests run at a time', async () => {
    const { read, yahoo } = await start();
    yahoo.closes.set('^GSPC', [{ session: '2025-09-18', close: 6631.96 }]);
    yahoo.fault = ({ symbol }) => (symbol === '^RUT' ? 'hang' : undefined);
    const failing = Array.from({ length: 5 }, () => failureOf(read()));
    await vi.waitUntil(() => yahoo.requests.length === 5, { timeout: 30_000, interval: 5 });
    expect(closesOf(await read(undefined, undefined, '^GSPC'))).toEqual(['2025-09-18 6631.96']);
    await yahoo.close();
    await Promise.all(failing);
  });
});

describe('a fault that stays', () => {
  test.each<[what: string, fault: Fault | undefined, told: string]>([
    [
      'an unknown symbol',
      undefined,
      "NOPE: Yahoo does not know this symbol ('No data found, symbol may be delisted'); check it in config/signals.json",
    ],
    [
      '403',
      { status: 403, body: 'Forbidden' },
      'NOPE: Yahoo answered HTTP 403; the next run tries again; if it lasts, set YAHOO_USER_AGENT',
    ],
    [
      'a refusal in other words',
      { body: '{"finance":{"result":null,"error":{"code":"Unauthorized","description":"Invalid Cookie"}}}' },
      "NOPE: Yahoo refuses with 'Invalid Cookie'; the next run tries again",
    ],
    [
      'an answer of another shape',
      { body: '{"chart":{"result":[{"meta":{},"indicators":{"quote":[{}]}}],"error":null}}' },
      "NOPE: Yahoo answered in a shape that is not a chart: meta.symbol is missing, not the symbol's name; the next run tries again",
    ],
  ])('is not tried again and is told in one line: %s', async (_what, fault, told) => {
    const { read, yahoo, waits } = await start();
    yahoo.fault = () => fault;
    expect(await failureOf(read(undefined, undefined, 'NOPE'))).toBe(told);
    expect([yahoo.requests.length, waits]).toEqual([1, []]);
  });

  test('is an answer that is too big: it is not read to its end', async () => {
    const { read, yahoo } = await start({ maxBytes: 100_000 });
    yahoo.fault = () => ({ body: `{"chart":"${'x'.repeat(5_000_000)}"}` });
    expect(await failureOf(read())).toBe('^RUT: the answer is bigger than 0.1 MB and was not read');
    expect(yahoo.requests).toHaveLength(1);
  });

  test('an answer just within the limit is read', async () => {
    const { read, yahoo } = await start({ maxBytes: 100_000 });
    yahoo.tweak = ({ meta }) => {
      meta.range = 'x'.repeat(90_000);
    };
    expect((await read()).bars).toHaveLength(4);
  });
});

describe('a hostile answer', () => {
  test.each<[what: string, body: string, told: RegExp]>([
    ['100 MB', `{"chart":"${'x'.repeat(100_000_000)}"}`, /bigger than 8 MB and was not read$/],
    ['nested without an end', '['.repeat(7_000_000), /nested in a way that no chart is/],
    ['nested objects', '{"a":'.repeat(1_500_000), /nested in a way that no chart is/],
    ['a million bars', `{"chart":{"result":[{"timestamp":[${'1758202200,'.repeat(1e6)}0]}]}}`, /bigger than 8 MB/],
    ['half a million bars without meta', `{"chart":{"result":[{"timestamp":[${'1,'.repeat(5e5)}1]}]}}`, /not a chart/],
  ])('is refused in one line, without another try: %s', async (_what, body, told) => {
    const { read, yahoo, waits } = await start();
    yahoo.fault = () => ({ body });
    expect(await failureOf(read())).toMatch(told);
    expect([yahoo.requests.length, waits]).toEqual([1, []]);
  });

  test('of half a million bars on one day is one session', async () => {
    const { read, yahoo } = await start();
    yahoo.tweak = (chart) => {
      chart.timestamp = Array<number>(5e5).fill(newYork('2025-09-17 09:30') / 1000);
      chart.indicators.quote[0] = { open: [], high: [], low: [], volume: [], close: Array<number>(5e5).fill(5) };
    };
    expect(closesOf(await read())).toEqual(['2025-09-17 5.00']);
  });

  test('that redirects is not followed', async () => {
    const { read, yahoo } = await start();
    const elsewhere = await useStandIn(startYahoo());
    yahoo.fault = () => ({ status: 302, headers: { location: `${elsewhere.url}/v8/finance/chart/x` }, body: 'see' });
    expect(await failureOf(read())).toBe('^RUT: Yahoo answered HTTP 302; the next run tries again');
    expect(elsewhere.requests).toEqual([]);
  });
});

describe('another time zone than that of the exchange', () => {
  test.each(['US/Eastern', 'America/Los_Angeles', 'UTC', 'Asia/Tokyo'])(
    'changes nothing where the dates stay the same: %s',
    async (zone) => {
      const { read, yahoo } = await start();
      yahoo.tweak = ({ meta }) => void Object.assign(meta, { exchangeTimezoneName: zone });
      expect(closesOf(await read('2025-09-19 09:00')).at(-1)).toBe('2025-09-18 2467.70');
    },
  );

  test.each(['Asia/Tokyo', 'Pacific/Auckland'])('makes no close of a price of the day: %s', async (zone) => {
    const { read, yahoo } = await start();
    yahoo.tweak = ({ meta, timestamp }) => {
      meta.exchangeTimezoneName = zone;
      // The daily bar as it is dated all day, by its opening.
      timestamp.splice(-1, 1, newYork('2025-09-18 09:30') / 1000);
    };
    // In Tokyo it is the 19th already, and the trading period of the 18th has not ended.
    expect(closesOf(await read('2025-09-18 13:00')).join()).not.toContain('2467.70');
  });

  test('that moves every date is no reading', async () => {
    const { read, yahoo } = await start();
    const month = sessionsBetween('2025-08-18', '2025-09-18').map((session) => ({ session, close: 2400 }));
    yahoo.closes.set('^RUT', month);
    yahoo.tweak = ({ meta }) => void Object.assign(meta, { exchangeTimezoneName: 'Pacific/Auckland' });
    expect(await failureOf(read('2025-09-19 09:00', '2025-08-18'))).toBe(
      "^RUT: 4 bars lie on weekends, so the time zone 'Pacific/Auckland' cannot be right; the next run tries again",
    );
  });
});

describe('a bar that is no session of the asked index', () => {
  test('on a holiday: Labor Day of 2025', async () => {
    const { read, yahoo } = await start();
    yahoo.closes.set('^RUT', [
      { session: '2025-08-29', close: 2400 },
      { session: '2025-09-01', close: 2460 },
    ]);
    expect(closesOf(await read('2025-09-02 09:00', '2025-08-20'))).toEqual(['2025-08-29 2400.00']);
  });

  test.each(['1960-01-04', '2025-09-08'])('from before what was asked for: %s', async (session) => {
    const { read, yahoo } = await start();
    yahoo.tweak = ({ timestamp, indicators: { quote } }) => {
      timestamp.unshift(Date.parse(`${session}T13:30:00Z`) / 1000);
      for (const column of Object.values(quote[0])) column.unshift(170);
    };
    expect(closesOf(await read())[0]).toBe('2025-09-15 2405.13');
  });

  test('from before the first trade, or before all dates, when everything is asked for', async () => {
    const { source, yahoo } = await start();
    yahoo.now = newYork('2025-09-18 17:00');
    yahoo.tweak = ({ timestamp, indicators: { quote } }) => {
      timestamp.unshift(-1e11, Date.parse('1971-01-04T14:30:00Z') / 1000);
      for (const column of Object.values(quote[0])) column.unshift(99_999, 170);
    };
    const reading = await source.read('^RUT', undefined, yahoo.now);
    expect(closesOf(reading)[0]).toBe('2025-09-15 2405.13');
  });

  test('of another symbol, or of weeks, makes the whole answer none', async () => {
    const { read, yahoo } = await start();
    yahoo.tweak = ({ meta }) => void Object.assign(meta, { symbol: '^SP600' });
    expect(await failureOf(read())).toBe("^RUT: Yahoo answered about '^SP600' instead; the next run tries again");
    yahoo.tweak = ({ meta }) => void Object.assign(meta, { dataGranularity: '1wk' });
    expect(await failureOf(read())).toBe(
      "^RUT: Yahoo answered with bars of '1wk' instead of days; the next run tries again",
    );
  });

  test("a price of the day, though this machine's clock is a day ahead", async () => {
    const { source, yahoo } = await start();
    yahoo.now = newYork('2025-09-18 13:00');
    const reading = await source.read('^RUT', '2025-09-15', newYork('2025-09-19 16:45'));
    expect(closesOf(reading).at(-1)).toBe('2025-09-17 2407.34');
  });
});

test('a single bar of a weekend is no session', async () => {
  const { read, yahoo } = await start();
  const friday = newYork('2025-09-19 09:30') / 1000;
  yahoo.tweak = ({ timestamp, indicators: { quote } }) => {
    timestamp.push(friday + 86_400);
    quote[0].close.push(9999);
  };
  expect(closesOf(await read('2025-09-21 12:00'))).not.toContain('2025-09-20 9999.00');
});

test("a proxy's secret is in no message", async () => {
  const yahoo = await useStandIn(startYahoo());
  const sleep = async () => {};
  const patience = { attempts: 2, firstDelay: 0, maxDelay: 0, sleep, random: () => 0 };
  for (const url of [`${yahoo.url}/s3cret`, yahoo.url.replace('//', '//me:s3cret@')]) {
    const source = createYahooSource({ url, timeout: 40, patience });
    for (const fault of [undefined, 'hang', 'reset', { status: 500 }, { body: '' }] as const) {
      yahoo.fault = () => fault;
      expect(await failureOf(source.read('^RUT', undefined, yahoo.now))).not.toContain('s3cret');
    }
  }
});

describe('an answer that yahoo-finance2 stumbles over is told in one clear line, and nothing is printed:', () => {
  test.each<[what: string, fault: Fault]>([
    ["a page instead of Yahoo's 404", { status: 404, body: '<html>\n<h1>Not Found</h1>\n</html>' }],
    ['an empty 404', { status: 404, body: '' }],
    ['a 404 without a reason', { status: 404, body: '{}' }],
    ['no chart and no reason', { body: '{"chart":{"result":null,"error":null}}' }],
    ['no chart at all', { body: '{"chart":{"result":[],"error":null}}' }],
    ['null', { body: 'null' }],
    [
      'a reason of two lines',
      {
        body: '{"chart":{"result":null,"error":{"code":"Not Found","description":"No data found,\\nsymbol may be delisted"}}}',
      },
    ],
  ])('%s', async (_what, fault) => {
    const { read, yahoo } = await start();
    yahoo.fault = () => fault;
    expect(await failureOf(read())).not.toContain('cannot be reached');
  });

  test('a number where an object should be, which nobody needs: the console is not used, nor lost', async () => {
    const { read, yahoo } = await start();
    const before = console.log;
    yahoo.tweak = ({ meta }) => void Object.assign(meta, { currentTradingPeriod: 5, currency: null });
    const readings = await Promise.all([read('2025-09-19 09:00'), read('2025-09-19 09:00')]);
    expect(readings.map((reading) => closesOf(reading).at(-1))).toEqual(['2025-09-18 2467.70', '2025-09-18 2467.70']);
    expect(console.log).toBe(before);
  });

  test('fewer values than timestamps, in every column: a session without a value', async () => {
    const { read, yahoo } = await start();
    yahoo.tweak = ({ indicators }) => {
      for (const column of Object.values(indicators.quote[0])) column.pop();
    };
    expect(closesOf(await read()).at(-1)).toBe('2025-09-18 null');
  });

  test('no timestamps beside columns that are there: no bars', async () => {
    const { read, yahoo } = await start();
    yahoo.now = newYork('2025-09-18 17:00');
    yahoo.fault = () => ({
      body: JSON.stringify({
        chart: {
          result: [
            {
              meta: { symbol: '^RUT', exchangeTimezoneName: 'America/New_York' },
              indicators: { quote: [{ close: [] }] },
            },
          ],
          error: null,
        },
      }),
    });
    expect((await read()).bars).toEqual([]);
  });

  test('a time zone that nobody knows', async () => {
    const { read, yahoo } = await start();
    yahoo.tweak = ({ meta }) => {
      meta.exchangeTimezoneName = 'Mars/Base';
    };
    await failureOf(read());
  });

  test('a timestamp beyond all time', async () => {
    const { read, yahoo } = await start();
    yahoo.tweak = ({ timestamp }) => void timestamp.fill(1e18, 0, 1);
    await failureOf(read());
  });
});
