import type { Session } from '../market/close.ts';
import { calendarTime, change, date, plural, points } from '../message/format.ts';
import type { Gauge } from './gauge.ts';
import type { Standing } from './page-facts.ts';

/** How far the record is, and how far the quiet time. */
export function stateGauges(standing: Standing): Gauge[] {
  return [toTheRecord(standing), quietSince(standing)];
}

function toTheRecord({ state: { close, record, toRecord }, low }: Standing): Gauge {
  const flat = record.close === low.close;
  return {
    title: 'To the record',
    value: flat ? 1 : (close - low.close) / (record.close - low.close),
    from: flat ? '' : `low ${points(low.close)}, ${date(low.session)}`,
    to: `record ${points(record.close)}`,
    text: toRecord === 0 ? 'at its record' : `needs ${change(toRecord, 2)}`,
    mark: undefined,
    lit: toRecord === 0,
  };
}

function quietSince({ state, armedFrom }: Standing): Gauge {
  const { record, session, quietSessions, toRecord } = state;
  const armed = state.state === 'armed';
  const quiet = quietSessions === null ? calendarTime(record.session, session) : plural(quietSessions, 'session');
  return {
    title: 'Quiet since the record',
    ...quietShare(record.session, session, armedFrom),
    from: date(record.session),
    to: armed ? `armed on ${date(armedFrom)}` : `arms on ${date(armedFrom)}`,
    text: toRecord === 0 ? 'record today' : quiet,
    lit: armed,
  };
}

/** How far the quiet time is on a scale where the day it arms lies at the half, or the share that is left of it. */
export function quietShare(from: Session, to: Session, armedFrom: Session): { value: number; mark: number } {
  const [start, now, armed] = [from, to, armedFrom].map((day) => Date.parse(day));
  if (start === undefined || now === undefined || armed === undefined) return { value: 0, mark: 1 };
  const end = Math.max(armed + (armed - start) / 4, now);
  return { value: (now - start) / (end - start), mark: (armed - start) / (end - start) };
}
