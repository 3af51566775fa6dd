import type { Message, MessageKind } from '../../message/message.ts';
import type { Posting } from '../deliveries.ts';
import { addDeliveries, REACHED } from './deliveries.ts';
import type { Queries } from './postgres.ts';
import { TOLD, tellAlone } from './told-together.ts';

/** Writes a message and its deliveries. */
export function post(queries: Queries, posting: Posting): Promise<void> {
  return insert(queries, posting, '');
}

/** The same; a message that is there already is left alone, as are its deliveries. */
export function postOnce(queries: Queries, posting: Posting): Promise<void> {
  return insert(queries, posting, 'on conflict (message) do nothing');
}

async function insert(queries: Queries, posting: Posting, otherwise: string): Promise<void> {
  const { message, event } = posting;
  const written = await queries.changes(
    `insert into messages (message, event, kind, created_at, body) values ($1, $2, $3, $4, $5) ${otherwise}`,
    message.id,
    event,
    message.kind,
    message.createdAt,
    JSON.stringify(message),
  );
  if (written === 1) await addDeliveries(queries, posting);
}

/** Writes the newest form of a message over the one that is there. */
export async function rewrite({ changes }: Queries, message: Message): Promise<void> {
  await changes('update messages set body = $1 where message = $2', JSON.stringify(message), message.id);
}

/** Takes back the messages of an event wherever they have not arrived. */
export async function withdraw(queries: Queries, event: string): Promise<void> {
  const { changes } = queries;
  await tellAlone(queries, event, "d.state <> 'sent'");
  await changes(
    `delete from deliveries where not ${REACHED} and message in (select message from messages where event = $1)`,
    event,
  );
  // What nobody was ever sent leaves its id free for the day the event returns.
  await changes(
    `delete from messages m where event = $1 and not exists (select 1 from deliveries d where d.message = m.message)
       and not exists (select 1 from told_together t where t.message = m.message)`,
    event,
  );
}

/**
 * Takes back a warning and its repeats wherever they have not arrived.
 * @returns the channels that they reached, or may have
 */
export async function withdrawWarning({ changes, rows }: Queries, warning: string): Promise<string[]> {
  // With /again, /again-2, /again-3 …: what comes before `/agaio` in the order of bytes.
  const warnings = "(message = $1 or (message >= $1 || '/again' and message < $1 || '/agaio'))";
  await changes(`delete from deliveries where ${warnings} and not ${REACHED}`, warning);
  const reached = await rows<{ channel: string }>(
    `select distinct channel from deliveries where ${warnings} order by channel`,
    warning,
  );
  // What nobody was ever sent leaves its id free for the day the trouble returns.
  await changes(
    `delete from messages m where ${warnings.replaceAll('message', 'm.message')}
       and not exists (select 1 from deliveries d where d.message = m.message)`,
    warning,
  );
  return reached.map(({ channel }) => channel);
}

export async function findMessage({ row }: Queries, id: string): Promise<Message | undefined> {
  const found = await row<{ body: string }>('select body from messages where message = $1', id);
  return found && toMessage(found);
}

/** The newest messages of all kinds, newest first. */
export async function newestMessages({ rows }: Queries, limit: number): Promise<Message[]> {
  const newest = await rows<{ body: string }>(
    'select body from messages order by created_at desc, position desc limit $1',
    limit,
  );
  return newest.map(toMessage);
}

const ARRIVED = "(d.state = 'sent' or d.unknown_attempts > 0)";

/** The newest messages of some kinds that arrived somewhere, or may have. One that is just being sent may be refused. */
export async function arrivedMessages(
  { rows }: Queries,
  kinds: readonly MessageKind[],
  limit: number,
): Promise<Message[]> {
  const arrived = await rows<{ body: string }>(
    `select body from messages m where kind = any($1)
       and not exists (select 1 from told_together g where g.together = m.message)
       and (exists (select 1 from deliveries d where d.message = m.message and ${ARRIVED})
         or exists (select 1 from ${TOLD} where t.message = m.message and ${ARRIVED}))
     order by created_at desc, position desc limit $2`,
    kinds,
    limit,
  );
  return arrived.map(toMessage);
}

/** The messages of a kind that were decided since an instant and go somewhere by themselves, oldest first. */
export async function messagesSince({ rows }: Queries, kind: MessageKind, since: string): Promise<Message[]> {
  const later = await rows<{ body: string }>(
    `select body from messages m where kind = $1 and created_at >= $2
       and exists (select 1 from deliveries d where d.message = m.message) order by created_at, position`,
    kind,
    since,
  );
  return later.map(toMessage);
}

function toMessage({ body }: { readonly body: string }): Message {
  return JSON.parse(body) as Message;
}
