import { describe, expect, test } from 'vitest';
import { sessionsBetween } from '../../src/market/new-york.ts';
import type { Reading } from '../../src/market/source.ts';
import { readChart } from '../../src/market/yahoo-chart.ts';
import { toReading } from '../../src/market/yahoo-reading.ts';
import { closesOf, expectSilence, failureOf, start } from './yahoo-stand-in.ts';

expectSilence();

type Meta = Record<string, unknown>;

interface Answer {
  readonly meta: Meta;
  /** Epoch seconds. */
  readonly timestamp: readonly number[];
  readonly close: readonly (number | null)[];
}

/** @param answeredAt undefined: the answer has no `Date`; by default both clocks agree */
function read({ meta, timestamp, close }: Answer, now: string, answeredAt: string | undefined = now): Reading {
  const clock = answeredAt === undefined ? undefined : Date.parse(answeredAt);
  return readWith({ meta, timestamp, close }, Date.parse(now), clock);
}

function readWith({ meta, timestamp, close }: Answer, now: number, answeredAt: number | undefined): Reading {
  const chart = readChart({ meta, timestamp, indicators: { quote: [{ close }] } });
  return toReading(chart.symbol, undefined, chart, { now, answeredAt });
}

function last({ bars }: Reading): string | undefined {
  const bar = bars.at(-1);
  return bar && `${bar.session} ${bar.close}`;
}

const seconds = (instant: string) => Date.parse(instant) / 1000;

/** A symbol of New York, with the hours of one day and the time of the last trade. */
function newYork(hoursOf: string, tradedAt: string, end = '16:00'): Meta {
  return {
    symbol: '^RUT',
    exchangeTimezoneName: 'America/New_York',
    dataGranularity: '1d',
    regularMarketPrice: 2467.7,
    regularMarketTime: seconds(tradedAt),
    currentTradingPeriod: {
      regular: { start: seconds(`${hoursOf}T09:30:00-04:00`), end: seconds(`${hoursOf}T${end}:00-04:00`) },
    },
  };
}

/** The bars of Wednesday to Friday, 17 to 19 September 2025, as they are dated: by the opening. */
const WEEK = {
  timestamp: ['17', '18', '19'].map((day) => seconds(`2025-09-${day}T09:30:00-04:00`)),
  close: [2407.34, 2467.7, 2448.77],
};

describe("hours of the next session beside the last session's trade", () => {
  // Recorded on a weekend of April 2026, BEL.NS (National Stock Exchange of India): the trade is of Friday the 10th, 15:30
  // there, the hours are those of Monday the 13th. Printed in a comment of a public project.
  test('say nothing of the session before: a weekend in India', () => {
    const meta = {
      symbol: 'BEL.NS',
      exchangeTimezoneName: 'Asia/Kolkata',
      dataGranularity: '1d',
      regularMarketPrice: 442.3,
      regularMarketTime: 1775815200,
      currentTradingPeriod: { regular: { start: 1776051900, end: 1776074400 } },
    };
    const answer = { meta, timestamp: [1775706300, 1775792700], close: [439.75, 442.3] };
    for (const now of ['2026-04-10T19:00:00Z', '2026-04-11T06:00:00Z', '2026-04-12T20:00:00Z', '2026-04-13T03:30:00Z'])
      expect(last(read(answer, now))).toBe('2026-04-10 442.3');
  });

  test.each([
    ['in the night', '2025-09-19', '2025-09-18T20:00:02Z', '2025-09-19T06:00:00Z', '2025-09-18 2467.7'],
    ['in the morning', '2025-09-19', '2025-09-18T20:00:02Z', '2025-09-19T12:30:00Z', '2025-09-18 2467.7'],
    ['all weekend', '2025-09-22', '2025-09-19T20:00:02Z', '2025-09-20T12:30:00Z', '2025-09-19 2448.77'],
    ['before Monday opens', '2025-09-22', '2025-09-19T20:00:02Z', '2025-09-22T12:30:00Z', '2025-09-19 2448.77'],
    [
      'though it rolls in the evening',
      '2025-09-19',
      '2025-09-18T20:00:02Z',
      '2025-09-18T20:45:00Z',
      '2025-09-18 2467.7',
    ],
  ])('%s', (_when, hoursOf, tradedAt, now, expected) => {
    const bars = { timestamp: WEEK.timestamp, close: WEEK.close };
    // Nothing of the 19th is there while the 18th is the newest.
    const newest = tradedAt.startsWith('2025-09-18') ? 2 : 3;
    const answer = { timestamp: bars.timestamp.slice(0, newest), close: bars.close.slice(0, newest) };
    expect(last(read({ meta: newYork(hoursOf, tradedAt), ...answer }, now))).toBe(expected);
    // Also where the answer does not tell the time.
    expect(last(readWith({ meta: newYork(hoursOf, tradedAt), ...answer }, Date.parse(now), undefined))).toBe(expected);
  });

  test('make no close of a session that runs, or is over for less than 35 minutes', () => {
    for (const time of ['09:31', '15:59', '16:34']) {
      const now = `2025-09-18T${time}:00-04:00`;
      const answer = { timestamp: WEEK.timestamp.slice(0, 2), close: WEEK.close.slice(0, 2) };
      expect(last(read({ meta: newYork('2025-09-19', now), ...answer }, now))).toBe('2025-09-17 2407.34');
    }
  });
});

describe('without the hours of any session', () => {
  const { currentTradingPeriod: _, ...meta } = newYork('2025-09-18', '2025-09-18T20:00:02Z');
  const answer = { meta, timestamp: WEEK.timestamp.slice(0, 2), close: WEEK.close.slice(0, 2) };

  test("New York's are those of its calendar; elsewhere the day has to end", () => {
    expect(last(read(answer, '2025-09-18T20:34:00Z'))).toBe('2025-09-17 2407.34');
    expect(last(read(answer, '2025-09-18T20:35:00Z'))).toBe('2025-09-18 2467.7');
    const berlin = { ...answer, meta: { ...meta, exchangeTimezoneName: 'Europe/Berlin' } };
    expect(last(read(berlin, '2025-09-18T21:59:00Z'))).toBe('2025-09-17 2407.34');
    expect(last(read(berlin, '2025-09-18T22:00:00Z'))).toBe('2025-09-18 2467.7');
  });
});

describe('two clocks', () => {
  const answer = {
    meta: newYork('2025-09-18', '2025-09-18T19:49:50Z'),
    timestamp: WEEK.timestamp.slice(0, 2),
    close: WEEK.close.slice(0, 2),
  };

  test.each([
    ['four hours ahead at 15:50', '2025-09-18T23:50:00Z'],
    ['days ahead', '2025-09-24T19:50:00Z'],
    ['in 2038', '2038-01-19T03:14:07Z'],
  ])("this machine's clock makes no close by being %s", (_what, now) => {
    expect(last(read(answer, now, '2025-09-18T19:50:00Z'))).toBe('2025-09-17 2407.34');
  });

  test("a source's clock that is ahead makes none either", () => {
    expect(last(read(answer, '2025-09-18T19:50:00Z', '2025-09-19T19:50:00Z'))).toBe('2025-09-17 2407.34');
  });

  test('tell of an answer when it was given', () => {
    expect(read(answer, '2025-09-18T19:50:00Z', '2025-09-18T19:49:59Z').answeredAt).toBe(
      Date.parse('2025-09-18T19:49:59Z'),
    );
  });

  test('a currency whose last trade lies half an hour before the end of its day is over the next day', () => {
    // Recorded on Saturday, 3 October 2026 (gadicc/yahoo-finance2, tests/fixtures/http/chart-EURUSD=X-…): hours of Friday,
    // 0:00 to 23:59 in London, last trade at 22:29 there.
    const meta = {
      symbol: 'EURUSD=X',
      exchangeTimezoneName: 'Europe/London',
      dataGranularity: '1d',
      regularMarketPrice: 1.1257,
      regularMarketTime: 1790976545,
      currentTradingPeriod: { regular: { start: 1790895600, end: 1790981940 } },
    };
    const euro = { meta, timestamp: [1790809200, 1790895600], close: [1.1244, 1.1257] };
    expect(last(read(euro, '2026-10-03T08:17:20Z'))).toBe('2026-10-02 1.1257');
    expect(last(read(euro, '2026-10-02T21:40:00Z'))).toBe('2026-10-01 1.1244');
  });

  test.each(['2025-09-18T23:50:00Z', '2038-01-19T03:14:07Z'])(
    "without the answer's, the last trade tells a live bar from a close, though this machine says %s",
    (now) => {
      expect(last(readWith(answer, Date.parse(now), undefined))).toBe('2025-09-17 2407.34');
    },
  );

  test("a Date before the answer's own last trade is none", () => {
    const traded = { ...answer, meta: newYork('2025-09-18', '2025-09-18T20:00:01Z') };
    const reading = read(traded, '2025-09-18T20:45:00Z', '2025-09-18T19:45:00Z');
    expect([last(reading), reading.answeredAt]).toEqual(['2025-09-18 2467.7', undefined]);
  });

  test('a feed that stands still in the afternoon has no close that evening', () => {
    const stalled = { ...answer, meta: newYork('2025-09-18', '2025-09-18T18:30:00Z') };
    expect(last(read(stalled, '2025-09-18T20:45:00Z'))).toBe('2025-09-17 2407.34');
  });
});

describe('the newest session', () => {
  const meta = newYork('2025-09-18', '2025-09-18T20:00:02Z');
  const [before = 0, opening = 0] = WEEK.timestamp;

  test('told twice has the value that is the last price', () => {
    for (const close of [
      [2407.34, 2467.7, 2470.5],
      [2407.34, 2470.5, 2467.7],
    ])
      expect(last(read({ meta, timestamp: [before, opening, opening + 1], close }, '2025-09-18T20:45:00Z'))).toBe(
        '2025-09-18 2467.7',
      );
  });

  test('stamped with the midnight of UTC is not the session before', () => {
    const timestamp = [before, seconds('2025-09-18T00:00:00Z')];
    const reading = read({ meta, timestamp, close: [2407.34, 2467.7] }, '2025-09-18T20:45:00Z');
    expect(last(reading)).toBe('2025-09-17 2407.34');
  });
});

describe('sessions at weekends', () => {
  const india = (tradedAt: string) => ({
    symbol: '^NSEI',
    exchangeTimezoneName: 'Asia/Kolkata',
    dataGranularity: '1d',
    regularMarketPrice: 21571.8,
    regularMarketTime: seconds(tradedAt),
    currentTradingPeriod: {
      regular: { start: seconds('2024-03-04T09:15:00+05:30'), end: seconds('2024-03-04T15:30:00+05:30') },
    },
  });
  /** Weekdays of thirty sessions, and the two Saturdays of early 2024 (circulars of the exchange, 2023-12-29 and 2024-02-14). */
  const days = (() => {
    const list: string[] = [];
    for (let day = Date.parse('2024-01-22'); day <= Date.parse('2024-03-01'); day += 86_400_000) {
      const weekday = new Date(day).getUTCDay();
      if (weekday !== 0 && weekday !== 6) list.push(new Date(day).toISOString().slice(0, 10));
    }
    return ['2024-01-19', '2024-01-20', ...list.slice(0, 28), '2024-03-02'].sort();
  })();
  const answer = {
    meta: india('2024-03-02T12:30:00+05:30'),
    timestamp: days.map((day) => seconds(`${day}T09:15:00+05:30`)),
    close: days.map((_, position) => 21_000 + position),
  };

  test('are sessions where they have a value: two Saturdays among thirty', () => {
    const { bars } = read(answer, '2024-03-03T12:00:00Z');
    expect(bars.map(({ session }) => session)).toEqual(days);
  });

  test('of an hour in the evening too: Muhurat trading on Sunday, 12 November 2023', () => {
    const evening = {
      meta: {
        ...india('2023-11-12T19:15:00+05:30'),
        currentTradingPeriod: {
          regular: { start: seconds('2023-11-12T18:15:00+05:30'), end: seconds('2023-11-12T19:15:00+05:30') },
        },
      },
      timestamp: [seconds('2023-11-10T09:15:00+05:30'), seconds('2023-11-12T18:15:00+05:30')],
      close: [19425.35, 19525.55],
    };
    expect(last(read(evening, '2023-11-12T14:00:00Z'))).toBe('2023-11-10 19425.35');
    expect(last(read(evening, '2023-11-12T14:20:00Z'))).toBe('2023-11-12 19525.55');
  });

  test('without a value are none', () => {
    const close = answer.close.map((value, position) => (days[position] === '2024-01-20' ? null : value));
    const { bars } = read({ ...answer, close }, '2024-03-03T12:00:00Z');
    expect(bars.map(({ session }) => session)).toEqual(days.filter((day) => day !== '2024-01-20'));
  });

  test('are none in New York', () => {
    const timestamp = [...WEEK.timestamp, seconds('2025-09-20T09:30:00-04:00')];
    const saturday = { meta: newYork('2025-09-19', '2025-09-19T20:00:00Z'), timestamp, close: [...WEEK.close, 9999] };
    expect(last(read(saturday, '2025-09-21T12:00:00Z'))).toBe('2025-09-19 2448.77');
  });

  test('of every week mean that the time zone is wrong', () => {
    const meta = { ...answer.meta, exchangeTimezoneName: 'Pacific/Pago_Pago' };
    expect(() => read({ ...answer, meta }, '2024-03-03T12:00:00Z')).toThrow(
      /^\d bars fall on weekends, so the time zone 'Pacific\/Pago_Pago' cannot be right/,
    );
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

  test.each([
    ['Asia/Tokyo', ['2025-09-15 2405.13', '2025-09-16 2403.03', '2025-09-17 2407.34']],
    // There the bars begin after midnight.
    ['Pacific/Auckland', ['2025-09-16 2405.13', '2025-09-17 2403.03', '2025-09-18 2407.34']],
  ])('makes no close of a price of the day: %s', async (zone, closes) => {
    const { read, yahoo } = await start();
    yahoo.tweak = ({ meta, timestamp }) => {
      meta.exchangeTimezoneName = zone;
      // The daily bar as it is dated all day, by its opening.
      timestamp.splice(-1, 1, seconds('2025-09-18T09:30:00-04:00'));
    };
    // In Tokyo it is the 19th already, and the trading period of the 18th has not ended.
    expect(closesOf(await read('2025-09-18 13:00'))).toEqual(closes);
  });

  test('that moves every date is no reading', async () => {
    const { read, yahoo } = await start();
    const month = sessionsBetween('2025-08-18', '2025-09-18').map((session) => ({ session, close: 2400 }));
    yahoo.closes.set('^RUT', month);
    yahoo.tweak = ({ meta }) => void Object.assign(meta, { exchangeTimezoneName: 'Pacific/Auckland' });
    expect(await failureOf(read('2025-09-19 09:00', '2025-08-18'))).toBe(
      "^RUT: 4 bars fall on weekends, so the time zone 'Pacific/Auckland' cannot be right; the next run tries again",
    );
  });
});
