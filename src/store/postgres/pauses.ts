import type { Pause } from '../deliveries.ts';
import type { Queries } from './postgres.ts';

export function pauses({ rows }: Queries): Promise<Pause[]> {
  return rows<Pause>('select channel, since, until from pauses order by channel');
}

/** Pauses a channel, or moves the end of its pause. */
export async function pause({ changes }: Queries, channel: string, until: string | null, now: string): Promise<void> {
  await changes(
    `insert into pauses (channel, since, until) values ($1, $3, $2)
       on conflict (channel) do update set until = excluded.until,
         since = case when pauses.until is null or pauses.until > excluded.since then pauses.since
           else excluded.since end`,
    channel,
    until,
    now,
  );
}

/** Ends the pause of a channel. @returns false where it was not paused */
export async function resume({ changes }: Queries, channel: string, now: string): Promise<boolean> {
  const ended = await changes(
    'update pauses set until = $2 where channel = $1 and (until is null or until > $2)',
    channel,
    now,
  );
  return ended === 1;
}
