import type { Close, Session } from '../../market/close.ts';
import type { KnownClose } from '../../market/known-close.ts';
import { keptClose } from '../decimals.ts';
import type { Database } from './database.ts';
import { orUndefined, prepared } from './prepared.ts';

/** A close that has a row of its own: recent ones, and those of a year in which something is or was in doubt. */
export interface CloseRow {
  readonly session: Session;
  readonly close: number | null;
  readonly state: KnownClose['state'];
  readonly first_read_at: string;
  readonly read_at: string | null;
  readonly held_close: number | null;
  readonly held_reason: string | null;
  readonly held_since: string | null;
  readonly high: number | null;
}

export function rowsBetween(database: Database, symbol: string, from: Session, until: Session): KnownClose[] {
  const rows = prepared(
    database,
    'select * from closes where symbol = ? and session >= ? and session <= ? order by session',
  ).all(symbol, from, until) as CloseRow[];
  return rows.map(toKnown);
}

/** The held values of a symbol, accepted closes with a held revision included. */
export function heldRows(database: Database, symbol: string): KnownClose[] {
  const rows = prepared(
    database,
    // By name: left alone, SQLite reads all closes of the symbol to find the few that are held.
    'select * from closes indexed by closes_held where symbol = ? and held_close is not null order by session',
  ).all(symbol) as CloseRow[];
  return rows.map(toKnown);
}

export function acceptedRows(database: Database, symbol: string, until: Session): Close[] {
  return prepared(
    database,
    'select session, close from closes where symbol = ? and session <= ? and close is not null order by session',
  ).all(symbol, until) as Close[];
}

export function lastAcceptedRow(database: Database, symbol: string, before: Session): Session | undefined {
  return session(
    database,
    'select session from closes where symbol = ? and session < ? and close is not null order by session desc limit 1',
    symbol,
    before,
  );
}

export function firstRow(database: Database, symbol: string): Session | undefined {
  return session(database, 'select session from closes where symbol = ? order by session limit 1', symbol);
}

export function lastRow(database: Database, symbol: string): Session | undefined {
  return session(database, 'select session from closes where symbol = ? order by session desc limit 1', symbol);
}

/** The sessions of so many newest rows, newest first. */
export function newestRows(database: Database, symbol: string, count: number): Session[] {
  return prepared(database, 'select session from closes where symbol = ? order by session desc limit ?')
    .pluck()
    .all(symbol, count) as Session[];
}

/** The sessions of the rows from one on, ascending. */
export function rowSessions(database: Database, symbol: string, from: Session): Session[] {
  return prepared(database, 'select session from closes where symbol = ? and session >= ? order by session')
    .pluck()
    .all(symbol, from) as Session[];
}

export function hasRowBetween(database: Database, symbol: string, from: Session, until: Session): boolean {
  const first = session(
    database,
    'select min(session) from closes where symbol = ? and session >= ? and session <= ?',
    symbol,
    from,
    until,
  );
  return first !== undefined;
}

export function putRow(database: Database, symbol: string, known: KnownClose): void {
  const { session, state, firstReadAt, readAt, held, high } = known;
  prepared(
    database,
    `insert or replace into closes (symbol, session, close, state, first_read_at, read_at, held_close, held_reason, held_since, high)
       values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  ).run(
    ...[symbol, session, keptClose(known), state, firstReadAt, readAt],
    ...[held && keptClose(held), held?.reason, held?.since, high],
  );
}

export function removeRow(database: Database, symbol: string, session: Session): void {
  prepared(database, 'delete from closes where symbol = ? and session = ?').run(symbol, session);
}

function session(database: Database, sql: string, ...values: string[]): Session | undefined {
  return orUndefined(
    prepared(database, sql)
      .pluck()
      .get(...values),
  );
}

function toKnown(row: CloseRow): KnownClose {
  const { held_close, held_reason, held_since, high } = row;
  return {
    session: row.session,
    close: row.close,
    state: row.state,
    firstReadAt: row.first_read_at,
    readAt: row.read_at,
    held: held_close === null ? null : { close: held_close, reason: held_reason ?? '', since: held_since ?? '' },
    ...(high === null ? {} : { high }),
  };
}
