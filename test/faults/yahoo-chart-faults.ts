import { SEP_18, SEP_19, SEP_22, type Story } from '../support/story.ts';
import { type ChartAnswer, type ChartQuote, editBar, removeBar, repeatLastBar } from '../support/yahoo-chart.ts';
import { BELIEVED, type Expectation, everybody, type Fault } from './fault.ts';
import { unharmed, unread, words } from './yahoo-expectations.ts';

/** Not told of, and no fault of the run: the alert comes with the close. */
const missing = (run: number): Expectation => ({
  printed: /^Missing +\^RUT(, \^GSPC)?: 18 Sep 2025$/,
  code: 0,
  stored: 'nothing',
  arrives: everybody(run),
  tries: [1, 1],
});
/** Read and not believed: the alert comes once it is, or once the true close is there. */
const held = (printed: RegExp, stored: string, run: number): Expectation => ({
  printed,
  code: 0,
  stored,
  arrives: everybody(run),
  tries: [1, 1],
});

function charts(change: (chart: ChartAnswer, symbol: string) => void): Fault['strike'] {
  return ({ yahoo }: Story) => {
    yahoo.tweak = change;
    return () => {
      yahoo.tweak = undefined;
    };
  };
}

function bar(change: Partial<Record<keyof ChartQuote, number | null>>): Fault['strike'] {
  return charts((chart, symbol) => {
    if (symbol === '^RUT') editBar(chart, '2025-09-18', change);
  });
}

/** A hundred times too much, in the bar and in the last price, on each of these sessions. */
function hundredfold(...sessions: string[]): Fault['strike'] {
  return charts((chart, symbol) => {
    if (symbol !== '^RUT') return;
    for (const session of sessions) {
      const index = chart.timestamp.findIndex((time) => new Date(time * 1000).toISOString().startsWith(session));
      const close = chart.indicators.quote[0].close[index];
      if (close == null) continue;
      editBar(chart, session, { close: close * 100, low: close * 99, high: close * 101, open: close * 100 });
      if (index === chart.timestamp.length - 1) chart.meta.regularMarketPrice = close * 100;
    }
  });
}

/** Every price of ^RUT from one session to another, times a factor; `from` and `until` are sessions. */
function scaled(factor: number, from = '0000', until = '9999'): Fault['strike'] {
  return charts((chart, symbol) => {
    if (symbol !== '^RUT') return;
    const [quote] = chart.indicators.quote;
    for (const [row, time] of chart.timestamp.entries()) {
      const session = new Date(time * 1000).toISOString().slice(0, 10);
      if (session < from || session > until) continue;
      for (const column of [quote.open, quote.high, quote.low, quote.close]) column[row] = (column[row] ?? 0) * factor;
      if (row === chart.timestamp.length - 1) chart.meta.regularMarketPrice *= factor;
    }
  });
}

/** Changes or (undefined) takes out fields of `meta`. */
function meta(change: Readonly<Record<string, unknown>>): Fault['strike'] {
  return charts((chart) => {
    const fields = chart.meta as unknown as Record<string, unknown>;
    Object.assign(fields, change);
    for (const [name, value] of Object.entries(change)) if (value === undefined) delete fields[name];
  });
}

/** What is wrong in a chart that was read. */
export const YAHOO_CHART_FAULTS: readonly Fault[] = [
  {
    service: 'Yahoo',
    what: 'null close, filled overnight',
    strike: bar({ close: null }),
    expect: missing(2),
  },
  {
    service: 'Yahoo',
    what: 'close of 0.00',
    strike: bar({ close: 0, low: 0 }),
    expect: missing(2),
  },
  {
    service: 'Yahoo',
    what: 'close outside low..high, the range mended overnight',
    strike: bar({ low: 2400, high: 2450 }),
    expect: held(/^Held +\^RUT 2,467\.70 on 18 Sep 2025: outside the session's range/, '2467.7 held', 2),
  },
  {
    service: 'Yahoo',
    what: 'close outside low..high, for ever: a later day agrees',
    strike: bar({ low: 2400, high: 2450 }),
    mended: 4,
    expect: held(/^Held +\^RUT 2,467\.70 on 18 Sep 2025: outside the session's range/, '2467.7 held', 2),
  },
  {
    service: 'Yahoo',
    what: 'close ×100',
    strike: hundredfold('2025-09-18'),
    expect: held(/^Held +\^RUT 246,770\.00 on 18 Sep 2025: a move of /, '246770 held', 2),
  },
  {
    service: 'Yahoo',
    what: 'closes ×100 of two days, which agree with each other',
    strike: hundredfold('2025-09-18', '2025-09-19'),
    mended: 4,
    expect: held(/^Held +\^RUT 246,770\.00 on 18 Sep 2025: a move of /, '246770 held', 4),
  },
  {
    service: 'Yahoo',
    what: 'the last bar twice',
    strike: charts((chart) => repeatLastBar(chart)),
    expect: unharmed(),
  },
  {
    service: 'Yahoo',
    what: 'a live bar over the record, at 15:59',
    runs: ['2025-09-18T19:59:00Z', SEP_18, SEP_19, SEP_22],
    mended: 0,
    strike: () => () => {},
    expect: { printed: null, code: 0, stored: 'nothing', arrives: everybody(1), tries: [1, 2] },
  },
  {
    service: 'Yahoo',
    what: 'the session is not there',
    strike: charts((chart, symbol) => {
      if (symbol === '^RUT') removeBar(chart, '2025-09-18');
    }),
    expect: missing(2),
  },
  {
    service: 'Yahoo',
    what: 'a week is not there, then filled',
    runs: [SEP_18, SEP_19, '2025-09-24T20:45:00Z', '2025-09-25T20:45:00Z', '2025-09-26T20:45:00Z'],
    mended: 3,
    strike: charts((chart) => {
      for (const day of [18, 19, 22, 23, 24]) removeBar(chart, `2025-09-${day}`);
    }),
    expect: missing(3),
  },
  {
    service: 'Yahoo',
    what: 'another time zone, which moves every date',
    strike: charts(({ meta }) => void Object.assign(meta, { exchangeTimezoneName: 'Pacific/Auckland' })),
    expect: unread(words("bars fall on weekends, so the time zone 'Pacific/Auckland' cannot be right"), [1, 1]),
  },
  {
    service: 'Yahoo',
    what: 'another name of the time zone',
    strike: charts(({ meta }) => void Object.assign(meta, { exchangeTimezoneName: 'US/Eastern' })),
    expect: unharmed(),
  },
  {
    service: 'Yahoo',
    what: 'the closes of another symbol',
    strike: charts(({ meta }) => void Object.assign(meta, { symbol: '^SP600' })),
    expect: unread(words("answered for '\\^SP600' instead"), [1, 1]),
  },
  {
    service: 'Yahoo',
    what: 'bars of weeks',
    strike: charts(({ meta }) => void Object.assign(meta, { dataGranularity: '1wk' })),
    expect: unread(words("bars of '1wk' instead of days"), [1, 1]),
  },
  {
    service: 'Yahoo',
    what: 'an old bar from before what was asked for',
    strike: charts(({ timestamp, indicators: { quote } }) => {
      timestamp.unshift(Date.parse('1960-01-04T14:30:00Z') / 1000);
      for (const column of Object.values(quote[0])) column.unshift(99_999);
    }),
    expect: unharmed(),
  },
  {
    service: 'Yahoo',
    what: 'the record of 2021 told higher, that evening only',
    strike: charts((chart, symbol) => {
      if (symbol === '^RUT') editBar(chart, '2021-11-08', { close: 2480, high: 2481, low: 2430 });
    }),
    expect: {
      printed: /^Held +\^RUT 2,480.00 on 8 Nov 2021: another value was read of it before/,
      code: 0,
      stored: BELIEVED,
      arrives: everybody(2),
      tries: [2, 1],
    },
  },
  {
    service: 'Yahoo',
    what: 'the benchmark stops a day early',
    strike: charts((chart, symbol) => {
      if (symbol === '^GSPC') removeBar(chart, '2025-09-18');
    }),
    expect: { ...unharmed(), printed: /^Missing +\^GSPC: 18 Sep 2025$/ },
  },
  {
    service: 'Yahoo',
    what: "the next session's hours beside the last one's trade, read at night only",
    runs: ['2025-09-19T06:00:00Z', '2025-09-19T12:30:00Z', SEP_19, SEP_22],
    mended: 0,
    strike: () => () => {},
    // Nobody looked on the evening: late, and settled by then.
    expect: { printed: null, code: 0, stored: '2467.7 settled', arrives: everybody(0), tries: [2, 1] },
  },
  {
    service: 'Yahoo',
    what: 'nothing but what is needed: currency null, no priceHint, no names, no ranges, no hours of before and after',
    strike: meta({
      currency: null,
      priceHint: undefined,
      longName: null,
      shortName: undefined,
      validRanges: undefined,
      chartPreviousClose: 'x',
      instrumentType: undefined,
      gmtoffset: null,
      timezone: undefined,
      range: null,
    }),
    expect: unharmed(),
  },
  {
    service: 'Yahoo',
    what: 'no time zone',
    strike: meta({ exchangeTimezoneName: undefined }),
    expect: unread(words('meta\\.exchangeTimezoneName is missing'), [1, 1]),
  },
  {
    service: 'Yahoo',
    what: "no hours of any session: the calendar's count",
    strike: meta({ currentTradingPeriod: undefined }),
    expect: unharmed(),
  },
  {
    service: 'Yahoo',
    what: 'the whole history divided by 100',
    strike: scaled(0.01),
    // It stays so: read again whole, and told in the new points.
    mended: 5,
    expect: { printed: null, code: 0, stored: '24.68 provisional', tries: [2, 1] },
  },
  {
    service: 'Yahoo',
    what: 'closes × 0.8 from a week ago on, the rest as it was',
    strike: scaled(0.8, '2025-09-11'),
    expect: {
      printed: words('two scales in one history cannot be compared'),
      code: 1,
      stored: 'nothing',
      arrives: everybody(2),
      tries: [2, 2],
    },
  },
  {
    service: 'Yahoo',
    what: 'closes × 1.05 up to a week ago, the rest as it was',
    strike: scaled(1.05, '0000', '2025-09-10'),
    expect: {
      printed: words('two scales in one history cannot be compared'),
      code: 1,
      stored: 'nothing',
      arrives: everybody(2),
      tries: [2, 2],
    },
  },
  {
    service: 'Yahoo',
    what: 'the newest close × 0.8, mended overnight',
    strike: scaled(0.8, '2025-09-18'),
    expect: held(
      /^Held +\^RUT 1,974\.16 on 18 Sep 2025: a move of −18\.0% .* the whole session beyond it/,
      '1974.16 held',
      2,
    ),
  },
  {
    service: 'Yahoo',
    what: 'a bar of Saturday',
    runs: [SEP_18, '2025-09-18T21:30:00Z', '2025-09-20T12:30:00Z', SEP_22],
    strike: charts(({ timestamp, indicators: { quote } }) => {
      timestamp.push(Date.parse('2025-09-20T13:30:00Z') / 1000);
      for (const column of Object.values(quote[0])) column.push(9999);
    }),
    expect: unharmed(),
  },
];
