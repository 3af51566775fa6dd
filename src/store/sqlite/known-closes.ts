import type { Close, Session } from '../../market/close.ts';
import type { KnownClose } from '../../market/known-close.ts';
import { closeAt } from '../../market/precision.ts';
import {
  acceptedRows,
  firstRow,
  lastAcceptedRow,
  lastRow,
  newestRows,
  rowSessions,
  rowsBetween,
} from './close-rows.ts';
import type { Database } from './database.ts';
import { lastPackBefore, packedEnds, packedSessions, packsBetween, unpacked } from './packed-closes.ts';

/** After every session. */
export const NO_END = '9999-12-31';

/** The accepted closes of a symbol up to a session, ascending, packed or not, at the precision of their source. */
export function acceptedCloses(database: Database, symbol: string, until: Session, decimals: number): Close[] {
  const packed: Close[] = [];
  for (const { sessions, closes } of packsBetween(database, symbol, '', until)) {
    for (let position = 0; position < sessions.length; position++) {
      const [session = '', close = 0] = [sessions[position], closes[position]];
      if (session <= until) packed.push(closeAt(session, close, decimals));
    }
  }
  const rows = acceptedRows(database, symbol, until);
  return inOrder(
    packed,
    rows.map(({ session, close }) => closeAt(session, close, decimals)),
  );
}

/** What is known from one session to another, ascending. */
export function knownBetween(database: Database, symbol: string, from: Session, until: Session): KnownClose[] {
  const packed = packsBetween(database, symbol, from, until).flatMap((pack) =>
    unpacked(pack).filter(({ session }) => session >= from && session <= until),
  );
  return inOrder(packed, rowsBetween(database, symbol, from, until));
}

/** The sessions that something is known of, from one on, ascending; those of a pack that it lies in begin before it. */
export function knownSessions(database: Database, symbol: string, from: Session): Session[] {
  const rows = rowSessions(database, symbol, from);
  const packed = packedSessions(database, symbol, from, NO_END);
  return packed.length === 0 ? rows : [...packed, ...rows].sort();
}

export function firstSession(database: Database, symbol: string): Session | undefined {
  return [firstRow(database, symbol), packedEnds(database, symbol)?.first]
    .filter((session) => session !== undefined)
    .sort()[0];
}

export function lastSession(database: Database, symbol: string): Session | undefined {
  return [lastRow(database, symbol), packedEnds(database, symbol)?.last]
    .filter((session) => session !== undefined)
    .sort()
    .at(-1);
}

/** The last session with an accepted close before another one. */
export function lastAcceptedBefore(database: Database, symbol: string, session: Session): Session | undefined {
  const row = lastAcceptedRow(database, symbol, session);
  if (row !== undefined && row > (packedEnds(database, symbol)?.last ?? '')) return row;
  const packed = lastPackBefore(database, symbol, session)?.sessions.findLast((candidate) => candidate < session);
  return [row ?? '', packed ?? ''].sort().at(-1) || undefined;
}

/** The session so many sessions before the last one; undefined where the history is shorter. */
export function sessionsBack(database: Database, symbol: string, count: number): Session | undefined {
  const newest = newestRows(database, symbol, count + 1);
  const lowest = newest[count];
  if (lowest !== undefined && lowest > (packedEnds(database, symbol)?.last ?? '')) return lowest;
  let pack = lastPackBefore(database, symbol, '9999');
  while (pack !== undefined) {
    const { first: begin } = pack;
    newest.push(...pack.sessions);
    if (newest.filter((session) => session >= begin).length > count) break;
    pack = lastPackBefore(database, symbol, begin);
  }
  return newest.sort().at(-1 - count);
}

/** Two ascending lists as one. Packs are older than rows but where a year was unpacked. */
function inOrder<T extends { readonly session: Session }>(packed: T[], rows: T[]): T[] {
  const [end, begin] = [packed.at(-1), rows[0]];
  if (begin === undefined) return packed;
  const all = packed.concat(rows);
  if (end === undefined || end.session < begin.session) return all;
  return all.sort((a, b) => (a.session < b.session ? -1 : 1));
}
