import type { Session } from '../../market/close.ts';
import type { Database } from './database.ts';
import { prepared } from './prepared.ts';

/** So many lists of sessions are kept in memory. */
const LISTS_KEPT = 500;

/** The lists of a database that were read or written: the years of most symbols share theirs. A list never changes. */
interface KnownLists {
  readonly byId: Map<number, readonly Session[]>;
  readonly byFirst: Map<Session, { readonly id: number; readonly sessions: readonly Session[] }>;
}

const knownLists = new WeakMap<Database, KnownLists>();

/** The sessions of a list. */
export function sessionsOf(database: Database, id: number): readonly Session[] {
  const { byId } = listsOf(database);
  const known = byId.get(id);
  if (known !== undefined) return known;
  const text = prepared(database, 'select sessions from session_lists where id = ?').pluck().get(id) as string;
  const sessions = JSON.parse(text) as Session[];
  if (byId.size < LISTS_KEPT) byId.set(id, sessions);
  return sessions;
}

/** The id of a list, which is added where it is new. */
export function listOf(database: Database, sessions: readonly Session[]): number {
  const { byFirst } = listsOf(database);
  const [first = ''] = sessions;
  const known = byFirst.get(first);
  if (known !== undefined && isSame(known.sessions, sessions)) return known.id;
  const text = JSON.stringify(sessions);
  prepared(database, 'insert or ignore into session_lists (sessions) values (?)').run(text);
  const id = prepared(database, 'select id from session_lists where sessions = ?').pluck().get(text) as number;
  if (byFirst.size < LISTS_KEPT) byFirst.set(first, { id, sessions });
  return id;
}

/**
 * Forgets what is known of the lists. After a write that was rolled back: its lists are gone, and SQLite gives their ids to
 * others.
 */
export function forgetLists(database: Database): void {
  knownLists.delete(database);
}

function listsOf(database: Database): KnownLists {
  const lists = knownLists.get(database) ?? { byId: new Map(), byFirst: new Map() };
  knownLists.set(database, lists);
  return lists;
}

function isSame(a: readonly Session[], b: readonly Session[]): boolean {
  return a.length === b.length && a.every((session, position) => session === b[position]);
}
