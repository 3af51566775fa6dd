import { together } from '../channel/names.ts';
import type { DeliveryReport, Report, SignalReport } from '../check/report.ts';
import type { SignalLabels } from '../message/alert.ts';
import { pausedText } from '../message/digest-channels.ts';
import { calendarTime, change, date, firstOf, longDate, plural, points } from '../message/format.ts';
import { alignTable } from '../render/text-table.ts';
import { byNearness } from '../signal/first-record.ts';

/** The report as people read it. */
export function reportLines(report: Report, labelsOf: (signal: string) => SignalLabels): string[] {
  return [
    ...(report.signals.length > ONE_BY_ONE
      ? [...signalTable(report.signals, labelsOf), '']
      : report.signals.flatMap((signal) => [...signalLines(signal, labelsOf(signal.signal)), ''])),
    ...firedLines(report),
    ...deliveryLines(report.deliveries),
    ...report.held.map(
      ({ symbol, session, close, reason }) =>
        `Held        ${symbol} ${points(close)} of ${date(session)}: ${reason}; not believed yet`,
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
  return alignTable({
    columns: titles.map((title) => ({
      title,
      align: ['Signal', 'State'].includes(title) ? 'left' : 'right',
      essential: true,
    })),
    rows,
  });
}

function signalLines(state: SignalReport, { signal: { title, index } }: SignalLabels): string[] {
  const { session, close, record, quietSessions, toRecord } = state;
  const onTheDay = state.change === null ? '' : `, ${change(state.change, 2)} on the day`;
  const since = session === record.session ? 'today' : `${calendarTime(record.session, session)} ago`;
  const sessions = quietSessions === null ? '' : `, ${plural(quietSessions, 'session')}`;
  const armed = state.state === 'armed';
  return [
    `${title} (${index})`,
    `Close       ${points(close)} on ${longDate(session)}${onTheDay}`,
    `Record      ${points(record.close)} on ${date(record.session)}, ${since}${session === record.session ? '' : sessions}`,
    `State       ${armed ? 'armed: a record close at the next session would be an event' : 'recent record: nothing fires until a quiet period is over'}`,
    `To record   ${toRecord === 0 ? 'this close is the record' : change(toRecord, 2)}`,
  ];
}

function firedLines({ fired, wouldFire }: Report): string[] {
  if (wouldFire !== undefined)
    return [`Would fire  ${wouldFire.join(', ') || 'nothing'} (dry run: nothing decided, nothing sent)`];
  return [`Fired       ${fired.join(', ') || 'nothing'}`];
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

/** A line a symbol; of very many those that miss the same sessions together. */
function missingLines(missing: Report['missing']): string[] {
  const bySymbol = Map.groupBy(missing, ({ symbol }) => symbol);
  const together = bySymbol.size > ONE_BY_ONE;
  const bySessions = Map.groupBy(bySymbol, ([symbol, gaps]) =>
    together ? gaps.map(({ session }) => session).join(' ') : symbol,
  );
  return [...bySessions.values()].map((symbols) => {
    const sessions = symbols[0]?.[1].map(({ session }) => session) ?? [];
    const [first, last] = [date(sessions[0] ?? ''), date(sessions.at(-1) ?? '')];
    const what = sessions.length === 1 ? first : `${plural(sessions.length, 'session')} from ${first} to ${last}`;
    return `Missing     ${firstOf(symbols.map(([symbol]) => symbol))}: ${what}`;
  });
}
