import type { Close, Session } from '../market/close.ts';
import { addDays, addMonths } from '../market/session.ts';
import type { Detection } from '../signal/first-record.ts';
import { firstOnOrAfter, lastOnOrBefore, outcomesByHorizon } from './outcomes.ts';

/** Days on which the index had gone over the rule's years without a record close, and made none. */
export interface Wait {
  readonly from: Session;
  readonly to: Session;
}

/** What events are measured by, at one horizon: the outcomes of other days, as fractions. */
export interface Yardstick {
  /** Of every session of the span, in order. */
  readonly anyDay: Float64Array;
  /** Of the armed ones among them, which lie in a wait. Their windows overlap heavily. */
  readonly armed: Float64Array;
  /** The waits that these lie in. */
  readonly armedWaits: number;
}

/** Where no outcome is known. */
export const NO_YARDSTICK: Yardstick = { anyDay: new Float64Array(), armed: new Float64Array(), armedWaits: 0 };

/**
 * The waits of a history, oldest first: one before each event, and the one that still lasts. That a day lies in one was
 * known on its own evening.
 */
export function waitsOf({ events, state }: Detection, quietYears: number): Wait[] {
  const begin = (record: Session) => addDays(addMonths(record, quietYears * 12), 1);
  const ended = events.map(({ session, previousRecord }) => ({
    from: begin(previousRecord.session),
    to: addDays(session, -1),
  }));
  const lasting = state === undefined ? [] : [{ from: begin(state.record.session), to: state.session }];
  return [...ended, ...lasting].filter(({ from, to }) => from <= to);
}

/**
 * The yardsticks of several horizons.
 * @param closes of the series that is bought, ascending
 * @param from the first session that counts
 * @param waits ascending
 * @param horizons in calendar months
 */
export function yardsticksOf(
  closes: readonly Close[],
  from: Session,
  waits: readonly Wait[],
  horizons: readonly number[],
): Yardstick[] {
  const first = firstOnOrAfter(closes, from);
  const spans = waits.map(({ from: begin, to }) => [
    Math.max(0, firstOnOrAfter(closes, begin) - first),
    lastOnOrBefore(closes, to) + 1 - first,
  ]);
  return outcomesByHorizon(closes, from, horizons).map((anyDay) => {
    const parts = spans.map(([begin, end]) => anyDay.subarray(begin, Math.max(begin ?? 0, end ?? 0)));
    const inside = parts.filter(({ length }) => length > 0);
    return { anyDay, armed: joined(inside), armedWaits: inside.length };
  });
}

function joined(parts: readonly Float64Array[]): Float64Array {
  const all = new Float64Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
