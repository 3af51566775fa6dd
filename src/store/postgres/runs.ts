import type { Run, RunResult } from '../runs.ts';
import type { Queries } from './postgres.ts';

/** Who looks for a run of longer ago finds a message instead. In milliseconds. */
const KEEP_RUNS = 400 * 86_400_000;
const KEEP_AT_LEAST = 1000;

const RUN = 'command, started_at as "startedAt", ended_at as "endedAt"';

/**
 * Notes that a run begins, and forgets those of long ago.
 * @param isAgain it may be noted already: the answer was lost on the way
 * @returns its number
 */
export async function beginRun(
  queries: Queries,
  command: string,
  startedAt: string,
  isAgain: boolean,
): Promise<number> {
  if (isAgain) {
    const noted = await queries.row<{ run: number }>(
      'select run from runs where command = $1 and started_at = $2 and ended_at is null order by run desc limit 1',
      command,
      startedAt,
    );
    if (noted !== undefined) return noted.run;
  }
  const forgotten = new Date(Date.parse(startedAt) - KEEP_RUNS).toISOString();
  // A clock that is years ahead must not forget the runs of today.
  await queries.changes(
    `delete from runs where started_at < $1 and run <= (select max(run) from runs) - ${KEEP_AT_LEAST}`,
    forgotten,
  );
  const begun = await queries.row<{ run: number }>(
    'insert into runs (command, started_at) values ($1, $2) returning run',
    command,
    startedAt,
  );
  return begun?.run ?? 0;
}

export async function endRun({ changes }: Queries, run: number, result: unknown, endedAt: string): Promise<void> {
  await changes('update runs set ended_at = $2, result = $3 where run = $1', run, endedAt, JSON.stringify(result));
}

/** The runs that began since an instant, oldest first. */
export function runsSince({ rows }: Queries, since: string): Promise<Run[]> {
  return rows<Run>(`select ${RUN} from runs where started_at >= $1 order by run`, since);
}

/** The newest runs, newest first. */
export function newestRuns({ rows }: Queries, limit: number): Promise<RunResult[]> {
  return rows<RunResult>(
    `select ${RUN}, coalesce(result::json -> 'fired', '[]') as fired, coalesce(result::json -> 'problems', '[]') as problems
       from runs order by run desc limit $1`,
    limit,
  );
}

/** The run that began last. */
export function lastRun({ row }: Queries): Promise<Run | undefined> {
  return row<Run>(`select ${RUN} from runs order by run desc limit 1`);
}

/** When the first of the runs that are kept began; undefined before any. */
export async function firstRunAt({ row }: Queries): Promise<string | undefined> {
  return (await row<{ first: string | null }>('select min(started_at) as first from runs'))?.first ?? undefined;
}
