import type { MessageKind, Receipt } from '../../message/message.ts';
import type { Delivery, Posting, ProvenDelivery } from '../deliveries.ts';
import type { Database } from './database.ts';
import { orUndefined, prepared } from './prepared.ts';
import { restoredAt } from './restored.ts';
import { noteTold, TOLD, toldAs } from './told-together.ts';

/** Columns of deliveries `d` of the messages `m`, which may be told in another one, whose delivery `d` is then. */
const COLUMNS = `
  m.message as message, m.kind, d.channel as channel, d.state, d.attempts, d.unknown_attempts as unknownAttempts, d.reason, d.settings as fingerprint,
    d.not_before as notBefore, m.created_at as decidedAt, d.changed_at as changedAt, m.rowid as position,
    case when m.event is not null then ${inDoubt('e', 'm')}
      else exists (select 1 from told_together g join messages gm on gm.message = g.message join events ge on ge.event = gm.event
        where g.together = d.message and g.channel = d.channel and ${inDoubt('ge', 'gm')}) end as inDoubt,
    exists (select 1 from deliveries o where o.message = m.message and o.channel not in (d.channel, 'folder') and o.state = 'sent')
      or exists (select 1 from told_together ot join deliveries o on o.message = ot.together and o.channel = ot.channel
        where ot.message = m.message and o.channel not in (d.channel, 'folder') and o.state = 'sent') as elsewhere,
    exists (select 1 from facts where name = 'restored' and value >= d.changed_at) as restored,
    p.since as pausedSince, p.until as pausedUntil`;
const OF_EVENT = 'left join events e on e.event = m.event left join pauses p on p.channel = d.channel';
const DELIVERIES = `select ${COLUMNS} from deliveries d join messages m on m.message = d.message ${OF_EVENT}`;
const TOLD_DELIVERIES = `select ${COLUMNS} from ${TOLD} join messages m on m.message = t.message ${OF_EVENT}`;
const OLDEST_FIRST = 'order by decidedAt, position, channel';

/** It arrived, or may have: also when a later attempt was refused. */
export const REACHED = "(state in ('sent', 'sending', 'unknown') or unknown_attempts > 0)";
/** The deliveries `d` of the messages of an event, each by itself or told in another one. */
const OF_MESSAGES = [
  'select d.* from deliveries d join messages m on m.message = d.message where m.event = :event',
  `select d.* from messages m join told_together t on t.message = m.message
     join deliveries d on d.message = t.together and d.channel = t.channel where m.event = :event`,
];

interface DeliveryRow extends Omit<Delivery, 'inDoubt' | 'elsewhere' | 'restored' | 'pause'> {
  readonly inDoubt: 0 | 1 | null;
  readonly position?: number;
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
  noteTold(database, message, to);
}

/** The deliveries that are not sent, oldest message first. */
export function unsent(database: Database): Delivery[] {
  return prepared(database, `${DELIVERIES} where d.state <> 'sent' ${OLDEST_FIRST}`).all().map(toDelivery);
}

/** The deliveries of some messages, whatever their state. */
export function deliveriesOf(database: Database, messages: readonly string[]): Delivery[] {
  const are = 'in (select value from json_each(:messages))';
  return prepared(
    database,
    `${DELIVERIES} where d.message ${are} union all ${TOLD_DELIVERIES} where t.message ${are} ${OLDEST_FIRST}`,
  )
    .all({ messages: JSON.stringify(messages) })
    .map(toDelivery);
}

/** How a message arrived on a channel; null where it did not. */
export function receiptOf(database: Database, message: string, channel: string): Receipt | null {
  const text = prepared(database, 'select receipt from deliveries where message = ? and channel = ?')
    .pluck()
    .get(toldAs(database, message, channel), channel);
  return typeof text === 'string' ? (JSON.parse(text) as Receipt) : null;
}

/** The channels that some message of an event reached, or may have. */
export function reachedChannels(database: Database, event: string | null): string[] {
  return channelsOf(database, event, REACHED);
}

/** The channels that some message of an event was posted to, whatever became of it. */
export function postedChannels(database: Database, event: string | null): string[] {
  return channelsOf(database, event, 'true');
}

function channelsOf(database: Database, event: string | null, where: string): string[] {
  const channels = OF_MESSAGES.map((some) => `select channel from (${some}) where ${where}`).join(' union ');
  return prepared(database, `${channels} order by channel`).pluck().all({ event }) as string[];
}

/** True when a message of the event arrived somewhere, or may have. */
export function isReached(database: Database, event: string): boolean {
  const any = OF_MESSAGES.map((some) => `exists (select 1 from (${some}) where ${REACHED})`).join(' or ');
  return prepared(database, `select ${any}`).pluck().get({ event }) === 1;
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
  const { inDoubt, elsewhere, restored, pausedSince, pausedUntil, position: _, ...delivery } = row as DeliveryRow;
  const { channel } = delivery;
  const pause = pausedSince === null ? null : { channel, since: pausedSince, until: pausedUntil };
  return { ...delivery, inDoubt: inDoubt === 1, elsewhere: elsewhere === 1, restored: restored === 1, pause };
}

/** While a reading lacks an event, and once that was told. */
function inDoubt(event: string, message: string): string {
  return `(${event}.gone_since is not null or (${event}.status = 'retracted' and ${message}.kind <> 'retraction'))`;
}
