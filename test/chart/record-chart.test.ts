import { expect, test } from 'vitest';
import { recordChart, recordChartText } from '../../src/chart/record-chart.ts';
import { addDays } from '../../src/market/session.ts';
import { detect } from '../../src/signal/first-record.ts';

/** A record, a fall, and a record three years later. */
const CLOSES = [
  { session: '2000-01-03', close: 100 },
  { session: '2001-01-02', close: 120 },
  { session: '2002-01-02', close: 60 },
  { session: '2004-01-02', close: 121 },
  { session: '2004-06-01', close: 110 },
];

const facts = (closes = CLOSES) => ({
  indexName: 'Index',
  closes,
  events: detect({ closes, sourceFrom: 0 }, 1).events,
});

interface Shown {
  readonly name: string;
  readonly data: readonly (readonly [number, number])[];
  readonly markArea?: { readonly data: readonly (readonly { readonly name?: string; readonly xAxis: number }[])[] };
}

const seriesOf = (closes = CLOSES) => recordChart(facts(closes)).series as unknown as Shown[];

test('the index is on a logarithmic scale, in the order of time', () => {
  const [index] = seriesOf();
  expect(index?.data).toEqual(
    CLOSES.map(({ session, close }) => [Date.parse(`${session}T00:00:00Z`), expect.closeTo(Math.log10(close), 10)]),
  );
});

test('the line of records never falls, and goes on to the newest session', () => {
  const record = seriesOf()[1]?.data ?? [];
  const heights = record.map(([, height]) => 10 ** height);
  expect(heights.map(Math.round)).toEqual([100, 120, 121, 121]);
  expect(record.at(-1)?.[0]).toBe(Date.parse('2004-06-01T00:00:00Z'));
});

test('each quiet period is shaded from record to record, with its length', () => {
  // 2000-01-03 to 2001-01-02 is a day less than a year, and no quiet period of over one.
  expect(seriesOf()[0]?.markArea?.data).toMatchObject([
    [{ name: '3.0 y', xAxis: Date.parse('2001-01-02') }, { xAxis: Date.parse('2004-01-02') }],
  ]);
});

test('the newest event is shown by itself, the others together', () => {
  const [, , earlier, newest] = seriesOf();
  expect(earlier?.data).toEqual([]);
  expect(newest?.data.map(([time]) => new Date(time).toISOString().slice(0, 10))).toEqual(['2004-01-02']);
});

test('a long history is thinned to what can be seen, with its extremes', () => {
  const closes = Array.from({ length: 12_000 }, (_, day) => ({
    session: addDays('1980-01-01', day),
    close: day === 7000 ? 999 : day === 3000 ? 1 : 100 + (day % 7),
  }));
  const heights = (seriesOf(closes)[0]?.data ?? []).map(([, height]) => 10 ** height);
  expect(heights.length).toBeLessThan(1700);
  expect([Math.round(Math.min(...heights)), Math.round(Math.max(...heights))]).toEqual([1, 999]);
});

test('a history without an event, or of one day, is drawn all the same', () => {
  expect(seriesOf(CLOSES.slice(0, 1))[3]?.data).toEqual([]);
  expect(seriesOf(CLOSES.slice(0, 3))[3]?.data).toEqual([]);
});

test('who does not see it is told what it shows', () => {
  expect(recordChartText(facts())).toBe(
    'Chart of the Index since 2000, logarithmic: 1 time it closed at a record for the first time in over a year, last on ' +
      '2 Jan 2004 at 121.00, past the record of 120.00 from 2 Jan 2001, after 3.0 years.',
  );
});
