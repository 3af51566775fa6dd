import type { MessageKind, Receipt } from '../../message/message.ts';
import type { Delivery, Posting, ProvenDelivery } from '../deliveries.ts';
import type { Queries } from './postgres.ts';
import { restoredAt } from './restored.ts';

const DELIVERIES = `
  select d.message, m.kind, d.channel, d.state, d.attempts, d.unknown_attempts as "unknownAttempts", d.reason,
    d.settings as fingerprint, d.not_before as "notBefore", m.created_at as "decidedAt", d.changed_at as "changedAt",
    coalesce(e.gone_since is not null or (e.status = 'retracted' and m.kind <> 'retraction'), false) as "inDoubt",
    exists (select 1 from deliveries o where o.message = d.message and o.channel not in (d.channel, 'folder') and o.state = 'sent')
      as elsewhere,
    exists (select 1 from facts where name = 'restored' and value >= d.changed_at) as restored,
    p.since as "pausedSince", p.until as "pausedUntil"
  from deliveries d join messages m using (message) left join events e using (event)
    left join pauses p on p.channel = d.channel`;
const OLDEST_FIRST = 'order by m.created_at, m.position, d.channel';

/** It arrived, or may have: also when a later attempt was refused. */
export const REACHED = "(state in ('sent', 'sending', 'unknown') or unknown_attempts > 0)";

interface DeliveryRow extends Omit<Delivery, 'pause'> {
  readonly pausedSince: string | null;
  readonly pausedUntil: string | null;
}

/** Adds the deliveries of a message that was just written. What was due before a restore may have been sent. */
export async function addDeliveries(queries: Queries, posting: Posting): Promise<void> {
  const { message, event, channels, alsoWherePosted, dueAt = message.createdAt } = posting;
  const named = channels === 'reached' ? await reachedChannels(queries, event) : channels;
  const to = alsoWherePosted ? new Set([...named, ...(await postedChannels(queries, event))]) : named;
  const restored = await restoredAt(queries);
  const [state, attempts, reason] =
    restored !== undefined && dueAt <= restored
      ? ['unknown', 1, 'it may have been sent before the database was restored']
      : ['pending', 0, null];
  await queries.changes(
    `insert into deliveries (message, channel, state, unknown_attempts, reason, changed_at)
       select $1, channel, $3, $4, $5, $6 from unnest($2::text[]) as c (channel)`,
    message.id,
    [...to],
    state,
    attempts,
    reason,
    message.createdAt,
  );
}

/** The deliveries that are not sent, oldest message first. */
export async function unsent({ rows }: Queries): Promise<Delivery[]> {
  return (await rows<DeliveryRow>(`${DELIVERIES} where d.state <> 'sent' ${OLDEST_FIRST}`)).map(toDelivery);
}

/** The deliveries of some messages, whatever their state. */
export async function deliveriesOf({ rows }: Queries, messages: readonly string[]): Promise<Delivery[]> {
  return (await rows<DeliveryRow>(`${DELIVERIES} where d.message = any($1) ${OLDEST_FIRST}`, messages)).map(toDelivery);
}

/** How a message arrived on a channel; null where it did not. */
export async function receiptOf({ row }: Queries, message: string, channel: string): Promise<Receipt | null> {
  const found = await row<{ receipt: string | null }>(
    'select receipt from deliveries where message = $1 and channel = $2',
    message,
    channel,
  );
  return found?.receipt == null ? null : (JSON.parse(found.receipt) as Receipt);
}

/** The channels that some message of an event reached, or may have. */
export async function reachedChannels({ rows }: Queries, event: string | null): Promise<string[]> {
  const reached = await rows<{ channel: string }>(
    `select distinct channel from deliveries join messages using (message)
       where event = $1 and ${REACHED} order by channel`,
    event,
  );
  return reached.map(({ channel }) => channel);
}

/** The channels that some message of an event was posted to, whatever became of it. */
async function postedChannels({ rows }: Queries, event: string | null): Promise<string[]> {
  const posted = await rows<{ channel: string }>(
    'select distinct channel from deliveries join messages using (message) where event = $1 order by channel',
    event,
  );
  return posted.map(({ channel }) => channel);
}

/** Per channel the newest message that surely arrived. */
export function provenDeliveries({ rows }: Queries): Promise<ProvenDelivery[]> {
  return rows<ProvenDelivery>(
    `select distinct on (channel) channel, message, changed_at as at from deliveries where state = 'sent'
       order by channel, changed_at desc, message`,
  );
}

/** When the newest message of a kind up to an instant that some channel was tried with was decided. */
export async function lastTried({ row }: Queries, kind: MessageKind, until: string): Promise<string | undefined> {
  const found = await row<{ decided: string | null }>(
    `select max(created_at) as decided from messages join deliveries using (message)
       where kind = $1 and attempts > 0 and created_at <= $2`,
    kind,
    until,
  );
  return found?.decided ?? undefined;
}

function toDelivery({ pausedSince, pausedUntil, ...delivery }: DeliveryRow): Delivery {
  const { channel } = delivery;
  return { ...delivery, pause: pausedSince === null ? null : { channel, since: pausedSince, until: pausedUntil } };
}
