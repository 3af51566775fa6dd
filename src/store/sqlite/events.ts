import type { EventRecord, LedgerEvent } from '../events.ts';
import type { Database } from './database.ts';
import { isReached } from './deliveries.ts';
import { messagesOf } from './messages.ts';
import { prepared } from './prepared.ts';

interface EventRow extends Omit<LedgerEvent, 'change'> {
  readonly changeTo: string | null;
  readonly changedSince: string | null;
}

/** The events of a signal with all that was said of them, oldest first. */
export function eventsOf(database: Database, signal: string): EventRecord[] {
  const events = prepared(
    database,
    `select event as id, session, status, gone_since as goneSince, change_to as changeTo, changed_since as changedSince
       from events where signal = ? order by session`,
  ).all(signal) as EventRow[];
  return events.map(({ changeTo, changedSince, ...event }) => ({
    ...event,
    change: changeTo === null || changedSince === null ? null : { to: changeTo, since: changedSince },
    messages: messagesOf(database, event.id),
    reached: isReached(database, event.id),
  }));
}

export function putEvent(database: Database, signal: string, event: LedgerEvent): void {
  const { id, session, status, goneSince, change } = event;
  prepared(
    database,
    `insert into events (event, signal, session, status, gone_since, change_to, changed_since) values (?, ?, ?, ?, ?, ?, ?)
       on conflict (event) do update set status = excluded.status, gone_since = excluded.gone_since,
         change_to = excluded.change_to, changed_since = excluded.changed_since`,
  ).run(id, signal, session, status, goneSince, change?.to, change?.since);
}
