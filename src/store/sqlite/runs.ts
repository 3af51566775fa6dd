import type { Run, RunResult } from '../runs.ts';
import type { Database } from './database.ts';
import { orUndefined, prepared } from './prepared.ts';

/** Who looks for a run of longer ago finds a message instead. In milliseconds. */
const KEEP_RUNS = 400 * 86_400_000;
const KEEP_AT_LEAST = 1000;

/** Notes that a run begins, and forgets those of long ago. @returns its number */
export function beginRun(database: Database, command: string, startedAt: string): number {
  const forgotten = new Date(Date.parse(startedAt) - KEEP_RUNS).toISOString();
  // A clock that is years ahead must not forget the runs of today.
  prepared(
    database,
    `delete from runs where started_at < ? and run <= (select max(run) from runs) - ${KEEP_AT_LEAST}`,
  ).run(forgotten);
  const begun = prepared(database, 'insert into runs (command, started_at) values (?, ?)').run(command, startedAt);
  return Number(begun.lastInsertRowid);
}

export function endRun(database: Database, run: number, result: unknown, endedAt: string): void {
  prepared(database, 'update runs set ended_at = ?, result = ? where run = ?').run(
    endedAt,
    JSON.stringify(result),
    run,
  );
}

/** The runs that began since an instant, oldest first. */
export function runsSince(database: Database, since: string): Run[] {
  return prepared(
    database,
    'select command, started_at as startedAt, ended_at as endedAt from runs where started_at >= ? order by run',
  ).all(since) as Run[];
}

/** The newest runs, newest first. */
export function newestRuns(database: Database, limit: number): RunResult[] {
  const rows = prepared(
    database,
    `select command, started_at as startedAt, ended_at as endedAt, coalesce(result ->> 'fired', '[]') as fired,
       coalesce(result ->> 'problems', '[]') as problems
     from runs order by run desc limit ?`,
  ).all(limit) as (Run & { fired: string; problems: string })[];
  return rows.map(({ fired, problems, ...run }) => ({
    ...run,
    fired: JSON.parse(fired),
    problems: JSON.parse(problems),
  }));
}

/** The run that began last. */
export function lastRun(database: Database): Run | undefined {
  return prepared(
    database,
    'select command, started_at as startedAt, ended_at as endedAt from runs order by run desc limit 1',
  ).get() as Run | undefined;
}

/** When the first of the runs that are kept began; undefined before any. */
export function firstRunAt(database: Database): string | undefined {
  return orUndefined<string>(prepared(database, 'select min(started_at) from runs').pluck().get());
}
