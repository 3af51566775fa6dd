import type { Message } from '../../message/message.ts';
import type { Database } from './database.ts';
import { prepared } from './prepared.ts';

/** The deliveries of messages that tell many events, each with the messages that it tells on its channel. */
export const TOLD = 'told_together t join deliveries d on d.message = t.together and d.channel = t.channel';

/** Notes what a message tells on some channels. */
export function noteTold(database: Database, { id, tells = [] }: Message, channels: Iterable<string>): void {
  const insert = prepared(
    database,
    'insert into told_together (message, channel, together, position) values (?, ?, ?, ?)',
  );
  for (const channel of channels) tells.forEach((message, position) => void insert.run(message, channel, id, position));
}

/** The messages that one tells on a channel, in the order of its table; without a channel all that it tells anywhere. */
export function toldIn(database: Database, together: string, channel?: string): string[] {
  return prepared(
    database,
    `select message from told_together where together = :together and (:channel is null or channel = :channel)
       group by message order by min(position)`,
  )
    .pluck()
    .all({ together, channel: channel ?? null }) as string[];
}

/** The message in which another one is told on a channel; itself, where that is not together with others. */
export function toldAs(database: Database, message: string, channel: string): string {
  const together = prepared(
    database,
    `select together from told_together where message = :message and channel = :channel
       and not exists (select 1 from deliveries where message = :message and channel = :channel)`,
  )
    .pluck()
    .get({ message, channel }) as string | undefined;
  return together ?? message;
}

/**
 * Takes the messages of an event out of those that tell it with others, wherever these have not arrived: from now on it has
 * deliveries of its own there, which are as far as the common ones were.
 * @param where which of the common deliveries, as a condition on them
 */
export function tellAlone(database: Database, event: string, where: string): void {
  const mine = 'm.event = :event';
  const groups = prepared(
    database,
    `select distinct t.together from messages m join told_together t using (message) where ${mine}`,
  )
    .pluck()
    .all({ event }) as string[];
  if (groups.length === 0) return;
  prepared(
    database,
    `insert into deliveries (message, channel, state, attempts, unknown_attempts, reason, settings, claimed_by, not_before, changed_at)
       select t.message, d.channel, d.state, d.attempts, d.unknown_attempts, d.reason, d.settings, d.claimed_by, d.not_before,
         d.changed_at
       from ${TOLD} join messages m on m.message = t.message
       where ${mine} and ${where}
         and not exists (select 1 from deliveries o where o.message = t.message and o.channel = t.channel)`,
  ).run({ event });
  prepared(
    database,
    `delete from told_together as t where t.message in (select message from messages m where ${mine})
       and exists (select 1 from deliveries o where o.message = t.message and o.channel = t.channel)`,
  ).run({ event });
  for (const group of groups) forgetEmpty(database, group);
}

/** What tells nothing any more is not sent. */
function forgetEmpty(database: Database, together: string): void {
  prepared(
    database,
    `delete from deliveries as d where d.message = :together
       and not exists (select 1 from told_together t where t.together = d.message and t.channel = d.channel)`,
  ).run({ together });
  prepared(
    database,
    'delete from messages where message = :together and not exists (select 1 from deliveries where message = :together)',
  ).run({ together });
}
