import { describe, expect, test } from 'vitest';
import { SERIES, simulate } from '../../src/demo/series.ts';
import { createDemoSource } from '../../src/demo/source.ts';
import type { Close } from '../../src/market/close.ts';
import { addMonths } from '../../src/market/session.ts';
import { SourceError } from '../../src/market/source.ts';

/** Record closes before Yahoo's history. */
const BEFORE_YAHOO: readonly Close[] = [
  { session: '1978-12-29', close: 40.32 },
  { session: '1979-06-29', close: 49.37 },
  { session: '1979-12-31', close: 55.63 },
  { session: '1980-02-08', close: 61.61 },
  { session: '1980-07-17', close: 61.87 },
  { session: '1981-03-19', close: 77.47 },
  { session: '1981-06-15', close: 84.74 },
  { session: '1982-11-04', close: 84.89 },
  { session: '1983-05-04', close: 110.94 },
  { session: '1983-06-24', close: 126.35 },
  { session: '1985-12-12', close: 126.79 },
  { session: '1986-06-13', close: 153.89 },
  { session: '1986-07-03', close: 154.53 },
  { session: '1987-02-04', close: 154.94 },
  { session: '1987-08-05', close: 169.81 },
  { session: '1987-08-21', close: 174.24 },
];

/** An event as it really was; `outcome` in percent, a year later. */
interface RealEvent {
  readonly event: Close;
  readonly record: Close;
  readonly quietSessions: number | null;
  readonly outcome: number | null;
}

const EVENTS: readonly RealEvent[] = [
  {
    event: { session: '1982-11-04', close: 84.89 },
    record: { session: '1981-06-15', close: 84.74 },
    quietSessions: null,
    outcome: 14.5,
  },
  {
    event: { session: '1985-12-12', close: 126.79 },
    record: { session: '1983-06-24', close: 126.35 },
    quietSessions: null,
    outcome: 19.6,
  },
  {
    event: { session: '1989-07-31', close: 174.5 },
    record: { session: '1987-08-21', close: 174.24 },
    quietSessions: null,
    outcome: 2.9,
  },
  {
    event: { session: '1991-10-16', close: 182.84 },
    record: { session: '1989-10-09', close: 180.78 },
    quietSessions: 511,
    outcome: 4.8,
  },
  {
    event: { session: '1995-05-16', close: 272.17 },
    record: { session: '1994-03-18', close: 271.08 },
    quietSessions: 292,
    outcome: 25.9,
  },
  {
    event: { session: '1999-12-29', close: 497.01 },
    record: { session: '1998-04-21', close: 491.41 },
    quietSessions: 427,
    outcome: -9.8,
  },
  {
    event: { session: '2004-04-05', close: 606.39 },
    record: { session: '2000-03-09', close: 606.05 },
    quietSessions: 1022,
    outcome: 2.7,
  },
  {
    event: { session: '2011-04-27', close: 858.31 },
    record: { session: '2007-07-13', close: 855.77 },
    quietSessions: 955,
    outcome: 3.5,
  },
  {
    event: { session: '2013-01-02', close: 873.42 },
    record: { session: '2011-04-29', close: 865.29 },
    quietSessions: 421,
    outcome: 25.3,
  },
  {
    event: { session: '2016-11-14', close: 1298.6 },
    record: { session: '2015-06-23', close: 1295.8 },
    quietSessions: 353,
    outcome: 19.2,
  },
  {
    event: { session: '2020-11-13', close: 1744.04 },
    record: { session: '2018-08-31', close: 1740.75 },
    quietSessions: 555,
    outcome: 30.6,
  },
  {
    event: { session: '2025-09-18', close: 2467.7 },
    record: { session: '2021-11-08', close: 2442.74 },
    quietSessions: 968,
    outcome: null,
  },
];

/** The lowest close of every quiet period within Yahoo's history. */
const LOWS: readonly Close[] = [
  { session: '1987-10-28', close: 106.08 },
  { session: '1990-10-30', close: 118.82 },
  { session: '1994-12-09', close: 235.16 },
  { session: '1998-10-08', close: 310.28 },
  { session: '2002-10-09', close: 327.04 },
  { session: '2009-03-09', close: 343.26 },
  { session: '2011-10-03', close: 609.49 },
  { session: '2016-02-11', close: 953.72 },
  { session: '2020-03-18', close: 991.16 },
  { session: '2023-10-27', close: 1636.94 },
];

const AFTER_THE_END = Date.UTC(2026, 5, 1);
/** Takes of all months, whichever are the chosen ones. */
const TAKES = Array.from({ length: 20 }, (_, index) => index * 61);

/** What the demo gives, complete. */
async function closesOf(symbol: string): Promise<Close[]> {
  const { bars } = await createDemoSource().read(symbol, undefined, AFTER_THE_END);
  return bars.map(({ session, close }) => ({ session, close: close ?? Number.NaN }));
}

function simulated(symbol: string, take: number): Close[] {
  const series = SERIES.get(symbol);
  if (series === undefined) throw new Error(`the demo has no ${symbol}`);
  return simulate(series, () => take);
}

/** The rule once more, as plainly as it can be said: every close against every earlier one, the nearest first. */
function eventsOf(closes: readonly Close[]): { event: Close; record: Close }[] {
  const records = closes.filter(({ close }, index) => {
    for (let before = index - 1; before >= 0; before -= 1) {
      if ((closes[before]?.close ?? 0) >= close) return false;
    }
    return true;
  });
  return records.flatMap((event, index) => {
    const record = records[index - 1];
    return record && event.session > addMonths(record.session, 12) ? [{ event, record }] : [];
  });
}

/** Every published close that the closes do not have. */
function lacking(symbol: string, closes: readonly Close[]): Close[] {
  const simulated = new Map(closes.map(({ session, close }) => [session, close]));
  return SERIES.get(symbol)?.facts.closes.filter(({ session, close }) => simulated.get(session) !== close) ?? [];
}

function largestMove(closes: readonly Close[]): number {
  return Math.max(...closes.slice(1).map(({ close }, index) => Math.abs(close / (closes[index]?.close ?? 0) - 1)));
}

describe('the demo source', () => {
  test('says what it is', () => {
    expect(createDemoSource()).toMatchObject({
      name: 'demo',
      needsNetwork: false,
      note: 'Demo data: closes between real ones are simulated. The figures are those of the real closes; only resampled intervals differ slightly.',
    });
  });

  test('begins where Yahoo does and ends with 2025', async () => {
    const russell = await closesOf('^RUT');
    const sp500 = await closesOf('^GSPC');
    expect([russell[0]?.session, russell.at(-1)?.session, russell.length]).toEqual(['1987-09-10', '2025-12-31', 9651]);
    expect([sp500[0]?.session, sp500.at(-1)?.session, sp500.length]).toEqual(['1978-12-29', '2025-12-31', 11849]);
  });

  test('gives only what is over at the instant of the reading', async () => {
    const source = createDemoSource();
    const fourOClock = Date.UTC(2025, 8, 18, 20);
    const atTheClose = await source.read('^RUT', '2025-09-16', fourOClock);
    expect(atTheClose.bars.map(({ session }) => session)).toEqual(['2025-09-16', '2025-09-17']);
    const anHourLater = await source.read('^RUT', '2025-09-16', fourOClock + 3_600_000);
    expect(anHourLater).toEqual({
      symbol: '^RUT',
      bars: [
        { session: '2025-09-16', close: 2403.03 },
        { session: '2025-09-17', close: 2407.34 },
        { session: '2025-09-18', close: 2467.7 },
      ],
    });
  });

  test('changes nothing with the instant or the first session asked for', async () => {
    const source = createDemoSource();
    const all = await source.read('^GSPC', undefined, AFTER_THE_END);
    const some = await source.read('^GSPC', '2001-03-03', Date.UTC(2004, 0, 1));
    expect(some.bars[0]?.session).toBe('2001-03-05');
    expect(some.bars.at(-1)?.session).toBe('2003-12-31');
    expect(some.bars).toEqual(all.bars.filter(({ session }) => session > '2001-03-03' && session < '2004'));
  });

  test('has nothing before its first session or after its last', async () => {
    const source = createDemoSource();
    expect((await source.read('^RUT', undefined, Date.UTC(1987, 0, 1))).bars).toEqual([]);
    expect((await source.read('^RUT', '2026-01-01', AFTER_THE_END)).bars).toEqual([]);
  });

  test('names the symbols that it knows when asked for another', async () => {
    const reading = createDemoSource().read('^DJI', undefined, AFTER_THE_END);
    await expect(reading).rejects.toThrow(new SourceError('The demo has no closes of ^DJI, only of ^RUT and ^GSPC.'));
    await expect(reading).rejects.toBeInstanceOf(SourceError);
  });

  test('is the same every time, and has other takes', async () => {
    for (const symbol of ['^RUT', '^GSPC']) {
      expect(await closesOf(symbol)).toEqual(await closesOf(symbol));
      expect(simulated(symbol, 1)).not.toEqual(simulated(symbol, 2));
    }
  });
});

describe.each(['the chosen ones', ...TAKES])('with the takes %s', async (take) => {
  const closes = (symbol: string) => (typeof take === 'number' ? simulated(symbol, take) : closesOf(symbol));
  const russell = await closes('^RUT');
  const sp500 = await closes('^GSPC');
  const joined = [...BEFORE_YAHOO, ...russell];

  test('every published close is met', () => {
    expect(lacking('^RUT', russell)).toEqual([]);
    expect(lacking('^GSPC', sp500)).toEqual([]);
  });

  test('the twelve events come, and no other', () => {
    expect(eventsOf(joined)).toEqual(EVENTS.map(({ event, record }) => ({ event, record })));
  });

  test('the quiet periods are as long as they really were', () => {
    const position = new Map(russell.map(({ session }, index) => [session, index]));
    const quiet = EVENTS.map(({ event, record }) => {
      const from = position.get(record.session);
      return from === undefined ? null : (position.get(event.session) ?? Number.NaN) - from;
    });
    expect(quiet).toEqual(EVENTS.map(({ quietSessions }) => quietSessions));
  });

  test('the lowest close of every quiet period is the published one, once', () => {
    const quiet = EVENTS.map(({ event, record }) =>
      russell.filter(({ session }) => record.session < session && session < event.session),
    ).filter((closes) => closes.length > 0);
    const lows = quiet.flatMap((closes) => {
      const lowest = Math.min(...closes.map(({ close }) => close));
      return closes.filter(({ close }) => close === lowest);
    });
    expect(lows).toEqual(LOWS);
  });

  test('no daily move is one that the sanity rules would hold', () => {
    expect(largestMove(russell)).toBeLessThan(0.145);
    expect(largestMove(sp500)).toBeLessThan(0.145);
  });

  test('the outcomes of the events are the real ones', () => {
    const closeOn = (date: string) => sp500.findLast(({ session }) => session <= date)?.close ?? Number.NaN;
    const outcomes = EVENTS.filter(({ outcome }) => outcome !== null).map(({ event }) =>
      Number((100 * (closeOn(addMonths(event.session, 12)) / closeOn(event.session) - 1)).toFixed(1)),
    );
    expect(outcomes).toEqual(EVENTS.flatMap(({ outcome }) => (outcome === null ? [] : [outcome])));
  });
});
