import { shortNames, together } from '../channel/names.ts';
import type { DeliveryReport, Report, SignalReport } from '../check/report.ts';
import { addDays, addMonths } from '../market/session.ts';
import type { SignalLabels } from '../message/alert.ts';
import { pausedText } from '../message/digest-channels.ts';
import { calendarTime, change, date, firstOf, longDate, plural, points } from '../message/format.ts';
import { byNearness } from '../signal/first-record.ts';
import { foundLines } from './found.ts';
import { named } from './study-lead.ts';
import { tableLines } from './width.ts';

/**
 * The report as people read it.
 * @param happened what is said between where things stand and what is open, in whole lines: of a check, what it found
 */
export function reportLines(
  report: Report,
  labelsOf: (signal: string) => SignalLabels,
  happened: readonly string[] = foundLines(report),
): string[] {
  return [
    ...(report.signals.length > ONE_BY_ONE
      ? [...signalTable(report.signals, labelsOf), ...whereTo(report.signals, labelsOf), '']
      : report.signals.flatMap((signal) => [...signalLines(signal, labelsOf(signal.signal)), ''])),
    ...happened,
    ...deliveryLines(report.deliveries),
    ...report.held.map(
      ({ symbol, session, close, reason }) =>
        `Held        ${symbol} ${points(close)} on ${date(session)}: ${reason}; not believed yet`,
    ),
    ...missingLines(report.missing),
    ...report.paused.map((pause) => `Paused      ${pause.channel}: ${pausedText(pause)}; alerts are kept`),
    ...report.problems.map((problem) => `Problem     ${problem}`),
  ];
}

/** So many signals are told of one by one; more are a table. */
const ONE_BY_ONE = 4;

/** A long watch list: what is nearest to an event first. */
function signalTable(states: readonly SignalReport[], labelsOf: (signal: string) => SignalLabels): string[] {
  const rows = states
    .toSorted(byNearness)
    .map(({ signal, session, close, state, record, toRecord }) => [
      labelsOf(signal).signal.title,
      points(close),
      date(session),
      state,
      toRecord === 0 ? 'record' : change(toRecord, 2),
      points(record.close),
      date(record.session),
    ]);
  const titles = ['Signal', 'Close', 'Session', 'State', 'To record', 'Record', 'Of'];
  return tableLines({
    columns: titles.map((title) => ({
      title,
      align: ['Signal', 'State'].includes(title) ? 'left' : 'right',
      essential: true,
    })),
    rows,
  });
}

/** The signals of a long list that name their channels, those with the same ones in a line. */
function whereTo(states: readonly SignalReport[], labelsOf: (signal: string) => SignalLabels): string[] {
  const naming = states.filter(({ channels }) => channels !== undefined);
  const groups = Map.groupBy(naming, ({ channels = [] }) => shortNames(channels).join(', '));
  return [...groups].map(
    ([to, same]) => `Alerts to   ${to} only: ${firstOf(same.map(({ signal }) => labelsOf(signal).signal.title))}`,
  );
}

function signalLines(state: SignalReport, { signal: { title, index, quietYears } }: SignalLabels): string[] {
  const { session, close, record, quietSessions, toRecord } = state;
  const onTheDay = state.change === null ? '' : `, ${change(state.change, 2)} on the day`;
  const time = calendarTime(record.session, session);
  const ago = quietSessions === null ? `${time} ago` : `${plural(quietSessions, 'session')} ago (${time})`;
  const earliest = addDays(addMonths(record.session, quietYears * 12), 1);
  return [
    named(title, index),
    `Close       ${points(close)} on ${longDate(session)}${onTheDay}`,
    `Record      ${points(record.close)} on ${date(record.session)}, ${session === record.session ? 'this close' : ago}`,
    state.state === 'armed'
      ? 'State       armed: a record close at the next session would be an event'
      : `State       recent record: no alert can come before ${date(earliest)}`,
    `To record   ${toRecord === 0 ? 'this close is the record' : change(toRecord, 2)}`,
    ...(state.channels === undefined ? [] : [`Alerts to   ${shortNames(state.channels).join(', ')} only`]),
  ];
}

function deliveryLines(deliveries: readonly DeliveryReport[]): string[] {
  const fate = ({ state, attempts, reason }: DeliveryReport) => {
    const tries = attempts > 1 ? ` after ${attempts} attempts` : '';
    return `${state}${tries}${reason === null ? '' : ` (${reason})`}`;
  };
  return together(deliveries, fate).map(
    ({ where, first }) => `Delivery    ${first.message} to ${where}: ${fate(first)}`,
  );
}

/** The symbols that miss the same sessions in one line. */
function missingLines(missing: Report['missing']): string[] {
  const bySymbol = [...Map.groupBy(missing, ({ symbol }) => symbol)].map(([symbol, gaps]) => ({
    symbol,
    sessions: gaps.map(({ session }) => session),
  }));
  return [...Map.groupBy(bySymbol, ({ sessions }) => sessions.join(' ')).values()].map((alike) => {
    const sessions = alike[0]?.sessions ?? [];
    const [first, last] = [date(sessions[0] ?? ''), date(sessions.at(-1) ?? '')];
    const what = sessions.length === 1 ? first : `${plural(sessions.length, 'session')} from ${first} to ${last}`;
    return `Missing     ${firstOf(alike.map(({ symbol }) => symbol))}: ${what}`;
  });
}
