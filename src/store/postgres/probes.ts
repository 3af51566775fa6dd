import type { Probe } from '../troubles.ts';
import type { Queries } from './postgres.ts';

export function probes({ rows }: Queries): Promise<Probe[]> {
  return rows<Probe>(
    'select part, tried_at as "triedAt", failing_since as "failingSince", failure from probes order by part',
  );
}

/** Notes a look at a part. @param failure what is wrong; null: it works */
export async function noteProbe(
  { changes }: Queries,
  part: string,
  failure: string | null,
  now: string,
): Promise<void> {
  await changes(
    `insert into probes (part, tried_at, failing_since, failure)
       values ($1, $3, case when $2::text is null then null else $3 end, $2)
       on conflict (part) do update set tried_at = excluded.tried_at, failure = excluded.failure,
         failing_since = case when excluded.failure is null then null
           else coalesce(probes.failing_since, excluded.tried_at) end`,
    part,
    failure,
    now,
  );
}
