import type { Message } from '../../message/message.ts';
import type { Queries } from './postgres.ts';

/** The deliveries of messages that tell many events, each with the messages that it tells on its channel. */
export const TOLD = 'told_together t join deliveries d on d.message = t.together and d.channel = t.channel';

/** Notes what a message tells on some channels. */
export async function noteTold(
  { changes }: Queries,
  { id, tells = [] }: Message,
  channels: readonly string[],
): Promise<void> {
  if (tells.length === 0) return;
  await changes(
    `insert into told_together (message, channel, together, position)
       select m.message, c.channel, $1, m.position from unnest($2::text[]) with ordinality as m (message, position),
         unnest($3::text[]) as c (channel)`,
    id,
    tells,
    channels,
  );
}

/** The messages that one tells on a channel, in the order of its table; without a channel all that it tells anywhere. */
export async function toldIn({ rows }: Queries, together: string, channel?: string): Promise<string[]> {
  const told = await rows<{ message: string }>(
    `select message from told_together where together = $1 and ($2::text is null or channel = $2)
       group by message order by min(position)`,
    together,
    channel ?? null,
  );
  return told.map(({ message }) => message);
}

/** The message in which another one is told on a channel; itself, where that is not together with others. */
export async function toldAs({ row }: Queries, message: string, channel: string): Promise<string> {
  const found = await row<{ together: string }>(
    `select together from told_together where message = $1 and channel = $2
       and not exists (select 1 from deliveries where message = $1 and channel = $2)`,
    message,
    channel,
  );
  return found?.together ?? message;
}

/**
 * Takes the messages of an event out of those that tell it with others, wherever these have not arrived: from now on it has
 * deliveries of its own there, which are as far as the common ones were.
 * @param where which of the common deliveries, as a condition on them
 */
export async function tellAlone({ changes, rows }: Queries, event: string, where: string): Promise<void> {
  const groups = await rows<{ together: string }>(
    'select distinct t.together from messages m join told_together t using (message) where m.event = $1',
    event,
  );
  if (groups.length === 0) return;
  await changes(
    `insert into deliveries (message, channel, state, attempts, unknown_attempts, reason, settings, claimed_by,
         may_arrive_until, not_before, changed_at)
       select t.message, d.channel, d.state, d.attempts, d.unknown_attempts, d.reason, d.settings, d.claimed_by,
         d.may_arrive_until, d.not_before, d.changed_at
       from ${TOLD} join messages m on m.message = t.message
       where m.event = $1 and ${where}
       on conflict (message, channel) do nothing`,
    event,
  );
  await changes(
    `delete from told_together t where t.message in (select message from messages where event = $1)
       and exists (select 1 from deliveries o where o.message = t.message and o.channel = t.channel)`,
    event,
  );
  // What tells nothing any more is not sent.
  const ids = groups.map(({ together }) => together);
  await changes(
    `delete from deliveries d where d.message = any($1)
       and not exists (select 1 from told_together t where t.together = d.message and t.channel = d.channel)`,
    ids,
  );
  await changes(
    'delete from messages m where m.message = any($1) and not exists (select 1 from deliveries d where d.message = m.message)',
    ids,
  );
}
