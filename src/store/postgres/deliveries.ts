import type { MessageKind, Receipt } from '../../message/message.ts';
import type { Delivery, Posting, ProvenDelivery } from '../deliveries.ts';
import type { Queries } from './postgres.ts';
import { restoredAt } from './restored.ts';
import { noteTold, TOLD, toldAs } from './told-together.ts';

/** Columns of deliveries `d` of the messages `m`, which may be told in another one, whose delivery `d` is then. */
const COLUMNS = `
  m.message as message, m.kind, d.channel as channel, d.state, d.attempts, d.unknown_attempts as "unknownAttempts", d.reason,
    d.settings as fingerprint, d.not_before as "notBefore", m.created_at as "decidedAt", d.changed_at as "changedAt", m.position,
    case when m.event is not null then coalesce(${inDoubt('e', 'm')}, false)
      else exists (select 1 from told_together g join messages gm on gm.message = g.message join events ge on ge.event = gm.event
        where g.together = d.message and g.channel = d.channel and ${inDoubt('ge', 'gm')}) end as "inDoubt",
    exists (select 1 from deliveries o where o.message = m.message and o.channel not in (d.channel, 'folder') and o.state = 'sent')
      or exists (select 1 from told_together ot join deliveries o on o.message = ot.together and o.channel = ot.channel
        where ot.message = m.message and o.channel not in (d.channel, 'folder') and o.state = 'sent') as elsewhere,
    exists (select 1 from facts where name = 'restored' and value >= d.changed_at) as restored,
    p.since as "pausedSince", p.until as "pausedUntil"`;
const OF_EVENT = 'left join events e on e.event = m.event left join pauses p on p.channel = d.channel';
const DELIVERIES = `select ${COLUMNS} from deliveries d join messages m on m.message = d.message ${OF_EVENT}`;
const TOLD_DELIVERIES = `select ${COLUMNS} from ${TOLD} join messages m on m.message = t.message ${OF_EVENT}`;
const OLDEST_FIRST = 'order by "decidedAt", position, channel';

/** It arrived, or may have: also when a later attempt was refused. */
export const REACHED = "(state in ('sent', 'sending', 'unknown') or unknown_attempts > 0)";

/** The deliveries `d` of the messages of an event, each by itself or told in another one. */
const OF_MESSAGES = [
  'select d.* from deliveries d join messages m on m.message = d.message where m.event = $1',
  `select d.* from ${TOLD} join messages m on m.message = t.message where m.event = $1`,
];

interface DeliveryRow extends Omit<Delivery, 'pause'> {
  readonly position?: number;
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
  await noteTold(queries, message, [...to]);
}

/** The deliveries that are not sent, oldest message first. */
export async function unsent({ rows }: Queries): Promise<Delivery[]> {
  return (await rows<DeliveryRow>(`${DELIVERIES} where d.state <> 'sent' ${OLDEST_FIRST}`)).map(toDelivery);
}

/** The deliveries of some messages, whatever their state. */
export async function deliveriesOf({ rows }: Queries, messages: readonly string[]): Promise<Delivery[]> {
  const found = await rows<DeliveryRow>(
    `${DELIVERIES} where d.message = any($1) union all ${TOLD_DELIVERIES} where t.message = any($1) ${OLDEST_FIRST}`,
    messages,
  );
  return found.map(toDelivery);
}

/** How a message arrived on a channel; null where it did not. */
export async function receiptOf(queries: Queries, message: string, channel: string): Promise<Receipt | null> {
  const found = await queries.row<{ receipt: string | null }>(
    'select receipt from deliveries where message = $1 and channel = $2',
    await toldAs(queries, message, channel),
    channel,
  );
  return found?.receipt == null ? null : (JSON.parse(found.receipt) as Receipt);
}

/** The channels that some message of an event reached, or may have. */
export function reachedChannels(queries: Queries, event: string | null): Promise<string[]> {
  return channelsOf(queries, event, REACHED);
}

/** The channels that some message of an event was posted to, whatever became of it. */
export function postedChannels(queries: Queries, event: string | null): Promise<string[]> {
  return channelsOf(queries, event, 'true');
}

async function channelsOf({ rows }: Queries, event: string | null, where: string): Promise<string[]> {
  const some = OF_MESSAGES.map((deliveries) => `select channel from (${deliveries}) as d where ${where}`);
  const found = await rows<{ channel: string }>(`${some.join(' union ')} order by channel`, event);
  return found.map(({ channel }) => channel);
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

function toDelivery({ pausedSince, pausedUntil, position: _, ...delivery }: DeliveryRow): Delivery {
  const { channel } = delivery;
  return { ...delivery, pause: pausedSince === null ? null : { channel, since: pausedSince, until: pausedUntil } };
}

/** While a reading lacks an event, and once that was told. */
function inDoubt(event: string, message: string): string {
  return `(${event}.gone_since is not null or (${event}.status = 'retracted' and ${message}.kind <> 'retraction'))`;
}
