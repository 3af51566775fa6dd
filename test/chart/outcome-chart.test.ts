import { expect, test } from 'vitest';
import { apart, outcomeChart, outcomeChartText } from '../../src/chart/outcome-chart.ts';
import { sessionsBetween } from '../../src/market/new-york.ts';

/** A benchmark that rises by a tenth of a point each session, but falls in 2011. */
const BENCHMARK = sessionsBetween('2009-01-02', '2013-06-28').map((session, index) => ({
  session,
  close:
    session < '2011-01-01' ? 100 + index / 10 : session < '2012-02-01' ? 150 - (index - 504) / 5 : 100 + index / 10,
}));
const facts = (events: string[], benchmark = BENCHMARK) => ({
  benchmarkName: 'Benchmark',
  benchmark,
  events,
  from: '2009-01-02',
});

interface Path {
  readonly name: string;
  readonly data: readonly (readonly [number, number])[];
  readonly lineStyle: { readonly color?: string; readonly width?: number };
}
const seriesOf = (events: string[], benchmark = BENCHMARK) =>
  outcomeChart(facts(events, benchmark)).series as unknown as Path[];
const closeOf = (session: string) => BENCHMARK.find((close) => close.session === session)?.close ?? Number.NaN;

test('a path begins at 100 and ends a year later at the outcome', () => {
  const path = seriesOf(['2009-03-02']).find(({ name }) => name === '2009-03-02');
  expect(path?.data[0]).toEqual([0, 100]);
  expect(path?.data.at(-1)).toEqual([12, expect.closeTo((closeOf('2010-03-02') / closeOf('2009-03-02')) * 100, 9)]);
  expect(path?.data.every(([months], index) => index === 0 || months > (path.data[index - 1]?.[0] ?? 0))).toBe(true);
});

test('a loser has another colour than a winner', () => {
  const series = seriesOf(['2009-03-02', '2011-01-03']);
  const [winner, loser] = ['2009-03-02', '2011-01-03'].map((name) => series.find((path) => path.name === name));
  expect(loser?.data.at(-1)?.[1]).toBeLessThan(100);
  expect(loser?.lineStyle.color).not.toBe(winner?.lineStyle.color);
});

test('the median lies between the paths, and is the boldest', () => {
  const series = seriesOf(['2009-03-02', '2009-06-01', '2011-01-03']);
  const median = series.find(({ name }) => name === 'Median');
  const ends = series.filter(({ name }) => /^\d{4}/.test(name)).map(({ data }) => data.at(-1)?.[1] ?? 0);
  // Of three, the one in the middle.
  expect(median?.data.at(-1)?.[1]).toBeCloseTo(ends.toSorted((a, b) => a - b)[1] ?? 0, 9);
  expect(median?.lineStyle.width).toBeGreaterThan(2);
});

test('the current path ends where the closes do, and counts for nothing else', () => {
  const series = seriesOf(['2009-03-02', '2013-01-02']);
  const now = series.find(({ name }) => name === 'Now: 2013-01-02');
  expect(now?.data.at(-1)?.[0]).toBeCloseTo(5.8, 1);
  expect(outcomeChartText(facts(['2009-03-02', '2013-01-02']))).toContain('each of 1 earlier occasion:');
});

test('the band holds 90% of all days, from their low to their high', () => {
  const [low, range] = seriesOf(['2009-03-02']);
  expect(low?.data[0]).toEqual([0, 100]);
  expect(low?.data.at(-1)?.[0]).toBe(12);
  for (const [, width] of range?.data.slice(1) ?? []) expect(width).toBeGreaterThan(0);
});

test('without a benchmark, or before any event, there is nothing to draw and nothing fails', () => {
  expect(seriesOf(['2009-03-02'], [])).toHaveLength(2);
  expect(seriesOf([])).toHaveLength(2);
  expect(outcomeChartText(facts([]))).toMatch(/no earlier year/);
});

test('who does not see it is told how many were higher, and which not', () => {
  expect(outcomeChartText(facts(['2009-03-02', '2011-01-03']))).toMatch(
    /^Chart of the Benchmark in the year after each of 2 earlier occasions: higher in 1 \(any day: \d+%\), lower after 2011; the median ends at /,
  );
});

test.each([
  [
    [130, 120, 110],
    [130, 120, 110],
  ],
  // Two that are too near share the middle of their own.
  [
    [110, 109],
    [112, 107],
  ],
  // Pushed apart they meet the third, and all three share.
  [
    [110, 109, 105],
    [113, 108, 103],
  ],
  [
    [130, 101, 100, 99],
    [130, 105, 100, 95],
  ],
  [[], []],
])('the years at %j are written at %j, at least 5 apart', (heights, written) => {
  expect(apart(heights, 5)).toEqual(written);
});

test('fewer months are fewer months, of the same closes', () => {
  const option = outcomeChart(facts(['2009-03-02']), undefined, 3);
  const path = (option.series as unknown as Path[]).find(({ name }) => name === '2009-03-02');
  expect(path?.data.at(-1)).toEqual([3, expect.closeTo((closeOf('2009-06-02') / closeOf('2009-03-02')) * 100, 9)]);
  expect(outcomeChartText(facts(['2009-03-02']), 3)).toContain('in the 3 months after each of 1 earlier occasion');
});
