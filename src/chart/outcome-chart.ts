import type { EChartsOption } from 'echarts';
import type { Close, Session } from '../market/close.ts';
import { addMonths, daysBetween } from '../market/session.ts';
import { change, plural } from '../message/format.ts';
import { entryPosition, lastOnOrBefore, outcomesOfAllSessions } from '../study/outcomes.ts';
import { median } from '../study/statistics.ts';
import { FONT, PALETTE, SIZE } from './palette.ts';

/** Calendar months that the paths run. */
const MONTHS = 12;
/** Where the range of any day is worked out, in months. */
const BAND_AT = [1, 3, 6, 9, 12];
/** The band holds all but this share of the days at each end. */
const TAIL = 0.05;
/** Points of a path: one a week. */
const STEPS = 52;

export interface OutcomeChartFacts {
  readonly benchmarkName: string;
  /** Ascending by session. */
  readonly benchmark: readonly Close[];
  /** Sessions of the events, ascending; the last one is the current one where its year is not over. */
  readonly events: readonly Session[];
  /** First session of the base rate. */
  readonly from: Session;
}

/** The benchmark in the year after one event, rebased to 100. */
interface Path {
  readonly session: Session;
  /** Months since the event, and the benchmark then. */
  readonly points: readonly (readonly [number, number])[];
  readonly complete: boolean;
}

/**
 * The benchmark in the year after each earlier event, rebased to 100: each path thin and labelled by its year, the
 * median bold, the losers in another colour, the range of any day as a band, the current path on top. An ECharts option.
 */
export function outcomeChart(facts: OutcomeChartFacts): EChartsOption {
  const { benchmarkName, benchmark, from } = facts;
  const paths = pathsOf(facts);
  const complete = paths.filter((path) => path.complete);
  const current = paths.filter((path) => !path.complete && path.points.length > 1);
  const band = bandOf(benchmark, from);
  const lowest = Math.min(
    95,
    ...paths.flatMap(({ points }) => points.map(([, value]) => value)),
    ...band.map(({ low }) => low),
  );
  const highest = Math.max(
    105,
    ...paths.flatMap(({ points }) => points.map(([, value]) => value)),
    ...band.map(({ high }) => high),
  );
  return {
    animation: false,
    backgroundColor: PALETTE.background,
    textStyle: { fontFamily: FONT, fontSize: SIZE.text, color: PALETTE.text },
    title: {
      text: `${benchmarkName} in the year after (event = 100)`,
      subtext: 'bold: median   ·   grey: 90% of all days since 1978'.replace('1978', from.slice(0, 4)),
      left: 16,
      top: 10,
      itemGap: 6,
      textStyle: { fontFamily: FONT, fontSize: SIZE.title, fontWeight: 'bold' as const, color: PALETTE.text },
      subtextStyle: { fontFamily: FONT, fontSize: SIZE.small, color: PALETTE.faint },
    },
    grid: { left: 62, right: 74, top: 84, bottom: 46 },
    xAxis: {
      type: 'value' as const,
      min: 0,
      max: MONTHS,
      interval: 3,
      axisLine: { lineStyle: { color: PALETTE.faint } },
      axisLabel: {
        fontFamily: FONT,
        fontSize: SIZE.text,
        color: PALETTE.text,
        formatter: (value: number) => (value === 0 ? 'event' : `${value} mo`),
      },
      splitLine: { show: false },
    },
    yAxis: {
      type: 'value' as const,
      min: Math.floor(lowest / 10) * 10,
      max: Math.ceil(highest / 10) * 10,
      interval: 10,
      axisLabel: { fontFamily: FONT, fontSize: SIZE.text, color: PALETTE.text, hideOverlap: true },
      splitLine: { lineStyle: { color: PALETTE.grid } },
    },
    series: [
      ...bandSeries(band),
      ...complete.map((path) => pathSeries(path)),
      ...(complete.length === 0 ? [] : [medianSeries(complete)]),
      ...current.map((path) => currentSeries(path)),
    ],
  };
}

/** What the picture shows, for who does not see it. */
export function outcomeChartText(facts: OutcomeChartFacts): string {
  const complete = pathsOf(facts).filter((path) => path.complete);
  const ends = complete.map((path) => ({ year: path.session.slice(0, 4), end: endOf(path) }));
  const higher = ends.filter(({ end }) => end > 100).length;
  const losers = ends.filter(({ end }) => end <= 100).map(({ year }) => year);
  if (ends.length === 0) return `Chart of the ${facts.benchmarkName} after the event; no earlier year to compare with`;
  const middle = median(ends.map(({ end }) => end / 100 - 1)) ?? 0;
  return (
    `Chart of the ${facts.benchmarkName} in the year after each of ${plural(ends.length, 'earlier occasion')}: higher in ${higher}` +
    `${losers.length === 0 ? '' : `, lower after ${losers.join(' and ')}`}; the median ends at ${change(middle)}.`
  );
}

function pathsOf({ benchmark, events }: OutcomeChartFacts): Path[] {
  return events.flatMap((session) => {
    const entry = entryPosition(benchmark, session);
    const start = benchmark[entry];
    if (start === undefined) return [];
    const end = addMonths(session, MONTHS);
    const whole = daysBetween(session, end);
    const complete = (benchmark.at(-1)?.session ?? '') >= end;
    const last = lastOnOrBefore(benchmark, end);
    const step = Math.max(1, Math.round((last - entry) / STEPS));
    const weekly = Array.from({ length: Math.ceil((last - entry) / step) }, (_, week) => entry + week * step);
    const points = [...weekly, last].flatMap((position): [number, number][] => {
      const close = benchmark[position];
      if (close === undefined) return [];
      // The last session of a whole year may lie a weekend before its end.
      const months = position === last && complete ? MONTHS : (daysBetween(session, close.session) / whole) * MONTHS;
      return [[Math.min(MONTHS, Math.max(0, months)), (close.close / start.close) * 100]];
    });
    return [{ session, points, complete }];
  });
}

function endOf({ points }: Path): number {
  return points.at(-1)?.[1] ?? 100;
}

function pathSeries(path: Path) {
  const color = endOf(path) > 100 ? PALETTE.higher : PALETTE.lower;
  return {
    type: 'line' as const,
    name: path.session,
    data: path.points.map(([months, value]) => [months, value]),
    showSymbol: false,
    silent: true,
    lineStyle: { width: 1.6, color },
    itemStyle: { color },
    endLabel: {
      show: true,
      formatter: path.session.slice(0, 4),
      fontFamily: FONT,
      fontSize: SIZE.small,
      color: endOf(path) > 100 ? PALETTE.text : PALETTE.lower,
      fontWeight: endOf(path) > 100 ? ('normal' as const) : ('bold' as const),
      distance: 6,
    },
    labelLayout: { moveOverlap: 'shiftY' as const },
    z: 3,
  };
}

function medianSeries(paths: readonly Path[]) {
  const grid = Array.from({ length: STEPS + 1 }, (_, step) => (step / STEPS) * MONTHS);
  const data = grid.map((months): [number, number] => [
    months,
    median(paths.map((path) => valueAt(path, months))) ?? 100,
  ]);
  return {
    type: 'line' as const,
    name: 'Median',
    data,
    showSymbol: false,
    silent: true,
    lineStyle: { width: 5, color: PALETTE.median },
    itemStyle: { color: PALETTE.median },
    z: 4,
  };
}

function currentSeries(path: Path) {
  return {
    type: 'line' as const,
    name: `Now: ${path.session}`,
    data: path.points.map(([months, value]) => [months, value]),
    showSymbol: false,
    silent: true,
    lineStyle: { width: 5, color: PALETTE.current },
    itemStyle: { color: PALETTE.current },
    endLabel: {
      show: true,
      formatter: 'now',
      fontFamily: FONT,
      fontSize: SIZE.text,
      fontWeight: 'bold' as const,
      color: PALETTE.current,
      distance: 6,
    },
    z: 5,
  };
}

/** A path's value between its two nearest points. */
function valueAt({ points }: Path, months: number): number {
  const after = points.findIndex(([at]) => at >= months);
  const [next, previous] = [points[after], points[after - 1]];
  if (next === undefined) return points.at(-1)?.[1] ?? 100;
  if (previous === undefined || next[0] === previous[0]) return next[1];
  return previous[1] + ((next[1] - previous[1]) * (months - previous[0])) / (next[0] - previous[0]);
}

interface Range {
  readonly months: number;
  readonly low: number;
  readonly high: number;
}

function bandOf(benchmark: readonly Close[], from: Session): Range[] {
  const ranges = BAND_AT.flatMap((months) => {
    const sorted = outcomesOfAllSessions(benchmark, from, months).toSorted();
    const [low, high] = [sorted[Math.floor(sorted.length * TAIL)], sorted[Math.ceil(sorted.length * (1 - TAIL)) - 1]];
    return low === undefined || high === undefined ? [] : [{ months, low: 100 * (1 + low), high: 100 * (1 + high) }];
  });
  return ranges.length === 0 ? [] : [{ months: 0, low: 100, high: 100 }, ...ranges];
}

/** An area between two lines: the lower one invisible, the upper one stacked on it. */
function bandSeries(band: readonly Range[]) {
  const base = { type: 'line' as const, stack: 'band', stackStrategy: 'all' as const, showSymbol: false, silent: true };
  return [
    { ...base, name: 'band', data: band.map(({ months, low }) => [months, low]), lineStyle: { opacity: 0 }, z: 1 },
    {
      ...base,
      name: 'any day',
      data: band.map(({ months, low, high }) => [months, high - low]),
      lineStyle: { opacity: 0 },
      areaStyle: { color: PALETTE.band, opacity: 1 },
      z: 1,
    },
  ];
}
