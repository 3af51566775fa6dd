import type { Daemon } from '../runs.ts';
import type { Database } from './database.ts';
import { prepared } from './prepared.ts';

/** A row that has not been touched for so long is nobody's, in milliseconds. */
const FORGOTTEN_MS = 24 * 3_600_000;

const COLUMNS = 'host, pid, process_started as processStarted, started_at as startedAt, seen_at as seenAt';

interface Row extends Omit<Daemon, 'rules' | 'gone'> {
  readonly rules: string | null;
}

/** The daemon that leads, or that did and died; undefined after a clean stop. */
export function knownDaemon(database: Database): Daemon | undefined {
  const row = prepared(
    database,
    `select holder as id, ${COLUMNS}, (select rules from instances where id = holder) as rules from daemon`,
  ).get() as Row | undefined;
  return row && toDaemon(row);
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
  const rows = prepared(database, `select id, ${COLUMNS}, rules from instances order by started_at, id`).all() as Row[];
  return rows.map(toDaemon);
}

export function putInstance(database: Database, daemon: Daemon): void {
  prepared(database, 'insert or replace into instances values (?, ?, ?, ?, ?, ?, ?)').run(
    ...valuesOf(daemon),
    daemon.rules ?? null,
  );
  const forgotten = new Date(Date.parse(daemon.seenAt) - FORGOTTEN_MS).toISOString();
  prepared(database, 'delete from instances where seen_at < ?').run(forgotten);
}

/** Forgets a daemon; one that has taken its place leads on. */
export function forgetDaemon(database: Database, id: string): void {
  prepared(database, 'delete from daemon where holder = ?').run(id);
  prepared(database, 'delete from instances where id = ?').run(id);
}

function toDaemon({ rules, ...daemon }: Row): Daemon {
  return rules === null ? daemon : { ...daemon, rules };
}

function valuesOf({ id, host, pid, processStarted, startedAt, seenAt }: Daemon) {
  return [id, host, pid, processStarted, startedAt, seenAt] as const;
}
