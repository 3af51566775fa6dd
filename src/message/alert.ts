import type { Testimony } from '../market/witness.ts';
import type { Signal } from '../signal/signal.ts';
import type { EventStudy } from '../study/event-study.ts';
import type { HorizonStatistics } from '../study/study.ts';
import { commandLine } from './command-line.ts';
import { alertLine } from './event-line.ts';
import {
  againstWaiting,
  comparedWithAnyDay,
  eventTable,
  headline,
  hitRate,
  horizonTable,
  NONE_YET,
  NOT_KNOWN,
  odds,
  otherRules,
  rangeOfRules,
  whatFollowed,
} from './evidence.ts';
import { calendarTime, change, count, date, horizon, instant, plural, points, probability, share } from './format.ts';
import { gist } from './gist.ts';
import type { Message, Section } from './message.ts';
import { witnessed } from './witnessed.ts';

/** What every message about a signal needs beside the facts. */
export interface SignalLabels {
  readonly signal: Signal;
  readonly indexName: string;
  readonly benchmarkName: string;
  /** Where the closes come from, as a sentence part: "Yahoo Finance". */
  readonly origin: string;
  /** Said in every message whose closes are not plain market data. */
  readonly sourceNote: string | undefined;
  /** True where the benchmark reinvests dividends. */
  readonly withDividends: boolean;
  /** ISO instant. */
  readonly createdAt: string;
}

/** Identity of an event: it never changes. */
export function eventId(signal: string, session: string): string {
  return `${signal}/${session}`;
}

/**
 * The alert: what happened, what followed earlier, how that compares with any day, how far to trust it.
 * @param late why the event was found late, as a sentence; null when it was not
 * @param testimony what a second source says of the close; undefined where none is set up
 */
export function alertMessage(
  labels: SignalLabels,
  eventStudy: EventStudy,
  late: string | null,
  testimony?: Testimony,
): Message {
  const { signal, createdAt, sourceNote } = labels;
  const { event, benchmarkTo } = eventStudy;
  const { note } = witnessed(testimony, claimOf(eventStudy));
  return {
    id: `${eventId(signal.id, event.session)}/alert`,
    kind: 'alert',
    signal: signal.id,
    session: event.session,
    createdAt,
    title: alertTitle(labels),
    lead: whatHappened(labels, eventStudy),
    ...gist(labels.benchmarkName, headline(eventStudy.study)),
    notes: [
      ...(note === undefined ? [] : [note]),
      ...(late === null ? [] : [`Found late: ${late}`]),
      ...gapBefore(eventStudy),
      ...lateBeginning(labels, eventStudy),
      ...(sourceNote === undefined ? [] : [sourceNote]),
    ],
    sections: evidence(labels, eventStudy, testimony),
    operator: forOperator(labels, eventStudy),
    figures: printedFigures(labels, eventStudy),
    line: alertLine(labels, eventStudy),
    benchmarkTo,
    refersTo: null,
    footer: footer(labels, eventStudy),
    ...(testimony === undefined ? {} : { witness: testimony }),
  };
}

function claimOf({ event }: EventStudy) {
  return { close: event.close, record: event.previousRecord.close };
}

/** "Russell 2000: first record close in over a year". */
export function alertTitle({ signal }: Pick<SignalLabels, 'signal'>): string {
  const years = signal.quietYears === 1 ? 'a year' : `${signal.quietYears} years`;
  return `${signal.title}: first record close in over ${years}`;
}

/** What happened, in sentences that stand alone. */
export function whatHappened({ indexName }: SignalLabels, { event, change: onTheDay }: EventStudy): string {
  const day = onTheDay === null ? '' : ` (${change(onTheDay, 2)})`;
  const { previousRecord: record } = event;
  return (
    `The ${indexName} closed at ${points(event.close)}${day} on ${date(event.session)}, past its record of ` +
    `${points(record.close)} from ${date(record.session)}. It is the first record close in ` +
    `${calendarTime(record.session, event.session)}${quietSessions(event.quietSessions)}.`
  );
}

/** The sections that every message with evidence carries. */
export function evidence(labels: SignalLabels, eventStudy: EventStudy, testimony?: Testimony): Section[] {
  const { benchmarkName } = labels;
  const { study, dividends } = eventStudy;
  const year = headline(study);
  const { word } = witnessed(testimony, claimOf(eventStudy));
  return [
    whatFollowed({ ...study, events: study.events.slice(0, -1) }, benchmarkName, dividends),
    comparedWithAnyDay(study, benchmarkName),
    {
      heading: 'How far to trust it',
      paragraphs: [
        ...(word === undefined ? [] : [word]),
        ...(year.n === 0 ? [] : [odds(year), ...againstWaiting(year)]),
        ...caveats(labels, eventStudy),
      ],
      table: null,
    },
  ];
}

/** The rule, and origin and age of the data, a line each. */
export function footer({ signal, origin, createdAt }: SignalLabels, { study }: EventStudy): string[] {
  return [
    rule(signal),
    `Data: closes of ${signal.index} and ${signal.benchmark} from ${origin}, ${date(study.span.from)} to ${date(study.span.to)}, read on ${instant(Date.parse(createdAt))}.`,
  ];
}

/** The rule that the event follows from, as a line. */
export function rule({ index, quietYears }: Signal): string {
  const years = quietYears === 1 ? 'a calendar year' : `${quietYears} calendar years`;
  return `Rule: ${index} closes above every earlier close for the first time in over ${years}.`;
}

/**
 * What the figures leave out, and that they are no advice.
 * @param areTold true where one line has them with dividends
 */
export function aboutDividends({ benchmarkName, withDividends }: SignalLabels, areTold = false): string {
  if (withDividends)
    return `Every figure of the ${benchmarkName} includes reinvested dividends. Not investment advice.`;
  return areTold
    ? 'All other figures are by price only, without dividends. Not investment advice.'
    : 'Price only: dividends would add to every figure. Not investment advice.';
}

function caveats(labels: SignalLabels, { study, sourceOnly, dividends, sensitivity: rules }: EventStudy): string[] {
  const { signal, benchmarkName } = labels;
  const year = headline(study);
  const joined =
    signal.beforeHistory === undefined || sourceOnly === null
      ? []
      : [
          'The dates and the count depend on how two series of closes are joined. With the closes from ' +
            `${date(sourceOnly.from)} on alone, ${hitRate(benchmarkName, sourceOnly.statistics)}.`,
        ];
  const other = otherRules(rules, year);
  return [...joined, ...(other === undefined ? [] : [other]), aboutDividends(labels, dividends?.n === year.n)];
}

/** How the history is joined, and where there is more: what only the operator can check. */
export function forOperator({ signal }: SignalLabels, { sourceOnly, sensitivity: rules }: EventStudy): string[] {
  const join = signal.beforeHistory;
  return [
    ...(join === undefined || sourceOnly === null ? [] : [join.rule]),
    ...(rangeOfRules(rules) === undefined ? [] : [`Other readings of the rule: ${commandLine('study --sensitivity')}`]),
  ];
}

/** A close that is missing right before the event may be the true first record. */
function gapBefore({ missingBefore }: EventStudy): string[] {
  if (missingBefore === null) return [];
  return [
    `The close of ${date(missingBefore)} is missing. If it turns out to be the first record, a correction follows.`,
  ];
}

/** Without the history that the rule is joined to, a higher record may lie before it. */
function lateBeginning({ signal }: SignalLabels, { sourceOnly, study }: EventStudy): string[] {
  if (signal.beforeHistory === undefined || sourceOnly !== null) return [];
  return [`The history begins on ${date(study.span.from)}, and an earlier record may be higher. Verify it first.`];
}

/** The figures by name at printed precision. Words are not among them: a better wording is no correction. */
function printedFigures({ indexName, benchmarkName }: SignalLabels, eventStudy: EventStudy): Record<string, string> {
  const { event, change: onTheDay, study, sourceOnly } = eventStudy;
  const rules = rangeOfRules(eventStudy.sensitivity);
  const year = headline(study);
  const orUnknown = <T>(value: T | null, format: (value: T) => string) => (value === null ? 'unknown' : format(value));
  const table = eventTable({ ...study, events: study.events.slice(0, -1) }, benchmarkName);
  const [, , ...horizons] = table.columns.map(({ title }) => title);
  const earlier = table.rows.flatMap(([day = '', , ...values]) =>
    values.map((value, column) => [`${horizons[column]} from ${day}`, value] as const),
  );
  const byHorizon = horizonTable(study);
  const otherHorizons = byHorizon.rows.flatMap(([after = '', ...values]) =>
    after === horizon(12)
      ? []
      : values.map((value, column) => {
          const known = value !== NOT_KNOWN && value !== NONE_YET;
          return [`${after}: ${byHorizon.columns[column + 1]?.title}`, known ? value : 'unknown'] as const;
        }),
  );
  return {
    [`${indexName} close`]: points(event.close),
    'change on the day': orUnknown(onTheDay, (fraction) => change(fraction, 2)),
    'record passed': `${points(event.previousRecord.close)} of ${date(event.previousRecord.session)}`,
    'quiet period': `${calendarTime(event.previousRecord.session, event.session)}${quietSessions(event.quietSessions)}`,
    [`${benchmarkName} close`]: orUnknown(event.benchmarkClose, points),
    'higher a year later': countOf(year),
    mean: orUnknown(year.mean, change),
    median: orUnknown(year.median, change),
    worst: orUnknown(year.min, change),
    best: orUnknown(year.max, change),
    '95% interval': orUnknown(year.wilson, ([low, high]) => `${share(low)} to ${share(high)}`),
    'any day: higher a year later': orUnknown(year.baseRate, (rate) => share(rate, 1)),
    'any day: mean': orUnknown(year.baseMean, change),
    'any day: median': orUnknown(year.baseMedian, change),
    'any day: days': year.baseN === 0 ? 'unknown' : count(year.baseN),
    p: orUnknown(year.pValue, probability),
    'armed days: higher a year later': orUnknown(year.armedRate, share),
    'armed days: mean': orUnknown(year.armedMean, change),
    'armed days: days': year.armedN === 0 ? 'unknown' : count(year.armedN),
    'without the joined history': orUnknown(sourceOnly, ({ statistics }) => countOf(statistics)),
    'other readings: count': rules?.counts ?? 'unknown',
    'other readings: mean': rules?.means ?? 'unknown',
    ...Object.fromEntries(otherHorizons),
    ...Object.fromEntries(earlier),
  };
}

function countOf({ n, up }: HorizonStatistics): string {
  return n === 0 ? 'unknown' : `${up} of ${n}`;
}

function quietSessions(sessions: number | null): string {
  return sessions === null ? '' : ` (${plural(sessions, 'session')})`;
}
