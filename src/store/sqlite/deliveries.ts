import type { MessageKind, Receipt } from '../../message/message.ts';
import type { Delivery, Posting, ProvenDelivery } from '../deliveries.ts';
import type { Database } from './database.ts';
import { orUndefined, prepared } from './prepared.ts';
import { restoredAt } from './restored.ts';

const DELIVERIES = `
  select d.message, m.kind, d.channel, d.state, d.attempts, d.unknown_attempts as unknownAttempts, d.reason, d.settings as fingerprint,
    d.not_before as notBefore, m.created_at as decidedAt, d.changed_at as changedAt,
    e.gone_since is not null or (e.status = 'retracted' and m.kind <> 'retraction') as inDoubt,
    exists (select 1 from deliveries o where o.message = d.message and o.channel not in (d.channel, 'folder') and o.state = 'sent')
      as elsewhere,
    exists (select 1 from facts where name = 'restored' and value >= d.changed_at) as restored,
    p.since as pausedSince, p.until as pausedUntil
  from deliveries d join messages m using (message) left join events e using (event) left join pauses p using (channel)`;
const OLDEST_FIRST = 'order by m.created_at, m.rowid, d.channel';

/** It arrived, or may have: also when a later attempt was refused. */
export const REACHED = "(state in ('sent', 'sending', 'unknown') or unknown_attempts > 0)";
const IS_REACHED = `select 1 from deliveries join messages using (message) where event = ? and ${REACHED}`;

interface DeliveryRow extends Omit<Delivery, 'inDoubt' | 'elsewhere' | 'restored' | 'pause'> {
  readonly inDoubt: 0 | 1 | null;
  readonly elsewhere: 0 | 1;
  readonly restored: 0 | 1;
  readonly pausedSince: string | null;
  readonly pausedUntil: string | null;
}

/** Adds the deliveries of a message that was just written. What was due before a restore may have been sent. */
export function addDeliveries(
  database: Database,
  { message, event, channels, alsoWherePosted, dueAt = message.createdAt }: Posting,
): void {
  const named = channels === 'reached' ? reachedChannels(database, event) : channels;
  const to = alsoWherePosted ? new Set([...named, ...postedChannels(database, event)]) : named;
  const restored = restoredAt(database);
  const insert = prepared(
    database,
    restored !== undefined && dueAt <= restored
      ? `insert into deliveries (message, channel, state, unknown_attempts, reason, changed_at)
           values (?, ?, 'unknown', 1, 'it may have been sent before the database was restored', ?)`
      : "insert into deliveries (message, channel, state, changed_at) values (?, ?, 'pending', ?)",
  );
  for (const channel of to) insert.run(message.id, channel, message.createdAt);
}

/** The deliveries that are not sent, oldest message first. */
export function unsent(database: Database): Delivery[] {
  return prepared(database, `${DELIVERIES} where d.state <> 'sent' ${OLDEST_FIRST}`).all().map(toDelivery);
}

/** The deliveries of some messages, whatever their state. */
export function deliveriesOf(database: Database, messages: readonly string[]): Delivery[] {
  return prepared(database, `${DELIVERIES} where d.message in (select value from json_each(?)) ${OLDEST_FIRST}`)
    .all(JSON.stringify(messages))
    .map(toDelivery);
}

/** How a message arrived on a channel; null where it did not. */
export function receiptOf(database: Database, message: string, channel: string): Receipt | null {
  const text = prepared(database, 'select receipt from deliveries where message = ? and channel = ?')
    .pluck()
    .get(message, channel);
  return typeof text === 'string' ? (JSON.parse(text) as Receipt) : null;
}

/** The channels that some message of an event reached, or may have. */
export function reachedChannels(database: Database, event: string | null): string[] {
  return prepared(
    database,
    `select distinct channel from deliveries join messages using (message)
       where event = ? and ${REACHED} order by channel`,
  )
    .pluck()
    .all(event) as string[];
}

/** The channels that some message of an event was posted to, whatever became of it. */
function postedChannels(database: Database, event: string | null): string[] {
  return prepared(
    database,
    'select distinct channel from deliveries join messages using (message) where event = ? order by channel',
  )
    .pluck()
    .all(event) as string[];
}

/** True when a message of the event arrived somewhere, or may have. */
export function isReached(database: Database, event: string): boolean {
  return prepared(database, IS_REACHED).get(event) !== undefined;
}

/** Per channel the newest message that surely arrived. */
export function provenDeliveries(database: Database): ProvenDelivery[] {
  return prepared(
    database,
    // SQLite takes the other columns from the row that has the maximum.
    `select channel, message, max(changed_at) as at from deliveries where state = 'sent' group by channel order by channel`,
  ).all() as ProvenDelivery[];
}

/** When the newest message of a kind up to an instant that some channel was tried with was decided. */
export function lastTried(database: Database, kind: MessageKind, until: string): string | undefined {
  const decided = prepared(
    database,
    'select max(created_at) from messages join deliveries using (message) where kind = ? and attempts > 0 and created_at <= ?',
  ).pluck();
  return orUndefined<string>(decided.get(kind, until));
}

function toDelivery(row: unknown): Delivery {
  const { inDoubt, elsewhere, restored, pausedSince, pausedUntil, ...delivery } = row as DeliveryRow;
  const { channel } = delivery;
  const pause = pausedSince === null ? null : { channel, since: pausedSince, until: pausedUntil };
  return { ...delivery, inDoubt: inDoubt === 1, elsewhere: elsewhere === 1, restored: restored === 1, pause };
}
