import { type Close, exactOf, type Session } from '../market/close.ts';
import { type Exchange, NEW_YORK } from '../market/exchange.ts';
import { addMonths } from '../market/session.ts';

/** A record close that ends a quiet period of over the rule's years. */
export interface RecordEvent extends Close {
  readonly previousRecord: Close;
  /** Sessions from the previous record to this one; null where the previous record lies before the source's history. */
  readonly quietSessions: number | null;
}

/** Where the index stands at its newest close. */
export interface RecordState extends Close {
  /** Return on the session before, as a fraction; null where its close is not known. */
  readonly change: number | null;
  /** The newest record close; the newest close itself on the day of a record. */
  readonly record: Close;
  /** Sessions since the record; null where the record lies before the source's history. */
  readonly quietSessions: number | null;
  /** Armed: a record close at the next session would be an event, as the quiet period is over the rule's years by then. */
  readonly state: 'armed' | 'recent record';
  /** The rise that would equal the record, as a fraction of the close: record / close − 1. */
  readonly toRecord: number;
}

export interface Detection {
  readonly events: readonly RecordEvent[];
  /** Undefined while there is no close at all. */
  readonly state: RecordState | undefined;
}

/** Closes of the index, ascending by session, and where among them the source's own history begins. */
export interface IndexHistory {
  readonly closes: readonly Close[];
  /** Position of the first close of the source; the ones before it are sparse, so sessions cannot be counted there. */
  readonly sourceFrom: number;
  /** Where the index trades; by default in New York. */
  readonly exchange?: Exchange | undefined;
}

/**
 * The record closes before the source's history, followed by the source's own. They are left out where the source
 * begins later than the session they were joined at: the records in between would be unknown.
 */
export function joinHistory(
  before: readonly Close[],
  until: Session | undefined,
  closes: readonly Close[],
): IndexHistory {
  const first = closes[0];
  if (first === undefined || until === undefined || first.session > until) return { closes, sourceFrom: 0 };
  const earlier = before.filter(({ session }) => session < first.session);
  return { closes: [...earlier, ...closes], sourceFrom: earlier.length };
}

/**
 * Finds every event of a history in one pass, each session judged with only what came before it. A record close is
 * strictly above every earlier close; it is an event when its session is later than the same calendar date
 * `quietYears` years after the previous record (a year after 29 February is 28 February).
 */
export function detect(history: IndexHistory, quietYears: number): Detection {
  const { closes, sourceFrom, exchange = NEW_YORK } = history;
  const first = closes[0];
  const last = closes.at(-1);
  if (first === undefined || last === undefined) return { events: [], state: undefined };

  const events: RecordEvent[] = [];
  let record = first;
  let recordAt = 0;
  let quietUntil = addMonths(first.session, quietYears * 12);
  for (let position = 0; position < closes.length; position++) {
    const close = closes[position];
    if (close === undefined || close.close <= record.close) continue;
    if (close.session > quietUntil) {
      const quietSessions = sessionsSince(recordAt, position, sourceFrom);
      events.push({ ...plain(close), previousRecord: plain(record), quietSessions });
    }
    record = close;
    recordAt = position;
    quietUntil = addMonths(close.session, quietYears * 12);
  }

  return {
    events,
    state: {
      ...plain(last),
      change: dayChange(history),
      state: exchange.nextSession(last.session) > quietUntil ? 'armed' : 'recent record',
      record: plain(record),
      quietSessions: sessionsSince(recordAt, closes.length - 1, sourceFrom),
      toRecord: record.close === last.close ? 0 : exactOf(record) / exactOf(last) - 1,
    },
  };
}

/** Orders states by how near they are to an event: armed ones first, by their way to the record. */
export function byNearness(a: RecordState, b: RecordState): number {
  const recent = ({ state }: RecordState) => Number(state !== 'armed');
  return recent(a) - recent(b) || a.toRecord - b.toRecord;
}

/** The newest close's return on the session before, as a fraction; null where that session's close is not known. */
export function dayChange({ closes, exchange = NEW_YORK }: IndexHistory): number | null {
  const [previous, last] = [closes.at(-2), closes.at(-1)];
  if (previous === undefined || last === undefined || !exchange.isNext(previous.session, last.session)) return null;
  return exactOf(last) / exactOf(previous) - 1;
}

/** As people and programs read it. */
function plain({ session, close }: Close): Close {
  return { session, close };
}

function sessionsSince(from: number, to: number, sourceFrom: number): number | null {
  return from < sourceFrom ? null : to - from;
}
