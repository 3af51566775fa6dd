import type { Session } from '../../market/close.ts';
import type { Decision, EventRecord, EventStatus, SignalRecord } from '../events.ts';
import { REACHED } from './deliveries.ts';
import type { Queries } from './postgres.ts';
import { TOLD } from './told-together.ts';

interface SignalRow extends Omit<SignalRecord, 'events'> {
  readonly events: readonly EventRow[];
}

interface EventRow extends Omit<EventRecord, 'change' | 'status'> {
  readonly status: EventStatus;
  readonly changeTo: string | null;
  readonly changedSince: string | null;
}

/** What is known of a signal, with its events and all that was said of them, in one question. */
const RECORD = `
  select s.settings as fingerprint, s.baseline_session as "baselineSession", s.evaluated_session as "evaluatedSession",
    s.evaluated_at as "evaluatedAt",
    coalesce((
      select json_agg(json_build_object(
          'id', e.event, 'session', e.session, 'status', e.status, 'goneSince', e.gone_since,
          'changeTo', e.change_to, 'changedSince', e.changed_since,
          'messages', coalesce((select json_agg(m.body::json order by m.created_at, m.position)
                                  from messages m where m.event = e.event), '[]'),
          'reached', exists (select 1 from deliveries join messages m using (message) where m.event = e.event and ${REACHED})
            or exists (select 1 from ${TOLD} join messages m on m.message = t.message where m.event = e.event and ${REACHED})
        ) order by e.session)
      from events e where e.signal = s.signal), '[]') as events
  from signals s where s.signal = $1`;

/** What is known of a signal; undefined before its first evaluated run. */
export async function signalRecord({ row }: Queries, signal: string): Promise<SignalRecord | undefined> {
  const found = await row<SignalRow>(RECORD, signal);
  return found && { ...found, events: found.events.map(toEvent) };
}

function toEvent({ changeTo, changedSince, ...event }: EventRow): EventRecord {
  const change = changeTo === null || changedSince === null ? null : { to: changeTo, since: changedSince };
  return { ...event, change };
}

/** The newest session that any signal was evaluated at. */
export async function newestEvaluated({ row }: Queries): Promise<Session | undefined> {
  const found = await row<{ newest: Session | null }>('select max(evaluated_session) as newest from signals');
  return found?.newest ?? undefined;
}

/** Writes where the signals of decisions stand, and their events, in two statements for all of them. */
export async function putSignals({ changes }: Queries, decisions: readonly Decision[]): Promise<void> {
  await changes(
    `insert into signals (signal, settings, baseline_session, evaluated_session, evaluated_at)
       select signal, fingerprint, "baselineSession", "evaluatedSession", "evaluatedAt" from json_to_recordset($1)
         as d (signal text, fingerprint text, "baselineSession" text, "evaluatedSession" text, "evaluatedAt" text)
       on conflict (signal) do update set settings = excluded.settings, baseline_session = excluded.baseline_session,
         evaluated_session = excluded.evaluated_session, evaluated_at = excluded.evaluated_at`,
    JSON.stringify(
      decisions.map(({ signal, fingerprint, baselineSession, evaluatedSession, evaluatedAt }) => ({
        signal,
        fingerprint,
        baselineSession,
        evaluatedSession,
        evaluatedAt,
      })),
    ),
  );
  const events = decisions.flatMap((decision) =>
    decision.events.map(({ id, session, status, goneSince, change }) => ({
      id,
      signal: decision.signal,
      session,
      status,
      goneSince,
      changeTo: change?.to ?? null,
      changedSince: change?.since ?? null,
    })),
  );
  if (events.length === 0) return;
  await changes(
    `insert into events (event, signal, session, status, gone_since, change_to, changed_since)
       select id, signal, session, status, "goneSince", "changeTo", "changedSince" from json_to_recordset($1)
         as e (id text, signal text, session text, status text, "goneSince" text, "changeTo" text, "changedSince" text)
       on conflict (event) do update set status = excluded.status, gone_since = excluded.gone_since,
         change_to = excluded.change_to, changed_since = excluded.changed_since`,
    JSON.stringify(events),
  );
}
