import type { EChartsOption } from 'echarts';
import type { Close, Session } from '../market/close.ts';
import { daysBetween, toDay } from '../market/session.ts';
import { date, plural, points } from '../message/format.ts';
import type { RecordEvent } from '../signal/first-record.ts';
import { type Look, PICTURE } from './palette.ts';

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
export function recordChart(facts: RecordChartFacts, look: Look = PICTURE): EChartsOption {
  const { indexName, closes, events } = facts;
  const { palette, font, size } = look;
  const newest = events.at(-1);
  const axes = recordAxes(facts, look);
  return {
    animation: false,
    backgroundColor: palette.background,
    textStyle: { fontFamily: font, fontSize: size.text, color: palette.text },
    ...(look.titled ? { title: titleOf(indexName, newest, look) } : {}),
    grid: look.titled
      ? { left: 78, right: 40, top: 84, bottom: 46 }
      : { left: look.narrow ? 44 : 56, right: 16, top: 14, bottom: 30 },
    xAxis: axes.xAxis,
    yAxis: axes.yAxis,
    series: [
      {
        id: 'index',
        name: indexName,
        type: 'line' as const,
        data: indexPoints(closes),
        showSymbol: false,
        lineStyle: { width: 1.6, color: palette.index },
        itemStyle: { color: palette.index },
        markArea: {
          silent: true,
          itemStyle: { color: palette.quiet },
          label: {
            show: !look.narrow,
            rotate: 90,
            verticalAlign: 'middle' as const,
            distance: 8,
            fontFamily: font,
            fontSize: size.small,
            color: palette.text,
          },
          data: quietPeriods(events).map(({ from, to, length }) => [
            { name: length, xAxis: time(from), label: roomFor(to, closes) },
            { xAxis: time(to) },
          ]),
        },
        markLine: axes.gridLines,
      },
      {
        id: 'record',
        name: 'Record',
        type: 'line' as const,
        step: 'end' as const,
        data: recordLine(closes).map(point),
        showSymbol: false,
        lineStyle: { width: 1.4, color: palette.record },
        itemStyle: { color: palette.record },
      },
      {
        id: 'events',
        name: 'First record in over a year',
        type: 'scatter' as const,
        data: events.slice(0, -1).map(point),
        symbolSize: 11,
        itemStyle: { color: palette.event, opacity: 1, borderColor: palette.background, borderWidth: 1.5 },
        z: 5,
      },
      {
        id: 'newest',
        name: 'The newest one',
        type: 'scatter' as const,
        data: newest === undefined ? [] : [point(newest)],
        symbolSize: look.titled ? 20 : 17,
        itemStyle: { color: palette.event, opacity: 1, borderColor: palette.background, borderWidth: 2 },
        z: 6,
      },
    ],
  };
}

/**
 * Axes and grid lines for a stretch of time; by default for all of it.
 * @param from first session shown
 * @param to last session shown
 */
export function recordAxes(
  { closes }: Pick<RecordChartFacts, 'closes'>,
  { palette, font, size, narrow }: Look,
  from: Session = closes[0]?.session ?? '',
  to: Session = closes.at(-1)?.session ?? '',
) {
  const shown = closes.filter(({ session }) => session >= from && session <= to);
  const low = shown.reduce((best, { close }) => Math.min(best, close), shown[0]?.close ?? 1);
  const high = shown.reduce((best, { close }) => Math.max(best, close), low);
  const ticks = ticksBetween(low, high);
  const room = Math.max(0.01, Math.log10(high / low)) / 50;
  const dates = datesBetween(from, to, narrow ? 5 : 7);
  return {
    xAxis: {
      type: 'value' as const,
      min: time(closes[0]?.session ?? ''),
      max: time(closes.at(-1)?.session ?? ''),
      axisLine: { lineStyle: { color: palette.faint } },
      axisTick: { customValues: dates.map(({ at }) => at) },
      axisLabel: {
        customValues: dates.map(({ at }) => at),
        fontFamily: font,
        fontSize: size.text,
        color: palette.text,
        formatter: (value: number) => dates.find(({ at }) => at === value)?.text ?? '',
      },
      splitLine: { show: false },
    },
    yAxis: {
      type: 'value' as const,
      min: Math.log10(low) - room,
      max: Math.log10(high) + 2 * room,
      axisTick: { show: false },
      axisLabel: {
        customValues: ticks.map(Math.log10),
        fontFamily: font,
        fontSize: size.text,
        color: palette.text,
        formatter: (value: number) => Math.round(10 ** value).toLocaleString('en-US'),
      },
      splitLine: { show: false },
    },
    gridLines: {
      silent: true,
      symbol: 'none',
      label: { show: false },
      lineStyle: { color: palette.grid, type: 'solid' as const, width: 1 },
      data: ticks.map((tick) => ({ yAxis: Math.log10(tick) })),
    },
  };
}

/**
 * The points of the index: as many as can be seen of all of it, and again as many of the stretch that is shown. By time and
 * not by number, as the closes before the source's history are sparse.
 */
export function indexPoints(
  closes: readonly Close[],
  from: Session = closes[0]?.session ?? '',
  to: Session = closes.at(-1)?.session ?? '',
): [number, number][] {
  const shown = closes.filter(({ session }) => session >= from && session <= to);
  const kept = new Set([...thinned(closes), ...thinned(shown)]);
  return closes.filter((close) => kept.has(close)).map(point);
}

function titleOf(indexName: string, newest: RecordEvent | undefined, { palette, font, size }: Look) {
  return {
    text: `${indexName}: first record closes in over a year`,
    left: 16,
    top: 10,
    textStyle: { fontFamily: font, fontSize: size.title, fontWeight: 'bold' as const, color: palette.text },
    subtext: newest === undefined ? '' : newestText(newest),
    itemGap: 6,
    subtextStyle: { fontFamily: font, fontSize: size.text, fontWeight: 'bold' as const, color: palette.event },
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
  return last === undefined || record === undefined ? records : [...records, { ...record, session: last.session }];
}

/** Steps between the dates of an axis, in months. */
const DATE_STEPS = [1, 2, 3, 6, 12, 24, 60, 120];

/** The first days of months or years that an axis names, at most `most` of them. */
function datesBetween(from: Session, to: Session, most: number): { at: number; text: string }[] {
  if (from === '' || to === '') return [];
  const monthOf = (session: Session) => Number(session.slice(0, 4)) * 12 + Number(session.slice(5, 7)) - 1;
  const [first, last] = [monthOf(from) + 1, monthOf(to)];
  const step = DATE_STEPS.find((months) => (last - first) / months < most) ?? 240;
  const begin = Math.ceil(first / step) * step;
  return Array.from({ length: Math.max(0, Math.floor((last - begin) / step) + 1) }, (_, n) => {
    const month = begin + n * step;
    const day = `${Math.floor(month / 12)}-${String((month % 12) + 1).padStart(2, '0')}-01`;
    return { at: time(day), text: step < 12 ? date(day).slice(2) : day.slice(0, 4) };
  });
}

/** The numbers that people read on a logarithmic axis: 1, 2 and 5 of every power of ten; even steps where that is too few. */
function ticksBetween(low: number, high: number): number[] {
  const powers = Array.from({ length: 9 }, (_, power) => 10 ** power);
  const steps = powers.flatMap((power) => STEPS.map((step) => step * power));
  const ticks = steps.filter((tick) => tick >= low * 0.95 && tick <= high * 1.1);
  if (ticks.length > 2) return ticks;
  const step = steps.find((candidate) => (high - low) / candidate <= 5) ?? 1;
  const first = Math.ceil(low / step);
  return Array.from({ length: Math.max(0, Math.floor(high / step) - first + 1) }, (_, n) => (first + n) * step);
}
