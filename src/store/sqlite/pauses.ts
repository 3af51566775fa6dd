import type { Pause } from '../deliveries.ts';
import type { Database } from './database.ts';
import { prepared } from './prepared.ts';

export function pauses(database: Database): Pause[] {
  return prepared(database, 'select channel, since, until from pauses order by channel').all() as Pause[];
}

/** Pauses a channel, or moves the end of its pause. */
export function pause(database: Database, channel: string, until: string | null, now: string): void {
  prepared(
    database,
    `insert into pauses (channel, since, until) values (:channel, :now, :until)
       on conflict (channel) do update set until = :until,
         since = iif(until is null or until > :now, since, :now)`,
  ).run({ channel, until, now });
}

/** Ends the pause of a channel. @returns false where it was not paused */
export function resume(database: Database, channel: string, now: string): boolean {
  const end = prepared(database, 'update pauses set until = ? where channel = ? and (until is null or until > ?)');
  return end.run(now, channel, now).changes === 1;
}
