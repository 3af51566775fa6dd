import { SETTLE_MS } from './market/calendar.ts';
import type { Session } from './market/close.ts';
import { type Exchange, NEW_YORK } from './market/exchange.ts';
import type { KnownClose, Revision } from './market/sanity.ts';
import { daysBetween } from './market/session.ts';
import { isToCome } from './market/stamp.ts';
import type { Testimony } from './market/witness.ts';
import { alertMessage, eventId, type Telling } from './message/alert.ts';
import { changedFigures, correctionMessage } from './message/correction.ts';
import { date, instant, points } from './message/format.ts';
import type { Message } from './message/message.ts';
import { retractionMessage } from './message/retraction.ts';
import { doubtIn } from './message/witnessed.ts';
import { type Detection, detect } from './signal/first-record.ts';
import type { Decision, LedgerEvent, Posting, SignalRecord, ToldEvent } from './store/ledger.ts';
import { occasionAt } from './study/occasion.ts';
import { historyOf, type SignalCloses } from './study/signal-closes.ts';

const HOUR_MS = 3_600_000;
/** An event of a first run is news only this many calendar days after its session. */
const NEWS_DAYS = 7;

/** Everything one evaluation of one signal is made from. */
export interface Evaluation {
  readonly telling: Telling;
  readonly closes: SignalCloses;
  readonly detection: Detection;
  /** Mark of everything that the rule depends on. */
  readonly settings: string;
  /** The sessions of the index that this run read a value of, ascending; undefined: it read nothing. */
  readonly fresh: ReadonlySet<Session> | undefined;
  /** Epoch milliseconds. */
  readonly now: number;
  readonly channels: readonly string[];
  /** What is known of a session's close, to say why an event was found late. */
  readonly known: (session: Session) => {
    readonly close: KnownClose | undefined;
    readonly revisions: readonly Revision[];
  };
  /** True where nothing that an event's figures stand on has changed since they were last compared; absent: not known. */
  readonly unchanged?: (session: Session) => boolean;
  /** What a second source says of sessions whose closes make an alert; absent: it was not asked. */
  readonly testimonies?: ReadonlyMap<Session, Testimony>;
}

/**
 * Compares what the closes say with what the ledger says and decides what to tell (DESIGN 4, "Detection", "First run",
 * "Corrections"). Pure: it writes and sends nothing.
 * @throws {TypeError} where the index has no close at all
 */
export function reconcile(evaluation: Evaluation, record: SignalRecord | undefined): Decision {
  const { telling, detection, settings, now } = evaluation;
  const session = detection.state?.session;
  if (session === undefined) throw new TypeError(`${telling.signal.id} cannot be evaluated without a close`);
  const sameRule = record?.settings === settings;
  const baseline = sameRule ? record.baselineSession : session;
  const told = new Map(record?.events.map((event) => [event.session, event]));
  const found = new Set(detection.events.map((event) => event.session));
  const changes = [
    ...detection.events.map((event) => {
      const known = told.get(event.session);
      if (record === undefined || known === undefined || known.status === 'cancelled')
        return newEvent(evaluation, event.session, baseline, record);
      return knownEvent(evaluation, known, record);
    }),
    ...[...told.values()]
      .filter((event) => !found.has(event.session))
      .map((event) => goneEvent(evaluation, event, record)),
  ];
  return {
    signal: telling.signal.id,
    settings,
    baselineSession: baseline,
    evaluatedSession: session,
    // A run that could not read has not looked.
    evaluatedAt: evaluation.fresh === undefined && record ? record.evaluatedAt : new Date(now).toISOString(),
    events: changes.flatMap(({ event }) => event ?? []),
    messages: changes.flatMap(({ posting }) => posting ?? []),
    rewritten: changes.flatMap(({ rewritten }) => rewritten ?? []),
    withdrawn: changes.flatMap(({ withdrawn }) => withdrawn ?? []),
  };
}

/** What one event changes; nothing where everything stands as told. */
interface Change {
  readonly event?: LedgerEvent;
  readonly posting?: Posting;
  readonly rewritten?: Message;
  readonly withdrawn?: string;
}

function newEvent(
  evaluation: Evaluation,
  session: Session,
  baseline: Session,
  record: SignalRecord | undefined,
): Change {
  const { telling, closes, detection, settings, now, channels } = evaluation;
  const id = eventId(telling.signal.id, session);
  const exchange = closes.exchange ?? NEW_YORK;
  const age = daysBetween(session, exchange.date(now));
  const newest = detection.state?.session === session;
  const changedRule = record !== undefined && record.settings !== settings;
  // From before the bot watched, or from another rule: history. But the close of a first run's own week may arrive,
  // or be revised, after that run.
  const beforeWatch = session <= baseline && (age >= NEWS_DAYS || (record === undefined && !newest));
  const status = changedRule || beforeWatch ? 'history' : 'alerted';
  const event: LedgerEvent = { id, session, status, goneSince: null };
  if (status === 'history') return { event };
  const occasion = occasionAt(telling.signal, closes, session);
  if (occasion === undefined) return {};
  const message = alertMessage(
    telling,
    occasion,
    whyLate(evaluation, session, record),
    evaluation.testimonies?.get(session),
  );
  return {
    event,
    posting: { message, event: id, channels, dueAt: laterOf(closed(exchange, session), record?.evaluatedAt) },
  };
}

function knownEvent(evaluation: Evaluation, known: ToldEvent, record: SignalRecord): Change {
  const { telling, closes, channels } = evaluation;
  const { id, session, status, messages } = known;
  const standing = known.goneSince === null ? undefined : { id, session, status, goneSince: null };
  const { first, told } = statementsOf(messages);
  if (status === 'history' || first === undefined || told === undefined) return standing ? { event: standing } : {};

  const returned = status === 'retracted';
  // A changed rule is a new baseline: what was told under the old one is history.
  if (record.settings !== evaluation.settings) return { event: { id, session, status: 'history', goneSince: null } };
  if (!returned && evaluation.unchanged?.(session)) return standing ? { event: standing } : {};
  // The same benchmark closes as then: one that arrived later makes nothing wrong that was said.
  const occasion = occasionAt(telling.signal, closes, session, told.benchmarkTo ?? undefined);
  if (occasion === undefined) return {};
  // The witness is not asked again: what it said then is compared with the close as it is now.
  const alert = alertMessage(telling, occasion, null, messages.findLast(({ witness }) => witness)?.witness);
  const differs = changedFigures(told, alert).length > 0;
  const event: LedgerEvent = { id, session, status: 'alerted', goneSince: null };
  if (!returned && !differs) return standing ? { event: standing } : {};
  if (!known.reached)
    return { event, rewritten: { ...alert, notes: rewrittenNotes(told, alert), createdAt: told.createdAt } };
  const number = messages.filter(({ kind }) => kind === 'correction').length + 1;
  const message = correctionMessage(telling, occasion, { told, alert, first: first.id, number, returned });
  return { event, posting: { message, event: id, channels, dueAt: record.evaluatedAt } };
}

function goneEvent(evaluation: Evaluation, known: ToldEvent, record: SignalRecord | undefined): Change {
  const { telling, closes, detection, fresh, now } = evaluation;
  const { id, session, status, goneSince, messages } = known;
  const change = (next: Partial<LedgerEvent>): LedgerEvent => ({ id, session, status, goneSince, ...next });
  if (status === 'retracted' || status === 'cancelled') return {};
  if (!known.reached) return { event: change({ status: 'cancelled', goneSince: null }), withdrawn: id };
  if (status === 'history' || record?.settings !== evaluation.settings)
    return { event: change({ status: 'cancelled', goneSince: null }) };
  // An absent close says nothing about the event: only another value does, read in this run.
  const close = closes.index.find((candidate) => candidate.session === session);
  if (close === undefined || !agreesOn(session, fresh)) return {};
  if (goneSince === null || isToCome(goneSince, now))
    return { event: change({ goneSince: new Date(now).toISOString() }) };
  if (now - Date.parse(goneSince) < HOUR_MS) return {};

  const { first, told } = statementsOf(messages);
  const before = detect(
    historyOf(telling.signal, { ...closes, index: closes.index.filter((c) => c.session < session) }),
    telling.signal.quietYears,
  );
  const lastRecord = before.state?.record ?? detection.state?.record;
  if (first === undefined || told === undefined || lastRecord === undefined) return {};
  const number = messages.filter(({ kind }) => kind === 'retraction').length + 1;
  const message = retractionMessage(telling, { close, record: lastRecord, told, first: first.id, number });
  const event = change({ status: 'retracted', goneSince: null });
  return { event, withdrawn: id, posting: { message, event: id, channels: 'reached', dueAt: record.evaluatedAt } };
}

/** The notes as they were, but for the witness's: it may agree with the new close, or no longer. */
function rewrittenNotes(told: Message, alert: Message): string[] {
  const [before, now] = [doubtIn(told), doubtIn(alert)];
  return [...(now === undefined ? [] : [now]), ...told.notes.filter((note) => note !== before)];
}

/** What was said of the event itself: the first message, and the newest one that a correction is measured by. */
function statementsOf(messages: readonly Message[]) {
  const statements = messages.filter(({ kind }) => kind !== 'follow-up');
  return { first: statements[0], told: statements.at(-1) };
}

/** The instant from which on a session's close counts. */
function closed(exchange: Exchange, session: Session): string {
  return new Date(exchange.closingTime(session) + SETTLE_MS).toISOString();
}

/** What a run finds now could have been found right after the one before. */
function laterOf(instant: string, evaluatedAt: string | undefined): string {
  return evaluatedAt !== undefined && evaluatedAt > instant ? evaluatedAt : instant;
}

/** True when this run's reading has a value of the session, or did not have to reach that far back. */
function agreesOn(session: Session, reading: ReadonlySet<Session> | undefined): boolean {
  const [first] = reading ?? [];
  return first !== undefined && reading !== undefined && (session < first || reading.has(session));
}

/** Why an event was not found on its evening, as a sentence; null when it was. */
function whyLate(evaluation: Evaluation, session: Session, record: SignalRecord | undefined): string | null {
  const { now, known, telling, closes } = evaluation;
  const exchange = closes.exchange ?? NEW_YORK;
  if (exchange.date(now) === session) return null;
  const { close, revisions } = known(session);
  const revision = revisions.at(-1);
  if (revision?.from.believed && revision.to.believed) {
    const { from, to } = revision;
    return `${telling.origin} revised the close from ${points(from.close)} to ${points(to.close)}, read on ${instant(Date.parse(to.readAt))}.`;
  }
  if (close?.readAt && close.firstReadAt < close.readAt) {
    return `the close was not believed at first, and only confirmed on ${instant(Date.parse(close.readAt))}.`;
  }
  const lastLook = record === undefined ? undefined : Date.parse(record.evaluatedAt);
  if (lastLook !== undefined && lastLook < exchange.closingTime(session) + SETTLE_MS) {
    return `the closes were not read between ${instant(lastLook)} and ${instant(now)}.`;
  }
  if (close !== undefined && exchange.date(Date.parse(close.firstReadAt)) > session) {
    return `${telling.origin} had no close of ${date(session)} until ${instant(Date.parse(close.firstReadAt))}.`;
  }
  return `an earlier close was revised.`;
}
