import type { Session } from '../../market/close.ts';
import type { Decision, SignalRecord } from '../events.ts';
import type { Database } from './database.ts';
import { eventsOf } from './events.ts';
import { prepared } from './prepared.ts';

/** What is known of a signal; undefined before its first evaluated run. */
export function signalRecord(database: Database, signal: string): SignalRecord | undefined {
  const row = prepared(
    database,
    `select settings as fingerprint, baseline_session as baselineSession, evaluated_session as evaluatedSession, evaluated_at as evaluatedAt
       from signals where signal = ?`,
  ).get(signal) as Omit<SignalRecord, 'events'> | undefined;
  return row && { ...row, events: eventsOf(database, signal) };
}

/** The newest session that any signal was evaluated at. */
export function newestEvaluated(database: Database): Session | undefined {
  const newest = prepared(database, 'select max(evaluated_session) from signals').pluck().get();
  return typeof newest === 'string' ? newest : undefined;
}

export function putSignal(database: Database, decision: Decision): void {
  const { signal, fingerprint, baselineSession, evaluatedSession, evaluatedAt } = decision;
  prepared(
    database,
    'insert or replace into signals (signal, settings, baseline_session, evaluated_session, evaluated_at) values (?, ?, ?, ?, ?)',
  ).run(signal, fingerprint, baselineSession, evaluatedSession, evaluatedAt);
}
