import type { Decision, SignalRecord } from '../store/events.ts';
import type { Evaluation } from './evaluation.ts';
import { knownEvent } from './known-event.ts';
import { newEvent } from './new-event.ts';

/**
 * Compares what the closes say with what the ledger says and decides what to tell (docs/architecture.md, "Detection", "First run",
 * "Corrections"). A change of what was told waits until the readings agree on it (`pending-change.ts`). Pure: it writes and
 * sends nothing.
 * @throws {TypeError} where the index has no close at all
 */
export function reconcile(evaluation: Evaluation, record: SignalRecord | undefined): Decision {
  const { labels, detection, fingerprint, now } = evaluation;
  const session = detection.state?.session;
  if (session === undefined) throw new TypeError(`${labels.signal.id} cannot be evaluated without a close`);
  const sameRule = record?.fingerprint === fingerprint;
  const baseline = sameRule ? record.baselineSession : session;
  const known = record === undefined ? [] : record.events.filter(({ status }) => status !== 'cancelled');
  const changesOfKnown = known.map((event) => knownEvent(evaluation, event, record as SignalRecord));
  const told = new Set(known.map((event) => event.session));
  const standing = known.map((event, position) => ({ ...event, ...changesOfKnown[position]?.event }));
  const changes = [
    ...changesOfKnown,
    ...detection.events
      .filter((event) => !told.has(event.session))
      .map((event) => newEvent(evaluation, event.session, { baseline, record, standing })),
  ];
  return {
    signal: labels.signal.id,
    fingerprint,
    baselineSession: baseline,
    evaluatedSession: session,
    // A run that could not read has not looked.
    evaluatedAt: evaluation.readSessions === undefined && record ? record.evaluatedAt : new Date(now).toISOString(),
    events: changes.flatMap(({ event }) => event ?? []),
    messages: changes.flatMap(({ posting }) => posting ?? []),
    rewritten: changes.flatMap(({ rewritten }) => rewritten ?? []),
    withdrawn: changes.flatMap(({ withdrawn }) => withdrawn ?? []),
    waiting: changes.flatMap(({ waiting }) => waiting ?? []),
  };
}
