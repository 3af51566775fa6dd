import type { Session } from '../market/close.ts';
import { type Exchange, NEW_YORK } from '../market/exchange.ts';
import { CLOSE_LAG_MS } from '../market/new-york.ts';
import { daysBetween } from '../market/session.ts';
import { alertMessage, eventId } from '../message/alert.ts';
import type { EventRecord, LedgerEvent, SignalRecord } from '../store/events.ts';
import { eventStudyAt } from '../study/event-study.ts';
import type { Change } from './change.ts';
import { type Evaluation, isEvent } from './evaluation.ts';
import { isInDoubt, isOfOneQuietPeriod } from './pending-change.ts';
import { whyLate } from './why-late.ts';

/** An event of a first run is news only this many calendar days after its session. */
const NEWS_DAYS = 7;

interface Watch {
  readonly baseline: Session;
  readonly record: SignalRecord | undefined;
  /** The events that are known already, as this run leaves them. */
  readonly standing: readonly EventRecord[];
}

export function newEvent(evaluation: Evaluation, session: Session, { baseline, record, standing }: Watch): Change {
  const { labels, closes, detection, fingerprint, now, channels, asRead } = evaluation;
  const id = eventId(labels.signal.id, session);
  const exchange = closes.exchange ?? NEW_YORK;
  const age = daysBetween(session, exchange.date(now));
  const newest = detection.state?.session === session;
  const changedRule = record !== undefined && record.fingerprint !== fingerprint;
  // From before the bot watched, or from another rule: history. But the close of a first run's own week may arrive,
  // or be revised, after that run.
  const beforeWatch = session <= baseline && (age >= NEWS_DAYS || (record === undefined && !newest));
  const status = changedRule || beforeWatch ? 'history' : 'alerted';
  const event: LedgerEvent = { id, session, status, goneSince: null, change: null };
  if (status === 'history') return { event };
  // The earlier one of a quiet period decides whether a later one is an event: the readings have to agree on it first.
  const earlier = standing.filter(
    (other) => other.session < session && isOfOneQuietPeriod(other.session, session, labels.signal.quietYears),
  );
  if (asRead !== undefined && !isEvent(asRead, session)) return { waiting: session };
  if (earlier.some((other) => isInDoubt(other, now))) return { waiting: session };
  const eventStudy = eventStudyAt(labels.signal, closes, session);
  if (eventStudy === undefined) return {};
  const message = alertMessage(
    labels,
    eventStudy,
    whyLate(evaluation, session, record),
    evaluation.testimonies?.get(session),
  );
  return {
    event,
    posting: { message, event: id, channels, dueAt: laterOf(closed(exchange, session), record?.evaluatedAt) },
  };
}

/** The instant from which on a session's close counts. */
function closed(exchange: Exchange, session: Session): string {
  return new Date(exchange.closingTime(session) + CLOSE_LAG_MS).toISOString();
}

/** What a run finds now could have been found right after the one before. */
function laterOf(instant: string, evaluatedAt: string | undefined): string {
  return evaluatedAt !== undefined && evaluatedAt > instant ? evaluatedAt : instant;
}
