import { addDays, addMonths } from '../market/session.ts';
import type { RecordState } from '../signal/first-record.ts';
import type { SignalLabels } from './alert.ts';
import type { DigestFacts, SignalFacts } from './digest-facts.ts';
import { calendarTime, change, date, longDate, plural, points, share } from './format.ts';
import type { Section, Table } from './message.ts';

type Labels = readonly SignalLabels[];

const labelsOf = (allLabels: Labels, id: string) => allLabels.find(({ signal }) => signal.id === id);

/** A signal in a few words, for the subject: "Russell 2000 armed, +1.91% to the record". */
export function inShort({ signal, state: { state, toRecord } }: SignalFacts, allLabels: Labels): string {
  const where = toRecord === 0 ? 'at its record' : `${change(toRecord, 2)} to the record`;
  return `${labelsOf(allLabels, signal)?.signal.title ?? signal} ${state === 'armed' ? 'armed' : 'not armed'}, ${where}`;
}

/** What the first words say of each signal. */
export function leadOf(allLabels: Labels) {
  return ({ signal, state, weekChange }: SignalFacts): string => {
    const labels = labelsOf(allLabels, signal);
    const week = weekChange === null ? '' : `, ${change(weekChange, 2)} over the week`;
    const { close, session, record, toRecord } = state;
    const closed = `The ${labels?.indexName ?? signal} closed at ${points(close)} on ${longDate(session)}${week}`;
    if (toRecord === 0) return `${closed}. That is its record.`;
    if (state.state === 'armed')
      return `${closed}. It is armed: a close above ${points(record.close)} (${change(toRecord, 2)}) rings the bell.`;
    return `${closed}. Its record of ${points(record.close)} is ${share(toRecord, 2)} away.`;
  };
}

/** Where every index stands, and what has to happen for an alert. */
export function whereItStands({ signals }: DigestFacts, allLabels: Labels): Section[] {
  if (signals.length === 0) return [];
  return [
    {
      heading: 'Where it stands',
      paragraphs: signals.map(({ signal, state }) => {
        const labels = labelsOf(allLabels, signal);
        return whatRings(state, labels?.signal.quietYears ?? 1, labels?.signal.title ?? signal);
      }),
      table: tableOf(signals, allLabels),
    },
  ];
}

function tableOf(signals: readonly SignalFacts[], allLabels: Labels): Table {
  const rows = signals.flatMap(({ signal, state, weekChange, benchmark }) => {
    const labels = labelsOf(allLabels, signal);
    const own = [
      labels?.indexName ?? signal,
      points(state.close),
      orDash(weekChange),
      distance(state),
      date(state.session),
    ];
    if (benchmark === null) return [own];
    const { close, session } = benchmark;
    return [own, [labels?.benchmarkName ?? '', points(close), orDash(benchmark.weekChange), '', date(session)]];
  });
  // Several signals may share a benchmark, and one may be another's index.
  const names = new Set<string>();
  const once = rows
    .toSorted((a, b) => Number(a[3] === '') - Number(b[3] === ''))
    .filter(([name = '']) => !names.has(name) && names.add(name));
  return {
    columns: [
      { title: 'Index', align: 'left', essential: true },
      { title: 'Close', align: 'right', essential: true },
      { title: 'Week', align: 'right', essential: true },
      { title: 'To record', align: 'right', essential: false },
      { title: 'Session', align: 'right', essential: false },
    ],
    rows: signals.length === 1 ? rows : once,
  };
}

/** What has to happen for an alert, as sentences. */
function whatRings(
  { state, session, record, toRecord, quietSessions }: RecordState,
  years: number,
  title: string,
): string {
  const over = years === 1 ? 'a year' : `${years} years`;
  if (state === 'armed') {
    const sessions = quietSessions === null ? '' : ` (${plural(quietSessions, 'session')})`;
    return (
      `${title}: armed, because its last record close, ${points(record.close)} on ${date(record.session)}, is ` +
      `${calendarTime(record.session, session)} old${sessions}. The next close above it (${change(toRecord, 2)}) is an event.`
    );
  }
  const until = addDays(addMonths(record.session, years * 12), 1);
  return (
    `${title}: not armed, because its last record close, ${points(record.close)} on ${date(record.session)}, is recent. No alert can come before ${date(until)}, ` +
    `because an event is a record close after more than ${over} without one. Each new record starts the wait again.`
  );
}

function distance({ toRecord }: RecordState): string {
  return toRecord === 0 ? 'record' : change(toRecord, 2);
}

function orDash(fraction: number | null): string {
  return fraction === null ? '–' : change(fraction, 2);
}
