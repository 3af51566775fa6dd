import type { Session } from '../../market/close.ts';
import type { KnownClose } from '../../market/known-close.ts';
import { keptClose } from '../decimals.ts';
import type { Database } from './database.ts';
import { prepared } from './prepared.ts';
import { listOf, sessionsOf } from './session-lists.ts';

/**
 * Sessions of one past year as one reading brought them, all of them settled, in lists of one length: long histories take a
 * few of SQLite's rows instead of thousands.
 */
export interface Pack {
  readonly first: Session;
  readonly last: Session;
  readonly readAt: string;
  readonly sessions: readonly Session[];
  readonly closes: readonly number[];
  /** Null where no high is known; null inside where that session's is not. */
  readonly highs: readonly (number | null)[] | null;
}

interface PackRow {
  readonly first: Session;
  readonly last: Session;
  readonly read_at: string;
  readonly sessions: number;
  readonly closes: string;
  readonly highs: string | null;
}

/** The packs of a symbol that reach into a span, ascending. */
export function packsBetween(database: Database, symbol: string, from: Session, until: Session): Pack[] {
  const rows = prepared(
    database,
    // By name: few packs end late, and most begin early.
    'select * from packed_closes indexed by packed_closes_last where symbol = ? and last >= ? and first <= ? order by last',
  ).all(symbol, from, until) as PackRow[];
  return rows.map((row) => toPack(database, row));
}

/** The sessions of those packs. */
export function packedSessions(database: Database, symbol: string, from: Session, until: Session): Session[] {
  const lists = prepared(
    database,
    'select sessions from packed_closes indexed by packed_closes_last where symbol = ? and last >= ? and first <= ? order by last',
  )
    .pluck()
    .all(symbol, from, until) as number[];
  return lists.flatMap((id) => sessionsOf(database, id));
}

/** The first and the last packed session. */
export function packedEnds(
  database: Database,
  symbol: string,
): { readonly first: Session; readonly last: Session } | undefined {
  const one = (sql: string) => prepared(database, sql).pluck().get(symbol) as Session | undefined;
  const first = one('select first from packed_closes where symbol = ? order by first limit 1');
  const last = one('select last from packed_closes where symbol = ? order by last desc limit 1');
  return first === undefined || last === undefined ? undefined : { first, last };
}

/** The pack that begins last before a session. */
export function lastPackBefore(database: Database, symbol: string, session: Session): Pack | undefined {
  const sql = 'select * from packed_closes where symbol = ? and first < ? order by first desc limit 1';
  const row = prepared(database, sql).get(symbol, session) as PackRow | undefined;
  return row && toPack(database, row);
}

export function putPack(database: Database, symbol: string, closes: readonly KnownClose[]): void {
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
    listOf(
      database,
      closes.map(({ session }) => session),
    ),
    JSON.stringify(closes.map(keptClose)),
    highs,
  );
}

export function removePack(database: Database, symbol: string, { first }: Pack): void {
  prepared(database, 'delete from packed_closes where symbol = ? and first = ?').run(symbol, first);
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

function toPack(database: Database, { first, last, read_at, sessions, closes, highs }: PackRow): Pack {
  return {
    first,
    last,
    readAt: read_at,
    sessions: sessionsOf(database, sessions),
    closes: JSON.parse(closes) as number[],
    highs: highs === null ? null : (JSON.parse(highs) as (number | null)[]),
  };
}
