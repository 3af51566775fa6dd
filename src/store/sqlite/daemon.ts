import type { Daemon } from '../runs.ts';
import type { Database } from './database.ts';
import { prepared } from './prepared.ts';

/** A row that has not been touched for so long is nobody's, in milliseconds. */
const FORGOTTEN_MS = 24 * 3_600_000;

const COLUMNS = 'host, pid, process_started as processStarted, started_at as startedAt, seen_at as seenAt';

/** The daemon that leads, or that did and died; undefined after a clean stop. */
export function knownDaemon(database: Database): Daemon | undefined {
  return prepared(database, `select holder as id, ${COLUMNS} from daemon`).get() as Daemon | undefined;
}

/** @returns the daemon that leads instead; undefined where this one leads now */
export function lead(database: Database, daemon: Daemon, isGone: (leader: Daemon) => boolean): Daemon | undefined {
  const leader = knownDaemon(database);
  if (leader !== undefined && leader.id !== daemon.id && !isGone(leader)) return leader;
  prepared(database, "insert or replace into daemon values ('daemon', ?, ?, ?, ?, ?, ?)").run(...valuesOf(daemon));
  return undefined;
}

/** All that live, and those that died not long ago, in the order of their start. */
export function instances(database: Database): Daemon[] {
  return prepared(database, `select id, ${COLUMNS} from instances order by started_at, id`).all() as Daemon[];
}

export function putInstance(database: Database, daemon: Daemon): void {
  prepared(database, 'insert or replace into instances values (?, ?, ?, ?, ?, ?)').run(...valuesOf(daemon));
  const forgotten = new Date(Date.parse(daemon.seenAt) - FORGOTTEN_MS).toISOString();
  prepared(database, 'delete from instances where seen_at < ?').run(forgotten);
}

/** Forgets a daemon; one that has taken its place leads on. */
export function forgetDaemon(database: Database, id: string): void {
  prepared(database, 'delete from daemon where holder = ?').run(id);
  prepared(database, 'delete from instances where id = ?').run(id);
}

function valuesOf({ id, host, pid, processStarted, startedAt, seenAt }: Daemon) {
  return [id, host, pid, processStarted, startedAt, seenAt] as const;
}
