import type { Daemon } from '../runs.ts';
import type { Database } from './database.ts';
import { prepared } from './prepared.ts';

/** The process that watches, or that did and died; undefined after a clean stop. */
export function knownDaemon(database: Database): Daemon | undefined {
  return prepared(
    database,
    `select holder as id, host, pid, process_started as processStarted, started_at as startedAt, seen_at as seenAt from daemon`,
  ).get() as Daemon | undefined;
}

export function putDaemon(database: Database, daemon: Daemon): void {
  const { id, host, pid, processStarted, startedAt, seenAt } = daemon;
  prepared(database, "insert or replace into daemon values ('daemon', ?, ?, ?, ?, ?, ?)").run(
    id,
    host,
    pid,
    processStarted,
    startedAt,
    seenAt,
  );
}

/** Forgets the daemon, unless another one has taken its place. */
export function forgetDaemon(database: Database, owner: string): void {
  prepared(database, 'delete from daemon where holder = ?').run(owner);
}
