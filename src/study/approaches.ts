import { type Close, exactOf, type Session } from '../market/close.ts';
import { NEW_YORK } from '../market/exchange.ts';
import { addMonths } from '../market/session.ts';
import type { IndexHistory } from '../signal/first-record.ts';

/** A month, in sessions: within that time after an approach a record counts as having followed. */
export const SOON_SESSIONS = 21;

/** One wait: the days on which a record close would have been an event, from the evening before the first of them. */
interface Wait {
  readonly record: Close;
  /** Position of the first armed close. */
  readonly from: number;
  /** Position of the first close within the distance; undefined: none was. */
  within?: number;
  /** Position of the record close that ended it; undefined: it goes on. */
  end?: number;
}

/** The first close of a wait within a distance of its record. */
export interface Approach {
  readonly session: Session;
  readonly record: Close;
  /** The event that ended the wait, and how many sessions later it came; null: the wait goes on. */
  readonly event: Session | null;
  readonly sessions: number | null;
}

/** How often the record followed soon, of those whose time is over. */
export interface SoonCount {
  readonly n: number;
  readonly soon: number;
}

/** How the waits went that came within a distance of their record, over the source's own history. */
export interface Approaches {
  /** Oldest first; the last one may be of the wait that goes on. */
  readonly all: readonly Approach[];
  /** Of the waits that are over, after the first close within the distance. */
  readonly earlier: SoonCount;
  /** The same after any armed day. */
  readonly anyDay: SoonCount;
  /** Sessions since the newest close began to be armed; null where it is not, or has been since before the source's history. */
  readonly armedSessions: number | null;
}

/**
 * How the waits of a history went that came within a distance of their record.
 * @param distance the rise to the record, as a fraction of the close
 */
export function approachesOf(history: IndexHistory, quietYears: number, distance: number): Approaches {
  const { closes, sourceFrom } = history;
  const waits = waitsOf(history, quietYears, distance);
  const last = closes.length - 1;
  const isOver = (position: number, { end }: Wait) => end !== undefined || last - position >= SOON_SESSIONS;
  const isSoon = (position: number, { end }: Wait) => end !== undefined && end - position <= SOON_SESSIONS;
  const days = waits.flatMap((wait) => {
    const positions = Array.from({ length: (wait.end ?? last + 1) - wait.from }, (_, at) => wait.from + at);
    return positions.filter((position) => isOver(position, wait)).map((position) => isSoon(position, wait));
  });
  const ended = waits.filter(({ end, within }) => end !== undefined && within !== undefined);
  const current = waits.at(-1);
  return {
    all: waits.flatMap((wait) => approachOf(closes, wait) ?? []),
    earlier: { n: ended.length, soon: ended.filter((wait) => isSoon(wait.within ?? 0, wait)).length },
    anyDay: { n: days.length, soon: days.filter(Boolean).length },
    armedSessions:
      current === undefined || current.end !== undefined || current.from <= sourceFrom ? null : last - current.from,
  };
}

function approachOf(closes: readonly Close[], { record, within, end }: Wait): Approach | undefined {
  const first = within === undefined ? undefined : closes[within];
  if (within === undefined || first === undefined) return undefined;
  const event = end === undefined ? null : (closes[end]?.session ?? null);
  const { session, close } = record;
  return {
    session: first.session,
    record: { session, close },
    event,
    sessions: end === undefined ? null : end - within,
  };
}

/** Sessions cannot be counted among the sparse closes from before the source's history: waits begin within it. */
function waitsOf(
  { closes, sourceFrom, exchange = NEW_YORK }: IndexHistory,
  quietYears: number,
  distance: number,
): Wait[] {
  const waits: Wait[] = [];
  let record = closes[0];
  let wait: Wait | undefined;
  for (let position = 0; position < closes.length && record !== undefined; position++) {
    const close = closes[position];
    if (close === undefined) continue;
    if (close.close > record.close) {
      if (wait !== undefined) wait.end = position;
      wait = undefined;
      record = close;
    }
    if (position < sourceFrom || exchange.nextSession(close.session) <= addMonths(record.session, quietYears * 12))
      continue;
    if (wait === undefined) {
      wait = { record, from: position };
      waits.push(wait);
    }
    if (wait.within === undefined && exactOf(record) / exactOf(close) - 1 <= distance) wait.within = position;
  }
  return waits;
}
