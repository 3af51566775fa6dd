import { afterEach, expect, test, vi } from 'vitest';
import createYahooFinance from 'yahoo-finance2/createYahooFinance';
import chart from 'yahoo-finance2/modules/chart';
import type { Fault } from './http.ts';
import { useStandIn } from './temporary.ts';
import { editBar, removeBar, repeatLastBar } from './yahoo-chart.ts';
import { startYahoo, type YahooStandIn } from './yahoo-server.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

const WEEK = [
  { session: '2025-09-15', close: 2405.13 },
  { session: '2025-09-16', close: 2403.03 },
  { session: '2025-09-17', close: 2407.34 },
  { session: '2025-09-18', close: 2467.7 },
];
const THURSDAY_EVENING = Date.parse('2025-09-18T17:00:00-04:00');

async function start(): Promise<YahooStandIn> {
  const yahoo = await useStandIn(startYahoo());
  yahoo.closes.set('^RUT', [...WEEK]);
  yahoo.now = THURSDAY_EVENING;
  return yahoo;
}

/** Looks with the real client, as the bot does: own fetch, redirected, with a timeout. */
function look(yahoo: YahooStandIn, from = '2025-09-15', to = new Date(yahoo.now), symbol = '^RUT', timeout = 2000) {
  const Client = createYahooFinance({ modules: { chart } });
  const ignore = () => {};
  const client = new Client({
    versionCheck: false,
    logger: { info: ignore, warn: ignore, error: ignore, debug: ignore, dir: ignore },
    fetch: (input, init) =>
      fetch(String(input).replace('https://query2.finance.yahoo.com', yahoo.url), {
        ...init,
        signal: AbortSignal.timeout(timeout),
      }),
  });
  return client.chart(symbol, { period1: from, period2: to });
}

test('serves closes as Yahoo does: at the opening time in New York, in single precision', async () => {
  const yahoo = await start();
  const { meta, quotes } = await look(yahoo);
  expect(quotes.map(({ date }) => date.toISOString())).toEqual(
    ['15', '16', '17', '18'].map((day) => `2025-09-${day}T13:30:00.000Z`),
  );
  expect(quotes.at(-1)).toMatchObject({ close: 2467.699951171875, volume: 4_000_000_000 });
  for (const { low, close, high } of quotes)
    expect(Number(low) < Number(close) && Number(close) < Number(high)).toBe(true);
  expect(meta).toMatchObject({
    symbol: '^RUT',
    exchangeTimezoneName: 'America/New_York',
    timezone: 'EDT',
    gmtoffset: -14400,
    regularMarketPrice: 2467.7,
    regularMarketTime: new Date('2025-09-18T20:00:00Z'),
    currentTradingPeriod: {
      regular: { start: new Date('2025-09-18T13:30:00Z'), end: new Date('2025-09-18T20:00:00Z') },
    },
  });
  expect(yahoo.requests).toEqual([{ symbol: '^RUT', period1: 1757894400, period2: THURSDAY_EVENING / 1000 }]);
});

test('knows the clock of New York in winter, in 1974 and before 1970', async () => {
  const yahoo = await start();
  const sessions = ['1962-01-02', '1974-01-07', '2025-01-02'];
  yahoo.closes.set(
    '^GSPC',
    sessions.map((session) => ({ session, close: 100 })),
  );
  const { quotes, meta } = await look(yahoo, '1927-12-30', new Date(yahoo.now), '^GSPC');
  expect(quotes.map(({ date }) => date.toISOString().slice(11, 16))).toEqual(['14:30', '13:30', '14:30']);
  expect(meta).toMatchObject({ timezone: 'EST', firstTradeDate: new Date('1962-01-02T14:30:00Z') });
});

test('serves only the range asked for, and nothing beyond now', async () => {
  const yahoo = await start();
  const middle = await look(yahoo, '2025-09-16', new Date('2025-09-18'));
  expect(middle.quotes.map(({ date }) => date.getUTCDate())).toEqual([16, 17]);
  yahoo.now = Date.parse('2025-09-18T09:29:59-04:00');
  const early = await look(yahoo);
  expect(early.quotes).toHaveLength(3);
  expect(early.meta.regularMarketPrice).toBe(2407.34);
});

test('answers an empty range without timestamps', async () => {
  const yahoo = await start();
  expect((await look(yahoo, '2024-01-01', new Date('2024-02-01'))).quotes).toEqual([]);
});

test('serves the bar of a running session with the time of the last trade', async () => {
  const yahoo = await start();
  yahoo.now = Date.parse('2025-09-18T15:59:00-04:00');
  expect((await look(yahoo)).quotes.at(-1)?.date).toEqual(new Date(yahoo.now));
  yahoo.now = Date.parse('2025-09-18T16:05:00-04:00');
  expect((await look(yahoo)).quotes.at(-1)?.date).toEqual(new Date('2025-09-18T13:30:00Z'));
});

test('ends a half day at 13:00', async () => {
  const yahoo = await start();
  yahoo.halfDays.add('2025-09-18');
  const { meta } = await look(yahoo);
  expect(meta.currentTradingPeriod.regular.end).toEqual(new Date('2025-09-18T17:00:00Z'));
  expect(meta.regularMarketTime).toEqual(new Date('2025-09-18T17:00:00Z'));
});

test('tweaks change, remove and repeat bars', async () => {
  const yahoo = await start();
  yahoo.tweak = (answer, symbol) => {
    expect(symbol).toBe('^RUT');
    editBar(answer, '2025-09-15', { close: null });
    editBar(answer, '2025-09-17', { close: 0, low: 2400 });
    editBar(answer, '1999-01-01', { close: 1 });
    removeBar(answer, '2025-09-16');
    repeatLastBar(answer);
    editBar(answer, '2025-09-18', { close: 2467 });
  };
  const { quotes } = await look(yahoo);
  expect(quotes.map(({ date, close }) => [date.toISOString().slice(0, 16), close])).toEqual([
    ['2025-09-15T13:30', null],
    ['2025-09-17T13:30', 0],
    ['2025-09-18T13:30', 2467],
    ['2025-09-18T20:00', 2467.699951171875],
  ]);
  expect(quotes[1]?.low).toBe(2400);
});

test('does not know other symbols', async () => {
  const yahoo = await start();
  await expect(look(yahoo, '2025-09-15', new Date(yahoo.now), 'NOPE')).rejects.toThrow(
    /^No data found, symbol may be delisted$/,
  );
});

test('refuses a range that ends before it starts', async () => {
  const yahoo = await start();
  await expect(look(yahoo, '2025-09-18', new Date('2025-09-15'))).rejects.toMatchObject({ name: 'BadRequestError' });
});

const FAULTS: [fault: Fault, error: object][] = [
  ['hang', { name: 'TimeoutError' }],
  ['stall', { name: 'TimeoutError' }],
  ['reset', { name: 'TypeError', message: 'fetch failed', cause: { code: 'ECONNRESET' } }],
  ['drop', { name: 'TypeError', message: 'fetch failed', cause: { code: 'UND_ERR_SOCKET' } }],
  ['truncate', { name: 'TypeError', message: 'terminated', cause: { code: 'UND_ERR_SOCKET' } }],
  [
    { status: 429, body: 'Too Many Requests' },
    { name: 'HTTPError', code: 429 },
  ],
  [
    { status: 502, body: '<html>Bad Gateway</html>' },
    { name: 'HTTPError', code: 502 },
  ],
  [{ body: '<html>consent</html>' }, { message: expect.stringMatching(/^Response.ok where we expect JSON/) }],
  [{ body: '' }, { message: expect.stringMatching(/^Response.ok where we expect JSON/) }],
  [{ body: '{"chart":{"result":null,"error":null}}' }, { name: 'TypeError' }],
  [
    { body: '{"chart":{"result":[{"meta":{},"indicators":{"quote":[{}]}}],"error":null}}' },
    { name: 'FailedYahooValidationError' },
  ],
];

test.each(FAULTS)('fault %j reaches the client', async (fault, error) => {
  vi.spyOn(console, 'error').mockImplementation(() => {}); // The client prints the address of a failed request.
  const yahoo = await start();
  yahoo.fault = ({ count }) => (count === 1 ? fault : undefined);
  const timeout = fault === 'hang' || fault === 'stall' ? 40 : 2000;
  await expect(look(yahoo, undefined, undefined, '^RUT', timeout)).rejects.toMatchObject(error);
  expect((await look(yahoo)).quotes).toHaveLength(4);
});

test('closes while a request hangs', async () => {
  const yahoo = await start();
  yahoo.fault = () => 'hang';
  const looking = fetch(`${yahoo.url}/v8/finance/chart/%5ERUT?interval=1d`);
  await vi.waitUntil(() => yahoo.requests.length === 1);
  await Promise.all([yahoo.close(), expect(looking).rejects.toThrow('fetch failed')]);
});
