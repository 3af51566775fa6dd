import type { EChartsOption } from 'echarts';
import type { Close, Session } from '../market/close.ts';
import { daysBetween } from '../market/session.ts';
import { date, plural, points } from '../message/format.ts';
import type { RecordEvent } from '../signal/first-record.ts';
import { type Look, type Palette, PICTURE } from './palette.ts';
import { recordAxes } from './record-axes.ts';
import { indexPoints, point, recordLine, time } from './record-points.ts';

const DAYS_PER_YEAR = 365.25;

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
  const { xAxis, yAxis, gridLines } = recordAxes(facts, look);
  return {
    animation: false,
    backgroundColor: palette.background,
    textStyle: { fontFamily: font, fontSize: size.text, color: palette.text },
    ...(look.titled ? { title: titleOf(indexName, events.at(-1), look) } : {}),
    grid: look.titled
      ? { left: 78, right: 40, top: 84, bottom: 46 }
      : { left: look.narrow ? 44 : 56, right: 16, top: 14, bottom: 30 },
    xAxis,
    yAxis,
    series: [
      { ...indexLine(facts, palette), markArea: quietAreas(facts, look), markLine: gridLines },
      recordSteps(closes, palette),
      {
        ...eventDots(events.slice(0, -1), palette),
        id: 'events',
        name: 'First record in over a year',
        symbolSize: 11,
        z: 5,
      },
      {
        ...eventDots(events.slice(-1), palette, 2),
        id: 'newest',
        name: 'The newest one',
        symbolSize: look.titled ? 20 : 17,
        z: 6,
      },
    ],
  };
}

function indexLine({ indexName, closes }: RecordChartFacts, palette: Palette) {
  return {
    id: 'index',
    name: indexName,
    type: 'line' as const,
    data: indexPoints(closes),
    showSymbol: false,
    lineStyle: { width: 1.6, color: palette.index },
    itemStyle: { color: palette.index },
  };
}

function quietAreas({ closes, events }: RecordChartFacts, { palette, font, size, narrow }: Look) {
  return {
    silent: true,
    itemStyle: { color: palette.quiet },
    label: {
      show: !narrow,
      rotate: 90,
      verticalAlign: 'middle' as const,
      distance: 8,
      fontFamily: font,
      fontSize: size.small,
      color: palette.text,
    },
    data: quietPeriods(events).map(({ from, to, length }): [object, object] => [
      { name: length, xAxis: time(from), label: roomFor(to, closes) },
      { xAxis: time(to) },
    ]),
  };
}

function recordSteps(closes: readonly Close[], palette: Palette) {
  return {
    id: 'record',
    name: 'Record',
    type: 'line' as const,
    step: 'end' as const,
    data: recordLine(closes).map(point),
    showSymbol: false,
    lineStyle: { width: 1.4, color: palette.record },
    itemStyle: { color: palette.record },
  };
}

function eventDots(events: readonly RecordEvent[], palette: Palette, borderWidth = 1.5) {
  return {
    type: 'scatter' as const,
    data: events.map(point),
    itemStyle: { color: palette.event, opacity: 1, borderColor: palette.background, borderWidth },
  };
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
    `${points(newest.previousRecord.close)} from ${date(newest.previousRecord.session)}, after ${years(quiet.from, quiet.to)} years.`
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
