import { describe, expect, test } from 'vitest';
import { readChart } from '../../src/market/yahoo-chart.ts';
import { toReading } from '../../src/market/yahoo-reading.ts';
import type { Fault } from '../support/http.ts';
import { closesOf, expectSilence, failureOf, newYork, start } from './yahoo-stand-in.ts';

expectSilence();

/**
 * The answer about AAPL that gadicc/yahoo-finance2 has recorded on 3 October 2026 (tests/fixtures/http,
 * `chart-AAPL-2020-01-01-to-2020-01-03.json`), with every field that Yahoo sent.
 */
const AAPL = {
  meta: {
    currency: 'USD',
    symbol: 'AAPL',
    exchangeName: 'NMS',
    fullExchangeName: 'NasdaqGS',
    instrumentType: 'EQUITY',
    firstTradeDate: 345479400,
    regularMarketTime: 1790971201,
    hasPrePostMarketData: true,
    gmtoffset: -14400,
    timezone: 'EDT',
    exchangeTimezoneName: 'America/New_York',
    regularMarketPrice: 333.69,
    regularMarketChangePercent: 1.02,
    fulldayPrice: 333.54,
    fulldayChange: 3.37,
    fulldayChangePercent: 1.02,
    fiftyTwoWeekHigh: 345.34,
    fiftyTwoWeekLow: 243.42,
    regularMarketDayHigh: 334.54,
    regularMarketDayLow: 330.61,
    regularMarketVolume: 31878433,
    longName: 'Apple Inc.',
    shortName: 'Apple Inc.',
    chartPreviousClose: 73.412,
    priceHint: 2,
    currentTradingPeriod: {
      pre: { timezone: 'EDT', end: 1790947800, start: 1790928000, gmtoffset: -14400 },
      regular: { timezone: 'EDT', end: 1790971200, start: 1790947800, gmtoffset: -14400 },
      post: { timezone: 'EDT', end: 1790985600, start: 1790971200, gmtoffset: -14400 },
    },
    dataGranularity: '1d',
    range: '',
    validRanges: ['1d', '5d', '1mo', '3mo', '6mo', '1y', '2y', '5y', '10y', 'ytd', 'max'],
  },
  timestamp: [1577975400],
  indicators: {
    quote: [
      {
        low: [73.79750061035156],
        volume: [135480400],
        close: [75.0875015258789],
        high: [75.1500015258789],
        open: [74.05999755859375],
      },
    ],
    adjclose: [{ adjclose: [72.27154541015625] }],
  },
};
const NOW = Date.parse('2026-10-03T08:17:05Z');
const THE_CLOSE = [{ session: '2020-01-02', close: 75.0875015258789 }];

function readCloses(answer: unknown, symbol = 'AAPL') {
  const { bars } = toReading(symbol, '2020-01-01', readChart(answer), { now: NOW, answeredAt: NOW });
  return bars.map(({ session, close }) => ({ session, close }));
}

/** The same answer with one field of `meta`, by its path, put to a value, or taken out. */
function withMeta(path: string, value: unknown): unknown {
  const answer = structuredClone(AAPL) as { meta: Record<string, unknown> };
  const names = path.split('.');
  const name = names.pop() ?? '';
  let fields = answer.meta;
  for (const step of names) fields = fields[step] as Record<string, unknown>;
  if (value === undefined) delete fields[name];
  else fields[name] = value;
  return answer;
}

/** What a right close does not depend on. */
const UNUSED = Object.keys(AAPL.meta).filter((name) => !['symbol', 'exchangeTimezoneName'].includes(name));

describe('a field that nobody needs', () => {
  // currency null: chart-LUCYW-null-currency.json of the same repository, June 2025.
  const values: [what: string, value: unknown][] = [
    ['missing', undefined],
    ['null', null],
    ['a text', 'x'],
    ['an object', { raw: 'x' }],
    ['a list', []],
    ['true', true],
  ];

  test.each(UNUSED.flatMap((name) => values.map(([what, value]) => [name, what, value] as const)))(
    'meta.%s may be %s',
    (name, what, value) => {
      const answer = withMeta(name, value);
      // Bars that say that they are of something else than days are none.
      if (name === 'dataGranularity' && what === 'a text') expect(() => readCloses(answer)).toThrow(/bars of 'x'/);
      else expect(readCloses(answer)).toEqual(THE_CLOSE);
    },
  );

  test.each(['open', 'volume', 'low', 'high'])('quote.%s may be missing, null, or another thing', (column) => {
    for (const value of [undefined, null, {}, 'x', [null], ['x'], [{}]]) {
      const quote = { ...AAPL.indicators.quote[0], [column]: value };
      expect(readCloses({ ...AAPL, indicators: { quote: [quote] } })).toEqual(THE_CLOSE);
    }
  });

  test.each([undefined, null, [], [{}], 'x'])('indicators.adjclose may be %j', (adjclose) => {
    expect(readCloses({ ...AAPL, indicators: { quote: AAPL.indicators.quote, adjclose } })).toEqual(THE_CLOSE);
  });

  test('a new one may be there', () => {
    expect(readCloses(withMeta('overnightMarketPrice', { raw: 1, fmt: '1' }))).toEqual(THE_CLOSE);
  });
});

describe('a field that is needed', () => {
  test.each([
    ['symbol', undefined, 'meta.symbol is missing'],
    ['symbol', null, 'meta.symbol is null'],
    ['symbol', 5, 'meta.symbol is 5'],
    ['exchangeTimezoneName', undefined, 'meta.exchangeTimezoneName is missing'],
    ['exchangeTimezoneName', null, 'meta.exchangeTimezoneName is null'],
    ['exchangeTimezoneName', 'Mars/Base', 'meta.exchangeTimezoneName is "Mars/Base"'],
  ])('is named with its value: meta.%s %j', (name, value, told) => {
    expect(() => readCloses(withMeta(name, value))).toThrow(told);
  });

  test.each([undefined, null, 5, 'x', {}])('an answer that is %j has no symbol', (answer) => {
    expect(() => readCloses(answer)).toThrow('meta.symbol is missing');
  });

  test('a timestamp that is no time is named with its place', () => {
    for (const wrong of ['x', 1e18, 1758202200000, {}]) {
      expect(() => readCloses({ ...AAPL, timestamp: [1577975400, wrong] })).toThrow('timestamp[1] is ');
    }
  });
});

test.each([undefined, null, {}, 'x'])('closes that are %j are named where there are timestamps', (close) => {
  expect(() => readCloses({ ...AAPL, indicators: { quote: [{ ...AAPL.indicators.quote[0], close }] } })).toThrow(
    'indicators.quote[0].close is ',
  );
});

test('a close with a comma is none, and never what stands before it', () => {
  expect(readCloses({ ...AAPL, indicators: { quote: [{ close: ['2,467.70'] }] } })).toEqual([
    { session: '2020-01-02', close: null },
  ]);
});

describe('other forms of the same', () => {
  test.each([
    ['text', '75.0875015258789'],
    ['raw and fmt', { raw: 75.0875015258789, fmt: '75.09' }],
  ])('a close as %s', (_what, close) => {
    expect(readCloses({ ...AAPL, indicators: { quote: [{ close: [close] }] } })).toEqual(THE_CLOSE);
  });

  test.each([null, '', 'n/a', {}, [], true])('a close of %j is none', (close) => {
    expect(readCloses({ ...AAPL, indicators: { quote: [{ close: [close] }] } })).toEqual([
      { session: '2020-01-02', close: null },
    ]);
  });

  test.each([
    ['no timestamps and an empty quote', { indicators: { quote: [{}], adjclose: [{}] } }],
    [
      'empty columns',
      { timestamp: [], indicators: { quote: [{ open: [], close: [] }], adjclose: [{ adjclose: [] }] } },
    ],
    ['no indicators', { timestamp: [] }],
    ['null for both', { timestamp: null, indicators: null }],
  ])('no bars at all, as %s', (_what, rest) => {
    expect(readCloses({ meta: AAPL.meta, ...rest })).toEqual([]);
  });

  test('bars of weeks are none, where the answer does not say of what they are', () => {
    const timestamp = Array.from({ length: 20 }, (_, week) => 1577975400 + week * 7 * 86_400);
    const answer = { ...(withMeta('dataGranularity', undefined) as object), timestamp };
    expect(() => readCloses(answer)).toThrow('meta.dataGranularity is missing');
  });
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
