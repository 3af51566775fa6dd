import type { EChartsOption } from 'echarts';
import type { Close, Session } from '../market/close.ts';
import { daysBetween, toDay } from '../market/session.ts';
import { date, plural, points } from '../message/format.ts';
import type { RecordEvent } from '../signal/first-record.ts';
import { FONT, PALETTE, SIZE } from './palette.ts';

const DAY_MS = 86_400_000;
const DAYS_PER_YEAR = 365.25;
/** Two values for each pixel of the widest picture are all that can be seen. */
const BUCKETS = 800;
/** The steps of a logarithmic axis that people read: 1, 2 and 5 of every power of ten. */
const STEPS = [1, 2, 5];

export interface RecordChartFacts {
  readonly indexName: string;
  /** Ascending by session. */
  readonly closes: readonly Close[];
  /** The record closes that ended a quiet period, ascending. */
  readonly events: readonly RecordEvent[];
}

/** A quiet period that an event has ended. */
interface Quiet {
  readonly from: Session;
  readonly to: Session;
  /** "3.9 y". */
  readonly length: string;
}

/**
 * The index since its beginning on a logarithmic scale, the line of its records, the quiet periods over a year shaded and
 * labelled with their length, the events marked, the newest one big. An ECharts option, for pictures and for the page.
 */
export function recordChart({ indexName, closes, events }: RecordChartFacts): EChartsOption {
  const shown = thinned(closes);
  const records = recordLine(closes);
  const newest = events.at(-1);
  const [low, high] = [closes, closes].map((all, which) =>
    all.reduce((best, { close }) => (which === 0 ? Math.min(best, close) : Math.max(best, close)), all[0]?.close ?? 1),
  ) as [number, number];
  const ticks = ticksBetween(low, high);
  return {
    animation: false,
    backgroundColor: PALETTE.background,
    textStyle: { fontFamily: FONT, fontSize: SIZE.text, color: PALETTE.text },
    title: {
      text: `${indexName}: first record closes in over a year`,
      left: 16,
      top: 10,
      textStyle: { fontFamily: FONT, fontSize: SIZE.title, fontWeight: 'bold' as const, color: PALETTE.text },
      subtext: newest === undefined ? '' : newestText(newest),
      itemGap: 6,
      subtextStyle: { fontFamily: FONT, fontSize: SIZE.text, fontWeight: 'bold' as const, color: PALETTE.event },
    },
    grid: { left: 78, right: 40, top: 84, bottom: 46 },
    xAxis: {
      type: 'value' as const,
      min: time(closes[0]?.session ?? ''),
      max: time(closes.at(-1)?.session ?? ''),
      axisLine: { lineStyle: { color: PALETTE.faint } },
      axisTick: { customValues: decades(closes) },
      axisLabel: {
        customValues: decades(closes),
        fontFamily: FONT,
        fontSize: SIZE.text,
        color: PALETTE.text,
        formatter: (value: number) => String(new Date(value).getUTCFullYear()),
      },
      splitLine: { show: false },
    },
    yAxis: {
      type: 'value' as const,
      min: Math.log10(low) - 0.03,
      max: Math.log10(high) + 0.06,
      axisTick: { show: false },
      axisLabel: {
        customValues: ticks.map(Math.log10),
        fontFamily: FONT,
        fontSize: SIZE.text,
        color: PALETTE.text,
        formatter: (value: number) => Math.round(10 ** value).toLocaleString('en-US'),
      },
      splitLine: { show: false },
    },
    series: [
      {
        name: indexName,
        type: 'line' as const,
        data: shown.map(point),
        showSymbol: false,
        lineStyle: { width: 1.6, color: PALETTE.index },
        itemStyle: { color: PALETTE.index },
        markArea: {
          silent: true,
          itemStyle: { color: PALETTE.quiet },
          label: {
            rotate: 90,
            verticalAlign: 'middle' as const,
            distance: 8,
            fontFamily: FONT,
            fontSize: SIZE.small,
            color: PALETTE.text,
          },
          data: quietPeriods(events).map(({ from, to, length }) => [
            { name: length, xAxis: time(from), label: roomFor(to, closes) },
            { xAxis: time(to) },
          ]),
        },
        markLine: {
          silent: true,
          symbol: 'none',
          label: { show: false },
          lineStyle: { color: PALETTE.grid, type: 'solid' as const, width: 1 },
          data: ticks.map((tick) => ({ yAxis: Math.log10(tick) })),
        },
      },
      {
        name: 'Record',
        type: 'line' as const,
        step: 'end' as const,
        data: records.map(point),
        showSymbol: false,
        lineStyle: { width: 1.4, color: PALETTE.record },
        itemStyle: { color: PALETTE.record },
      },
      {
        name: 'First record in over a year',
        type: 'scatter' as const,
        data: events.slice(0, -1).map(point),
        symbolSize: 11,
        itemStyle: { color: PALETTE.event, opacity: 1, borderColor: PALETTE.background, borderWidth: 1.5 },
        z: 5,
      },
      {
        name: 'The newest one',
        type: 'scatter' as const,
        data: newest === undefined ? [] : [point(newest)],
        symbolSize: 20,
        itemStyle: { color: PALETTE.event, opacity: 1, borderColor: PALETTE.background, borderWidth: 2 },
        z: 6,
      },
    ],
  };
}

/** What the picture shows, for who does not see it. */
export function recordChartText({ indexName, closes, events }: RecordChartFacts): string {
  const newest = events.at(-1);
  const quiet = quietPeriods(events).at(-1);
  const first = closes[0];
  if (newest === undefined || quiet === undefined || first === undefined) return `Chart of the ${indexName}`;
  return (
    `Chart of the ${indexName} since ${first.session.slice(0, 4)}, logarithmic: ${plural(events.length, 'time')} it closed at a record for the ` +
    `first time in over a year, last on ${date(newest.session)} at ${points(newest.close)}, past the record of ` +
    `${points(newest.previousRecord.close)} of ${date(newest.previousRecord.session)}, after ${years(quiet.from, quiet.to)} years.`
  );
}

function newestText({ session, close, previousRecord }: RecordEvent): string {
  return `${date(session)}: ${points(close)}, past ${points(previousRecord.close)} after ${years(previousRecord.session, session)} years`;
}

/** The index begins low and ends high: the room for words is above it in the first half of its time, and below it after. */
function roomFor(session: Session, closes: readonly Close[]) {
  const [from, to] = [closes[0]?.session ?? session, closes.at(-1)?.session ?? session];
  const early = daysBetween(from, session) < daysBetween(from, to) / 2;
  return early
    ? { position: 'insideTop' as const, align: 'right' as const }
    : { position: 'insideBottom' as const, align: 'left' as const };
}

function quietPeriods(events: readonly RecordEvent[]): Quiet[] {
  return events.map(({ session, previousRecord }) => ({
    from: previousRecord.session,
    to: session,
    length: `${years(previousRecord.session, session)} y`,
  }));
}

function years(from: Session, to: Session): string {
  return (daysBetween(from, to) / DAYS_PER_YEAR).toFixed(1);
}

function point({ session, close }: Close): [number, number] {
  return [time(session), Math.log10(close)];
}

function time(session: Session): number {
  return toDay(session) * DAY_MS;
}

/** The lowest and the highest close of each stretch of time, and both ends. */
function thinned(closes: readonly Close[]): Close[] {
  const [first, last] = [closes[0], closes.at(-1)];
  if (first === undefined || last === undefined || closes.length <= 2 * BUCKETS) return [...closes];
  const span = Math.max(1, daysBetween(first.session, last.session));
  const buckets = new Map<number, { low: Close; high: Close }>();
  for (const close of closes) {
    const bucket = Math.floor((daysBetween(first.session, close.session) / span) * BUCKETS);
    const known = buckets.get(bucket);
    if (known === undefined) buckets.set(bucket, { low: close, high: close });
    else if (close.close < known.low.close) known.low = close;
    else if (close.close > known.high.close) known.high = close;
  }
  const kept = [...buckets.values()].flatMap(({ low, high }) =>
    low.session < high.session ? [low, high] : [high, low],
  );
  return [first, ...kept, last];
}

/** Every record close, and the newest session: the height that was to be passed. */
function recordLine(closes: readonly Close[]): Close[] {
  const records: Close[] = [];
  for (const close of closes) if (close.close > (records.at(-1)?.close ?? 0)) records.push(close);
  const [last, record] = [closes.at(-1), records.at(-1)];
  return last === undefined || record === undefined
    ? records
    : [...thinned(records), { ...record, session: last.session }];
}

function decades(closes: readonly Close[]): number[] {
  const [from, to] = [closes[0], closes.at(-1)].map((close) => Number(close?.session.slice(0, 4)));
  if (from === undefined || to === undefined) return [];
  const step = to - from > 25 ? 10 : 5;
  const first = Math.ceil((from + 1) / step) * step;
  return Array.from({ length: Math.max(0, Math.floor((to - first) / step) + 1) }, (_, n) =>
    Date.UTC(first + n * step, 0),
  );
}

function ticksBetween(low: number, high: number): number[] {
  const powers = Array.from({ length: 9 }, (_, power) => 10 ** power);
  return powers
    .flatMap((power) => STEPS.map((step) => step * power))
    .filter((tick) => tick >= low * 0.95 && tick <= high * 1.1);
}
