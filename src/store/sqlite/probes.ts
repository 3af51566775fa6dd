import type { Probe } from '../troubles.ts';
import type { Database } from './database.ts';
import { prepared } from './prepared.ts';

export function probes(database: Database): Probe[] {
  return prepared(
    database,
    'select part, tried_at as triedAt, failing_since as failingSince, failure from probes order by part',
  ).all() as Probe[];
}

/** Notes a look at a part. @param failure what is wrong; null: it works */
export function noteProbe(database: Database, part: string, failure: string | null, now: string): void {
  prepared(
    database,
    `insert into probes (part, tried_at, failing_since, failure)
       values (:part, :now, iif(:failure is null, null, :now), :failure)
       on conflict (part) do update set tried_at = :now, failure = :failure,
         failing_since = iif(:failure is null, null, coalesce(failing_since, :now))`,
  ).run({ part, failure, now });
}
