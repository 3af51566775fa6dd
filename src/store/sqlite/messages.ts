import type { Message, MessageKind } from '../../message/message.ts';
import type { Posting } from '../deliveries.ts';
import type { Database } from './database.ts';
import { addDeliveries, REACHED } from './deliveries.ts';
import { prepared } from './prepared.ts';
import { TOLD, tellAlone } from './told-together.ts';

/** Writes a message and its deliveries. */
export function post(database: Database, posting: Posting): void {
  const { message, event } = posting;
  prepared(database, 'insert into messages (message, event, kind, created_at, body) values (?, ?, ?, ?, ?)').run(
    message.id,
    event,
    message.kind,
    message.createdAt,
    JSON.stringify(message),
  );
  addDeliveries(database, posting);
}

/** The same; a message that is there already is left alone. */
export function postOnce(database: Database, posting: Posting): void {
  const there = prepared(database, 'select 1 from messages where message = ?').get(posting.message.id);
  if (there === undefined) post(database, posting);
}

/** Writes the newest form of a message over the one that is there. */
export function rewrite(database: Database, message: Message): void {
  prepared(database, 'update messages set body = ? where message = ?').run(JSON.stringify(message), message.id);
}

/** Takes back the messages of an event wherever they have not arrived. */
export function withdraw(database: Database, event: string): void {
  tellAlone(database, event, "d.state <> 'sent'");
  prepared(
    database,
    `delete from deliveries where not ${REACHED} and message in (select message from messages where event = ?)`,
  ).run(event);
  // What nobody was ever sent leaves its id free for the day the event returns.
  prepared(
    database,
    `delete from messages where event = ? and message not in (select message from deliveries)
       and message not in (select message from told_together)`,
  ).run(event);
}

/**
 * Takes back a warning and its repeats wherever they have not arrived.
 * @returns the channels that they reached, or may have
 */
export function withdrawWarning(database: Database, warning: string): string[] {
  // With /again, /again-2, /again-3 …: what comes before `/agaio` in the order of bytes.
  const warnings = "message = :warning or (message >= :warning || '/again' and message < :warning || '/agaio')";
  prepared(database, `delete from deliveries where (${warnings}) and not ${REACHED}`).run({ warning });
  const reached = prepared(database, `select distinct channel from deliveries where (${warnings}) order by channel`)
    .pluck()
    .all({ warning }) as string[];
  // What nobody was ever sent leaves its id free for the day the trouble returns.
  prepared(
    database,
    `delete from messages where (${warnings}) and message not in (select message from deliveries)`,
  ).run({ warning });
  return reached;
}

export function findMessage(database: Database, id: string): Message | undefined {
  const body = prepared(database, 'select body from messages where message = ?').pluck().get(id) as string | undefined;
  return body === undefined ? undefined : toMessage(body);
}

/** The newest messages of all kinds, newest first. */
export function newestMessages(database: Database, limit: number): Message[] {
  const newest = prepared(database, 'select body from messages order by created_at desc, rowid desc limit ?').pluck();
  return (newest.all(limit) as string[]).map(toMessage);
}

const ARRIVED = "(d.state = 'sent' or d.unknown_attempts > 0)";

/** The newest messages of some kinds that arrived somewhere, or may have. One that is just being sent may be refused. */
export function arrivedMessages(database: Database, kinds: readonly MessageKind[], limit: number): Message[] {
  const bodies = prepared(
    database,
    `select body from messages m where kind in (select value from json_each(?))
       and not exists (select 1 from told_together g where g.together = m.message)
       and (exists (select 1 from deliveries d where d.message = m.message and ${ARRIVED})
         or exists (select 1 from ${TOLD} where t.message = m.message and ${ARRIVED}))
     order by created_at desc, rowid desc limit ?`,
  ).pluck();
  return (bodies.all(JSON.stringify(kinds), limit) as string[]).map(toMessage);
}

/** The messages of a kind that were decided since an instant and go somewhere by themselves, oldest first. */
export function messagesSince(database: Database, kind: MessageKind, since: string): Message[] {
  const later = prepared(
    database,
    `select body from messages m where kind = ? and created_at >= ?
       and exists (select 1 from deliveries d where d.message = m.message) order by created_at, rowid`,
  ).pluck();
  return (later.all(kind, since) as string[]).map(toMessage);
}

/** The messages of an event, oldest first. */
export function messagesOf(database: Database, event: string): Message[] {
  const bodies = prepared(database, 'select body from messages where event = ? order by created_at, rowid').pluck();
  return (bodies.all(event) as string[]).map(toMessage);
}

function toMessage(body: string): Message {
  return JSON.parse(body) as Message;
}
