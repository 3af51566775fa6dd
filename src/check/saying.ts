import type { Session } from '../market/close.ts';
import { alertMessage } from '../message/alert.ts';
import { changedFigures } from '../message/correction.ts';
import type { Message } from '../message/message.ts';
import type { EventRecord } from '../store/events.ts';
import { importOfSession } from '../store/imports.ts';
import { type EventStudy, eventStudyAt } from '../study/event-study.ts';
import { type Evaluation, isEvent, type View } from './evaluation.ts';
import { GONE } from './pending-change.ts';

/** What closes say of an event that was told. */
export interface Saying {
  /** The change as the ledger keeps it; null: they say what was told. */
  readonly to: string | null;
  readonly eventStudy?: EventStudy;
  /** The alert as it would be written now. */
  readonly alert?: Message;
}

/**
 * @returns undefined where they say nothing of it: an absent close does not, only another value, read in this run, or that an
 * import was taken back and this run's reading does not have its session either
 */
export function sayingOf(
  { labels, readSessions, imports }: Evaluation,
  view: View,
  { session, status, messages }: EventRecord,
  told: Message,
): Saying | undefined {
  if (!isEvent(view, session)) {
    if (status === 'retracted') return { to: null };
    const close = view.closes.index.find((candidate) => candidate.session === session);
    const says = close === undefined ? isTakenBack(session, readSessions, imports) : agreesOn(session, readSessions);
    return says ? { to: GONE } : undefined;
  }
  // The same benchmark closes as then: one that arrived later makes nothing wrong that was said.
  const eventStudy = eventStudyAt(labels.signal, view.closes, session, told.benchmarkTo ?? undefined);
  if (eventStudy === undefined) return undefined;
  // The witness is not asked again: what it said then is compared with the close as it is now.
  const alert = alertMessage(labels, eventStudy, null, messages.findLast(({ witness }) => witness)?.witness);
  const changed = changedFigures(told, alert);
  const to =
    status === 'retracted' || changed.length > 0 ? JSON.stringify(changed.map(({ name, now }) => [name, now])) : null;
  return { to, eventStudy, alert };
}

/** True where the session's close was imported and taken back, and this run has read none in its place. */
function isTakenBack(
  session: Session,
  reading: ReadonlySet<Session> | undefined,
  imports: Evaluation['imports'],
): boolean {
  if (reading === undefined || reading.has(session)) return false;
  return importOfSession(imports?.() ?? [], session).takenBack;
}

/** True when this run's reading has a value of the session, or did not have to reach that far back. */
function agreesOn(session: Session, reading: ReadonlySet<Session> | undefined): boolean {
  const [first] = reading ?? [];
  return first !== undefined && reading !== undefined && (session < first || reading.has(session));
}
