import type { EChartsOption } from 'echarts';
import type { Close, Session } from '../market/close.ts';
import { addDays, addMonths, daysBetween } from '../market/session.ts';
import { change, horizon, list, plural, share } from '../message/format.ts';
import { entryPosition, lastOnOrBefore, outcomesByHorizon } from '../study/outcomes.ts';
import { median } from '../study/statistics.ts';
import { type Look, PICTURE } from './palette.ts';

/** Calendar months that the paths run in a picture. */
const YEAR = 12;
/** Where the range of any day is worked out, as parts of the months that are shown. */
const BAND_AT = [1 / 12, 1 / 4, 1 / 2, 3 / 4, 1];
/** The band holds all but this share of the days at each end. */
const TAIL = 0.05;
/** Steps of a path: one a week in a year. */
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
 * The benchmark in the months after each earlier event, rebased to 100: each path thin and labelled by its year, the
 * median bold, the losers in another colour, the range of any day as a band, the current path on top. An ECharts option.
 * @param months calendar months that are shown
 */
export function outcomeChart(facts: OutcomeChartFacts, look: Look = PICTURE, months = YEAR): EChartsOption {
  const { benchmark, from } = facts;
  const { palette, font, size, titled } = look;
  const paths = pathsOf(facts, months);
  const complete = paths.filter((path) => path.complete);
  const current = paths.filter((path) => !path.complete && path.points.length > 1);
  const band = bandOf(benchmark, from, months);
  const values = paths.flatMap(({ points }) => points.map(([, value]) => value));
  const lowest = Math.floor(Math.min(95, ...values, ...band.map(({ low }) => low)) / 10) * 10;
  const highest = Math.ceil(Math.max(105, ...values, ...band.map(({ high }) => high)) / 10) * 10;
  const grid = titled ? { left: 62, right: 74, top: 84, bottom: 46 } : { left: 38, right: 46, top: 14, bottom: 30 };
  const perPixel = (highest - lowest) / Math.max(1, look.height - grid.top - grid.bottom);
  return {
    animation: false,
    backgroundColor: palette.background,
    textStyle: { fontFamily: font, fontSize: size.text, color: palette.text },
    ...(titled ? { title: titleOf(facts, look, months) } : {}),
    grid,
    xAxis: {
      type: 'value' as const,
      min: 0,
      max: months,
      interval: months > 12 ? 6 : months > 6 ? 3 : 1,
      axisLine: { lineStyle: { color: palette.faint } },
      axisLabel: {
        fontFamily: font,
        fontSize: size.text,
        color: palette.text,
        hideOverlap: true,
        formatter: (value: number) => (value === 0 ? 'event' : `${value} mo`),
      },
      splitLine: { show: false },
    },
    yAxis: {
      type: 'value' as const,
      min: lowest,
      max: highest,
      interval: 10,
      axisLabel: { fontFamily: font, fontSize: size.text, color: palette.text, hideOverlap: true },
      splitLine: { lineStyle: { color: palette.grid } },
    },
    series: [
      ...bandSeries(band, look),
      ...complete.map((path) => pathSeries(path, look)),
      ...(complete.length === 0
        ? []
        : [yearSeries(complete, look, months, size.small * perPixel), medianSeries(complete, look)]),
      ...current.map((path) => currentSeries(path, look)),
    ],
  };
}

function titleOf({ benchmarkName, from }: OutcomeChartFacts, { palette, font, size }: Look, months: number) {
  return {
    text: `${benchmarkName} in the ${months === YEAR ? 'year' : horizon(months)} after (event = 100)`,
    subtext: `bold: median   ·   grey: 90% of all days since ${from.slice(0, 4)}`,
    left: 16,
    top: 10,
    itemGap: 6,
    textStyle: { fontFamily: font, fontSize: size.title, fontWeight: 'bold' as const, color: palette.text },
    subtextStyle: { fontFamily: font, fontSize: size.small, color: palette.faint },
  };
}

/**
 * What the picture shows, for who does not see it.
 * @param months calendar months that are shown
 */
export function outcomeChartText(facts: OutcomeChartFacts, months = YEAR): string {
  const complete = pathsOf(facts, months).filter((path) => path.complete);
  const ends = complete.map((path) => ({ year: path.session.slice(0, 4), end: endOf(path) }));
  const higher = ends.filter(({ end }) => end > 100).length;
  const losers = ends.filter(({ end }) => end <= 100).map(({ year }) => year);
  const span = months === YEAR ? 'year' : horizon(months);
  if (ends.length === 0)
    return `Chart of the ${facts.benchmarkName} after the event; no earlier ${span} to compare with`;
  const middle = median(ends.map(({ end }) => end / 100 - 1)) ?? 0;
  const anyDay = outcomesByHorizon(facts.benchmark, facts.from, [months])[0] ?? new Float64Array();
  const anyDayHigher = share(anyDay.filter((outcome) => outcome > 0).length / anyDay.length);
  return (
    `Chart of the ${facts.benchmarkName} in the ${span} after each of ${plural(ends.length, 'earlier occasion')}: higher in ${higher}` +
    ` (any day: ${anyDayHigher})${losers.length === 0 ? '' : `, lower after ${list(losers)}`}; the median ends at ${change(middle)}.`
  );
}

function pathsOf({ benchmark, events }: OutcomeChartFacts, months: number): Path[] {
  return events.flatMap((session) => {
    const entry = entryPosition(benchmark, session);
    const start = benchmark[entry];
    if (start === undefined) return [];
    const end = addMonths(session, months);
    const whole = daysBetween(session, end);
    const last = benchmark.at(-1);
    const complete = last !== undefined && last.session >= end;
    const rebased = (date: Session) => ((benchmark[lastOnOrBefore(benchmark, date)]?.close ?? 0) / start.close) * 100;
    // All paths have their points at the same times, so that they can be compared there.
    const points = Array.from({ length: STEPS + 1 }, (_, step) => step).flatMap((step): [number, number][] => {
      const date = addDays(session, Math.round((whole * step) / STEPS));
      return date > (last?.session ?? '') ? [] : [[(months * step) / STEPS, rebased(date)]];
    });
    if (last !== undefined && !complete && last.session > session) {
      points.push([(months * daysBetween(session, last.session)) / whole, rebased(last.session)]);
    }
    return [{ session, points, complete }];
  });
}

function endOf({ points }: Path): number {
  return points.at(-1)?.[1] ?? 100;
}

function pathSeries(path: Path, { palette }: Look) {
  const color = endOf(path) > 100 ? palette.higher : palette.lower;
  return {
    type: 'line' as const,
    name: path.session,
    data: path.points.map(([months, value]) => [months, value]),
    showSymbol: false,
    silent: true,
    lineStyle: { width: 1.6, color },
    itemStyle: { color },
    z: 3,
  };
}

function medianSeries(paths: readonly Path[], { palette }: Look) {
  const data = (paths[0]?.points ?? []).map(([months], step): [number, number] => [
    months,
    median(paths.map(({ points }) => points[step]?.[1] ?? 100)) ?? 100,
  ]);
  return {
    type: 'line' as const,
    name: 'Median',
    data,
    showSymbol: false,
    silent: true,
    lineStyle: { width: 5, color: palette.median },
    itemStyle: { color: palette.median },
    z: 4,
  };
}

function currentSeries(path: Path, { palette, font, size }: Look) {
  return {
    type: 'line' as const,
    name: `Now: ${path.session}`,
    data: path.points.map(([months, value]) => [months, value]),
    showSymbol: false,
    silent: true,
    lineStyle: { width: 5, color: palette.current },
    itemStyle: { color: palette.current },
    endLabel: {
      show: true,
      formatter: 'now',
      fontFamily: font,
      fontSize: size.text,
      fontWeight: 'bold' as const,
      color: palette.current,
      distance: 6,
    },
    z: 5,
  };
}

/** The years at the ends of the paths, moved apart where they would lie on each other. */
function yearSeries(paths: readonly Path[], { palette, font, size }: Look, months: number, gap: number) {
  const ends = paths.toSorted((a, b) => endOf(b) - endOf(a));
  const heights = apart(ends.map(endOf), gap);
  return {
    type: 'scatter' as const,
    name: 'years',
    symbolSize: 0,
    itemStyle: { opacity: 1 },
    silent: true,
    clip: false,
    data: ends.map((path, position) => {
      const higher = endOf(path) > 100;
      return {
        value: [months, heights[position] ?? endOf(path)],
        label: {
          show: true,
          position: 'right' as const,
          distance: 6,
          formatter: path.session.slice(0, 4),
          fontFamily: font,
          fontSize: size.small,
          fontWeight: higher ? ('normal' as const) : ('bold' as const),
          color: higher ? palette.text : palette.lower,
        },
      };
    }),
    z: 3,
  };
}

/**
 * Heights that are at least `gap` apart, each as near to its own as the others let it: those that are too near share
 * the middle of their own.
 * @param heights falling
 */
export function apart(heights: readonly number[], gap: number): number[] {
  const groups: { middle: number; size: number }[] = [];
  for (const height of heights) {
    let group = { middle: height, size: 1 };
    for (let above = groups.at(-1); above !== undefined; above = groups.at(-1)) {
      if (above.middle - group.middle >= ((above.size + group.size) / 2) * gap) break;
      const size = above.size + group.size;
      group = { middle: (above.middle * above.size + group.middle * group.size) / size, size };
      groups.pop();
    }
    groups.push(group);
  }
  return groups.flatMap(({ middle, size }) =>
    Array.from({ length: size }, (_, position) => middle + ((size - 1) / 2 - position) * gap),
  );
}

interface Range {
  readonly months: number;
  readonly low: number;
  readonly high: number;
}

function bandOf(benchmark: readonly Close[], from: Session, span: number): Range[] {
  // Outcomes are known by whole months.
  const grid = [...new Set(BAND_AT.map((part) => Math.max(1, Math.round(part * span))))];
  const anyDay = outcomesByHorizon(benchmark, from, grid);
  const ranges = grid.flatMap((months, position) => {
    const sorted = (anyDay[position] ?? new Float64Array()).toSorted();
    const [low, high] = [sorted[Math.floor(sorted.length * TAIL)], sorted[Math.ceil(sorted.length * (1 - TAIL)) - 1]];
    return low === undefined || high === undefined ? [] : [{ months, low: 100 * (1 + low), high: 100 * (1 + high) }];
  });
  return ranges.length === 0 ? [] : [{ months: 0, low: 100, high: 100 }, ...ranges];
}

/** An area between two lines: the lower one invisible, the upper one stacked on it. */
function bandSeries(band: readonly Range[], { palette }: Look) {
  const base = { type: 'line' as const, stack: 'band', stackStrategy: 'all' as const, showSymbol: false, silent: true };
  return [
    { ...base, name: 'band', data: band.map(({ months, low }) => [months, low]), lineStyle: { opacity: 0 }, z: 1 },
    {
      ...base,
      name: 'any day',
      data: band.map(({ months, low, high }) => [months, high - low]),
      lineStyle: { opacity: 0 },
      areaStyle: { color: palette.band, opacity: 1 },
      z: 1,
    },
  ];
}
