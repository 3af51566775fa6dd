import type { Session } from '../market/close.ts';
import { headline } from '../message/evidence.ts';
import { calendarTime, date, plural, share } from '../message/format.ts';
import type { Gauge } from './gauge.ts';
import type { Standing } from './standing.ts';

/** The close as a share of the record: never empty, and at the low since the record it stands on the mark. */
export function recordGauge({ state: { close, record, toRecord }, low }: Standing): Gauge {
  const lowest = low.close / record.close;
  const isLow = low.close === close && toRecord !== 0;
  return {
    title: 'Close as a share of the record',
    text: shareOf(close / record.close, toRecord === 0),
    value: close / record.close,
    mark: toRecord === 0 ? undefined : lowest,
    from:
      low.close === record.close
        ? ''
        : isLow
          ? 'the lowest since the record'
          : `mark: ${shareOf(lowest, false)}, the low of ${date(low.session)}`,
    to: 'record',
  };
}

/** What is not the record does not round to it. */
function shareOf(part: number, whole: boolean): string {
  return share(whole ? 1 : Math.min(part, 0.999), 1);
}

/** The quiet period so far, beside the one that a record close has to end to be an event. */
export function quietGauge({ state, armedFrom }: Standing): Gauge {
  const { record, session, quietSessions } = state;
  const quiet = quietSessions === null ? calendarTime(record.session, session) : plural(quietSessions, 'session');
  return {
    title: 'Quiet period (since the record)',
    ...quietShare(record.session, session, armedFrom),
    from: date(record.session),
    to:
      state.state === 'armed' ? `armed since the mark, ${date(armedFrom)}` : `armed from the mark, ${date(armedFrom)}`,
    text: quiet,
  };
}

/** The share of events that were higher a year later, beside that of any day; undefined while one of them is not known. */
export function yearGauge({ study }: Standing): Gauge | undefined {
  const { n, up, baseRate } = headline(study);
  if (n === 0 || baseRate === null) return undefined;
  return {
    title: 'Higher a year later',
    text: share(up / n),
    value: up / n,
    mark: baseRate,
    from: '',
    to: `mark: any day, ${share(baseRate)}`,
  };
}

/** How far the quiet time is on a scale where the day it arms lies at four fifths, or the share that is left of it. */
export function quietShare(from: Session, to: Session, armedFrom: Session): { value: number; mark: number } {
  const [start, now, armed] = [from, to, armedFrom].map((day) => Date.parse(day));
  if (start === undefined || now === undefined || armed === undefined) return { value: 0, mark: 1 };
  const end = Math.max(armed + (armed - start) / 4, now);
  return { value: (now - start) / (end - start), mark: (armed - start) / (end - start) };
}
