import type { Signal } from '../signal/signal.ts';
import type { Aftermath } from '../study/aftermath.ts';
import type { EventStudy } from '../study/event-study.ts';
import type { HorizonStatistics } from '../study/study.ts';
import { headline, NONE_YET, NOT_KNOWN, orDash } from './evidence.ts';
import { change, count, date, horizon, points, share } from './format.ts';
import type { EventLine } from './message.ts';

/** Of what is known of a signal, what a row needs. */
interface RowLabels {
  readonly signal: Pick<Signal, 'title' | 'quietYears'>;
  readonly benchmarkName: string;
  readonly origin: string;
}

// What the table of a message that tells many events says of one of them. A hit rate never stands without that of any day.

/** The titles of columns, which are the names of their cells. */
export const CELL = {
  session: 'Session',
  close: 'Close',
  day: 'Day',
  record: 'Record passed',
  quietDays: 'Quiet days',
  benchmark: 'Benchmark',
  higher: 'Higher (any day)',
  changed: 'What changed',
  closeNow: 'Close now',
  recordNow: 'Record before',
  after: 'After',
  since: 'Since',
} as const;

/** An event that is alerted of. */
export function alertLine(labels: RowLabels, { event, change: onTheDay, study }: EventStudy): EventLine {
  return {
    ...lineOf(labels, event.quietDays),
    cells: {
      [CELL.session]: date(event.session),
      [CELL.close]: points(event.close),
      [CELL.day]: orDash(onTheDay, (fraction) => change(fraction, 2)),
      [CELL.record]: points(event.previousRecord.close),
      [CELL.quietDays]: count(event.quietDays),
      [CELL.benchmark]: labels.benchmarkName,
      ...hits(headline(study)),
    },
  };
}

/** An event whose figures have changed; none of them where it was retracted and stands after all. */
export function correctionLine(
  labels: RowLabels,
  { event, study }: EventStudy,
  changes: readonly { readonly name: string; readonly printed: string; readonly now: string }[],
  returned: boolean,
): EventLine {
  const [first, ...others] = changes;
  const more = others.length === 0 ? '' : ` and ${count(others.length)} more`;
  const changed = first === undefined ? '' : `${first.name}, from ${first.printed} to ${first.now}${more}`;
  return {
    ...lineOf(labels, event.quietDays),
    cells: {
      [CELL.session]: date(event.session),
      [CELL.changed]: [...(returned ? ['stands after all'] : []), ...(changed === '' ? [] : [changed])].join('; '),
      [CELL.benchmark]: labels.benchmarkName,
      ...hits(headline(study)),
    },
  };
}

/** An event that is taken back. @param close of its session as it is now; null: none is known */
export function retractionLine(
  labels: RowLabels,
  session: string,
  close: number | null,
  record: number,
  weight: number,
): EventLine {
  return {
    ...lineOf(labels, weight),
    cells: {
      [CELL.session]: date(session),
      [CELL.closeNow]: orDash(close, points),
      [CELL.recordNow]: points(record),
    },
  };
}

/** What followed an event. */
export function followUpLine(labels: RowLabels, aftermath: Aftermath): EventLine {
  const { event, months, earlier } = aftermath;
  const statistics = earlier[months];
  return {
    ...lineOf(labels, aftermath.return),
    cells: {
      [CELL.session]: date(event.session),
      [CELL.after]: horizon(months),
      [CELL.benchmark]: labels.benchmarkName,
      [CELL.since]: change(aftermath.return),
      ...(statistics === undefined ? {} : hits(statistics)),
    },
  };
}

function lineOf({ signal, origin }: RowLabels, weight: number): Omit<EventLine, 'cells'> {
  return { name: signal.title, weight, quietYears: signal.quietYears, origin };
}

function hits({ n, up, baseRate }: HorizonStatistics): EventLine['cells'] {
  const anyDay = baseRate === null ? NOT_KNOWN : share(baseRate);
  // In one cell: a narrow display shows both or neither.
  return { [CELL.higher]: `${n === 0 ? NONE_YET : `${up} of ${n}`} (${anyDay})` };
}
