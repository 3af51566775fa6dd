import { describe, expect, test } from 'vitest';
import { sessionsBetween } from '../../src/market/new-york.ts';
import { type ChartAnswer, editBar, removeBar, repeatLastBar } from '../support/yahoo-chart.ts';

import { closesOf, expectSilence, failureOf, newYork, start, WEEK } from './yahoo-stand-in.ts';

expectSilence();

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
    expect(await failureOf(read())).toBe("^RUT: Yahoo sent bars of '1mo' instead of days; the next run tries again");
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
    expect(await failureOf(read())).toBe("^RUT: Yahoo answered for '^SP600' instead; the next run tries again");
    yahoo.tweak = ({ meta }) => void Object.assign(meta, { dataGranularity: '1wk' });
    expect(await failureOf(read())).toBe("^RUT: Yahoo sent bars of '1wk' instead of days; the next run tries again");
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
  expect(closesOf(await read('2025-09-21 12:00'))).toEqual(
    WEEK.map(({ session, close }) => `${session} ${close.toFixed(2)}`),
  );
});
