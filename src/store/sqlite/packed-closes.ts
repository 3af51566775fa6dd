import type { Session } from '../../market/close.ts';
import type { KnownClose } from '../../market/sanity.ts';
import type { Database } from './database.ts';
import { prepared } from './prepared.ts';

/** Sessions of one past year as one reading brought them, all of them settled, in lists of one length. */
export interface Pack {
  readonly first: Session;
  readonly last: Session;
  readonly readAt: string;
  readonly sessions: readonly Session[];
  readonly closes: readonly number[];
  /** Null where no high is known; null inside where that session's is not. */
  readonly highs: readonly (number | null)[] | null;
}

/** So many lists of sessions are kept in memory. */
const LISTS_KEPT = 500;

/** Long histories are packed by year: a few of SQLite's rows instead of thousands. */
export interface PackedCloses {
  /** The packs of a symbol that reach into a span, ascending. */
  between(symbol: string, from: Session, until: Session): Pack[];
  /** The first and the last packed session. */
  ends(symbol: string): { readonly first: Session; readonly last: Session } | undefined;
  /** The sessions of those packs. */
  sessionsBetween(symbol: string, from: Session, until: Session): Session[];
  /** The pack that begins last before a session. */
  lastBefore(symbol: string, session: Session): Pack | undefined;
  put(symbol: string, closes: readonly KnownClose[]): void;
  remove(symbol: string, pack: Pack): void;
}

interface PackRow {
  first: Session;
  last: Session;
  read_at: string;
  sessions: number;
  closes: string;
  highs: string | null;
}

export function createPackedCloses(database: Database): PackedCloses {
  /** The lists of sessions that were read, by id: the years of most symbols share theirs. A list never changes. */
  const lists = new Map<number, readonly Session[]>();
  const sessionsOf = (id: number): readonly Session[] => {
    const known = lists.get(id);
    if (known !== undefined) return known;
    const text = prepared(database, 'select sessions from session_lists where id = ?').pluck().get(id) as string;
    const sessions = JSON.parse(text) as Session[];
    if (lists.size < LISTS_KEPT) lists.set(id, sessions);
    return sessions;
  };
  const ids = new Map<Session, { readonly id: number; readonly sessions: readonly Session[] }>();
  const listOf = (sessions: readonly Session[]): number => {
    const [first = ''] = sessions;
    const known = ids.get(first);
    if (known !== undefined && isSame(known.sessions, sessions)) return known.id;
    const text = JSON.stringify(sessions);
    prepared(database, 'insert or ignore into session_lists (sessions) values (?)').run(text);
    const id = prepared(database, 'select id from session_lists where sessions = ?').pluck().get(text) as number;
    if (ids.size < LISTS_KEPT) ids.set(first, { id, sessions });
    return id;
  };
  const toPack = ({ first, last, read_at, sessions, closes, highs }: PackRow): Pack => ({
    first,
    last,
    readAt: read_at,
    sessions: sessionsOf(sessions),
    closes: JSON.parse(closes) as number[],
    highs: highs === null ? null : (JSON.parse(highs) as (number | null)[]),
  });
  return {
    between: (symbol, from, until) =>
      // By name: few packs end late, and most begin early.
      (
        prepared(
          database,
          'select * from packed_closes indexed by packed_closes_last where symbol = ? and last >= ? and first <= ? order by last',
        ).all(symbol, from, until) as PackRow[]
      ).map(toPack),
    sessionsBetween: (symbol, from, until) =>
      (
        prepared(
          database,
          'select sessions from packed_closes indexed by packed_closes_last where symbol = ? and last >= ? and first <= ? order by last',
        )
          .pluck()
          .all(symbol, from, until) as number[]
      ).flatMap((id) => sessionsOf(id)),
    ends: (symbol) => {
      const one = (sql: string) => prepared(database, sql).pluck().get(symbol) as Session | undefined;
      const first = one('select first from packed_closes where symbol = ? order by first limit 1');
      const last = one('select last from packed_closes where symbol = ? order by last desc limit 1');
      return first === undefined || last === undefined ? undefined : { first, last };
    },
    lastBefore: (symbol, session) => {
      const sql = 'select * from packed_closes where symbol = ? and first < ? order by first desc limit 1';
      const row = prepared(database, sql).get(symbol, session) as PackRow | undefined;
      return row && toPack(row);
    },
    put: (symbol, closes) => {
      const [first, last] = [closes[0], closes.at(-1)];
      if (first === undefined || last === undefined) return;
      const highs = closes.some(({ high }) => high !== undefined)
        ? JSON.stringify(closes.map(({ high }) => high ?? null))
        : null;
      prepared(
        database,
        'insert into packed_closes (symbol, first, last, read_at, sessions, closes, highs) values (?, ?, ?, ?, ?, ?, ?)',
      ).run(
        symbol,
        first.session,
        last.session,
        first.readAt,
        listOf(closes.map(({ session }) => session)),
        JSON.stringify(closes.map(({ close }) => close)),
        highs,
      );
    },
    remove: (symbol, { first }) => {
      prepared(database, 'delete from packed_closes where symbol = ? and first = ?').run(symbol, first);
    },
  };
}

/** True for a close that says nothing but its value and when it was read. */
export function isPackable({ close, state, held, firstReadAt, readAt }: KnownClose): boolean {
  return close !== null && state === 'settled' && held === null && firstReadAt === readAt;
}

/** The closes of a pack, as rows would tell them. */
export function unpacked({ readAt, sessions, closes, highs }: Pack): KnownClose[] {
  return sessions.map((session, position) => {
    const high = highs?.[position] ?? undefined;
    return {
      session,
      close: closes[position] ?? null,
      state: 'settled',
      firstReadAt: readAt,
      readAt,
      held: null,
      ...(high === undefined ? {} : { high }),
    };
  });
}

function isSame(a: readonly Session[], b: readonly Session[]): boolean {
  return a.length === b.length && a.every((session, position) => session === b[position]);
}
