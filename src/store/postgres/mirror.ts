import { forgetComplete } from '../sqlite/completeness.ts';
import type { Database } from '../sqlite/database.ts';
import { putImport } from '../sqlite/imports.ts';
import { prepared } from '../sqlite/prepared.ts';
import type { CloseRow, Newer, PackRow, RevisionRow } from './closes-table.ts';

/*
 * What PostgreSQL's tables say, written as it is into the copy that this process reads from. Its sessions are never in a pack
 * and in a row: where a year was taken apart, all of it comes as rows.
 */
export function copyInto(
  mirror: Database,
  { closes, packs, lists, revisions, imports }: Newer,
  symbols: ReadonlySet<string>,
): void {
  const isWanted = ({ symbol }: { readonly symbol: string }) => symbols.has(symbol);
  for (const row of closes.filter(isWanted)) copyRow(mirror, row);
  for (const pack of packs.filter(isWanted)) copyPack(mirror, pack, lists.get(pack.sessions) ?? '[]');
  for (const revision of revisions.filter(isWanted)) copyRevision(mirror, revision);
  for (const imported of imports.filter(isWanted)) {
    const { symbol, imported_at, file, closes: list, undone_at } = imported;
    putImport(mirror, { symbol, imported_at, file, closes: list, undone_at });
  }
}

/** The tables that hold what is known of the sessions of symbols. */
const OF_SESSIONS = ['closes', 'packed_closes', 'revisions', 'imports'];

/** Forgets all that is copied of the sessions of a symbol. */
export function forgetSymbol(mirror: Database, symbol: string): void {
  for (const table of OF_SESSIONS) prepared(mirror, `delete from ${table} where symbol = ?`).run(symbol);
  forgetComplete(mirror, symbol);
}

/** Forgets all that is copied. */
export function emptyMirror(mirror: Database): void {
  for (const table of [...OF_SESSIONS, 'symbols', 'facts']) mirror.exec(`delete from ${table}`);
}

function copyRow(mirror: Database, row: CloseRow): void {
  const { symbol, session } = row;
  prepared(mirror, 'delete from packed_closes where symbol = ? and first <= ? and last >= ?').run(
    symbol,
    session,
    session,
  );
  prepared(
    mirror,
    `insert or replace into closes (symbol, session, close, state, first_read_at, read_at, held_close, held_reason, held_since, high)
       values (:symbol, :session, :close, :state, :first_read_at, :read_at, :held_close, :held_reason, :held_since, :high)`,
  ).run(row);
}

function copyPack(mirror: Database, pack: PackRow, sessions: string): void {
  prepared(mirror, 'insert or ignore into session_lists (sessions) values (?)').run(sessions);
  prepared(
    mirror,
    `insert or replace into packed_closes (symbol, first, last, read_at, sessions, closes, highs)
       values (:symbol, :first, :last, :read_at, (select id from session_lists where sessions = :list), :closes, :highs)`,
  ).run({ ...pack, list: sessions });
}

function copyRevision(mirror: Database, revision: RevisionRow): void {
  prepared(
    mirror,
    `insert or replace into revisions values
       (:symbol, :session, :from_close, :from_read_at, :from_believed, :to_close, :to_read_at, :to_believed)`,
  ).run(revision);
}
