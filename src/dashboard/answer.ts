import { addMonths } from '../market/session.ts';
import type { SignalLabels } from '../message/alert.ts';
import { headline } from '../message/evidence.ts';
import { calendarTime, capital, change, date, list, longDate, plural, points, share } from '../message/format.ts';
import { doubtIn } from '../message/gist.ts';
import type { Signal } from '../signal/signal.ts';
import type { NewestEvent, Standing } from './standing.ts';

/** What a visitor wants to know, in words: the page begins with it, and links to the page show it. */
export interface Answer {
  /** When the bell last rang, and what came of it. */
  readonly headline: string;
  /** The figures behind it, a sentence or two each. */
  readonly details: readonly string[];
  /** Whether a record close at the next session would ring the bell, and what that means. */
  readonly armed: Figure;
  /** How far the record is. */
  readonly record: Figure;
  /** How often the benchmark was higher a year after an event; its note has the same for any day. */
  readonly followed: Figure;
}

/** A figure to print large: "+1.47%". */
export interface Figure {
  readonly value: string;
  /** What must never be left out beside the value. */
  readonly note: string;
  readonly text: string;
}

/** The answer of one signal. */
export function answerOf(labels: SignalLabels, standing: Standing): Answer {
  return {
    headline: headlineOf(labels, standing),
    details: detailsOf(labels, standing),
    armed: armedFigure(labels.signal, standing),
    record: recordFigure(labels, standing),
    followed: followedFigure(labels, standing),
  };
}

/** The answer as one line, for the title of the page: "Russell 2000: armed, +1.47% to the record". */
export function inOneLine({ signal }: SignalLabels, { state, newest }: Standing): string {
  if (newest?.event.session === state.session) return `${signal.title}: first record close in over ${yearsOf(signal)}`;
  const distance = state.toRecord === 0 ? 'at its record' : `${change(state.toRecord, 2)} to the record`;
  return `${signal.title}: ${state.state === 'armed' ? 'armed' : 'not armed'}, ${distance}`;
}

/** "a year", or "2 years". */
function yearsOf({ quietYears }: Pick<Signal, 'quietYears'>): string {
  return quietYears === 1 ? 'a year' : plural(quietYears, 'year');
}

function headlineOf(labels: SignalLabels, { newest, study, state, after }: Standing): string {
  const past = after !== undefined;
  if (newest === undefined) return `The bell has never rung: there was no such record since ${date(study.span.from)}.`;
  const { session } = newest.event;
  const rang = newest.alert === 'reached' || newest.alert === 'not reached';
  const next = whatCame(labels, newest);
  if (session === state.session) {
    const verb = rang ? 'rang' : past ? 'would have rung' : 'rings';
    return `The bell ${verb} on ${date(session)}: the first record close in over ${yearsOf(labels.signal)}.`;
  }
  if (rang) return `The bell last rang on ${date(session)}. ${next}`;
  return past
    ? `The bell would last have rung on ${date(session)}. ${next}`
    : `The bell has not rung yet; it would last have rung on ${date(session)}. ${next}`;
}

/** What the benchmark did after an event, in one sentence. */
function whatCame({ benchmarkName }: SignalLabels, { event, since }: NewestEvent): string {
  const year = event.outcomes[12];
  if (typeof year === 'number') return `A year later the ${benchmarkName} was ${compared(year)}.`;
  if (since !== undefined) return `The ${benchmarkName} is ${compared(since.return)} since.`;
  return `What the ${benchmarkName} does next is not known yet.`;
}

/** "3.8% higher", "9.8% lower", "where it was". */
function compared(fraction: number): string {
  const percent = share(Math.abs(fraction), 1);
  if (percent === '0.0%') return 'where it was';
  return `${percent} ${fraction > 0 ? 'higher' : 'lower'}`;
}

function detailsOf(labels: SignalLabels, { newest, retracted, state, after }: Standing): string[] {
  const back =
    retracted.length === 0 ? [] : [`The alert of ${list(retracted.map(date))} was retracted: it was a false alarm.`];
  if (newest === undefined) return back;
  const { event, alert } = newest;
  const { previousRecord: record } = event;
  const sessions = event.quietSessions === null ? '' : ` (${plural(event.quietSessions, 'session')})`;
  const day = event.session === state.session ? 'That day' : `On ${date(event.session)}`;
  return [
    `${day} the ${labels.indexName} closed at ${points(event.close)}, past its record of ${points(record.close)} from ${date(record.session)}: ` +
      `the first record close in ${calendarTime(record.session, event.session)}${sessions}.`,
    ...figuresSince(labels, newest),
    ...(alert === 'before' && after === undefined
      ? ['That was before this copy began to watch, so it sent no alert.']
      : []),
    ...(alert === 'not reached' ? ['The alert has not reached anybody yet.'] : []),
    ...back,
  ];
}

/** The closes that the headline compares, and when the one-year figure is due. */
function figuresSince({ benchmarkName }: SignalLabels, { event, since }: NewestEvent): string[] {
  const { session, benchmarkClose, outcomes } = event;
  if (benchmarkClose === null) return [];
  const year = outcomes[12];
  const then = `The ${benchmarkName} closed at ${points(benchmarkClose)}`;
  if (typeof year === 'number')
    return [`${then} that day, and at ${points(benchmarkClose * (1 + year))} a year later.`];
  const due = `The one-year figure is due on ${date(addMonths(session, 12))}.`;
  if (since === undefined) return [`${then} that day; what follows is measured from there. ${due}`];
  return [
    `${then} that day, and at ${points(since.close)} on ${date(since.session)}, ${calendarTime(session, since.session)} later. ${due}`,
  ];
}

function armedFigure(signal: Signal, { state, armedFrom, newest }: Standing): Figure {
  const years = yearsOf(signal);
  if (state.state === 'armed') {
    const passed = `more than ${years} ${signal.quietYears === 1 ? 'has' : 'have'} passed since the last record close`;
    // Armed begins on the evening before.
    return armedFrom <= state.session
      ? {
          value: 'Armed',
          note: `since ${date(armedFrom)}`,
          text: `${capital(passed)}, so the next record close rings the bell.`,
        }
      : {
          value: 'Armed',
          note: `since ${date(state.session)}`,
          text: `At the next session ${passed}: a record close then rings the bell.`,
        };
  }
  const rang = newest?.event.session === state.session ? 'The bell has just rung. ' : '';
  return {
    value: 'Not armed',
    note: `until ${date(armedFrom)}`,
    text:
      `${rang}The last record close is from ${date(state.record.session)}. The bell rings only after a quiet period of over ${years}, ` +
      'and every record close starts the wait again.',
  };
}

function recordFigure({ indexName }: SignalLabels, { state }: Standing): Figure {
  const { close, session, record, toRecord, change: move } = state;
  const onTheDay = move === null ? '' : ` (${change(move, 2)} on the day)`;
  const closed = `The ${indexName} closed at ${points(close)} on ${longDate(session)}${onTheDay}`;
  if (toRecord === 0) return { value: 'At its record', note: '', text: `${closed}, higher than ever before.` };
  return {
    value: change(toRecord, 2),
    note: 'to equal the record',
    text: `${closed}. Its record is ${points(record.close)} from ${date(record.session)}.`,
  };
}

function followedFigure({ benchmarkName }: SignalLabels, { study }: Standing): Figure {
  const year = headline(study);
  const { n, up, baseRate } = year;
  const anyDay = baseRate === null ? 'any day: not known' : `any day: ${share(baseRate)}`;
  if (n === 0)
    return { value: 'Not known', note: anyDay, text: `No one-year outcome of the ${benchmarkName} is known yet.` };
  return {
    value: `${up} of ${n}`,
    note: anyDay,
    text: `How often the ${benchmarkName} was higher a year after such a record, and after any day. ${doubtIn(year)}`,
  };
}
