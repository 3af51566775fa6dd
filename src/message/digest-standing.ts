import { addDays, addMonths } from '../market/session.ts';
import type { RecordState } from '../signal/first-record.ts';
import type { SignalLabels } from './alert.ts';
import type { DigestFacts, SignalFacts } from './digest-facts.ts';
import { change, date, longDate, points } from './format.ts';
import type { Section } from './message.ts';
import { recordDistance } from './record-distance.ts';

/** What the first words say of each signal. */
export function leadOf(allLabels: readonly SignalLabels[]) {
  return ({ signal, state, weekChange }: SignalFacts): string => {
    const labels = allLabels.find((candidate) => candidate.signal.id === signal);
    const name = labels?.indexName ?? signal;
    const week = weekChange === null ? '' : `, ${change(weekChange, 2)} over the week`;
    const { close, session, record, toRecord } = state;
    const stands =
      toRecord === 0 ? 'That is its record.' : `Its record of ${points(record.close)} is ${recordDistance(state)}.`;
    return `The ${name} closed at ${points(close)} on ${longDate(session)}${week}. ${stands}`;
  };
}

/** Where every index stands, and what would fire. */
export function whereItStands({ signals }: DigestFacts, allLabels: readonly SignalLabels[]): Section {
  const rows = signals.flatMap(({ signal, state, weekChange, benchmark }) => {
    const labels = allLabels.find((candidate) => candidate.signal.id === signal);
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
    heading: 'Where it stands',
    paragraphs: signals.map(({ signal, state }) => {
      const labels = allLabels.find((candidate) => candidate.signal.id === signal);
      return whatWouldFire(state, labels?.signal.quietYears ?? 1, labels?.signal.title ?? signal);
    }),
    table: {
      columns: [
        { title: 'Index', align: 'left', essential: true },
        { title: 'Close', align: 'right', essential: true },
        { title: 'Week', align: 'right', essential: true },
        { title: 'To record', align: 'right', essential: false },
        { title: 'Session', align: 'right', essential: false },
      ],
      rows: signals.length === 1 ? rows : once,
    },
  };
}

/** What has to happen for an alert, as sentences. */
function whatWouldFire({ state, record, toRecord }: RecordState, quietYears: number, title: string): string {
  if (state === 'armed') {
    return `${title}: armed. A close above ${points(record.close)} (${change(toRecord, 2)}) is an event, and the alert goes out.`;
  }
  const until = addDays(addMonths(record.session, quietYears * 12), 1);
  return `${title}: recent record. Nothing fires before ${date(until)}: only a record close after over ${
    quietYears === 1 ? 'a year' : `${quietYears} years`
  } without one is an event, and each new record starts the wait again.`;
}

function distance({ toRecord }: RecordState): string {
  return toRecord === 0 ? 'record' : change(toRecord, 2);
}

function orDash(fraction: number | null): string {
  return fraction === null ? '–' : change(fraction, 2);
}
