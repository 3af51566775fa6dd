import type { Session } from '../market/close.ts';
import { type Exchange, NEW_YORK } from '../market/exchange.ts';
import type { KnownClose, Revision } from '../market/known-close.ts';
import { CLOSE_LAG_MS } from '../market/new-york.ts';
import { daysBetween } from '../market/session.ts';
import type { Testimony } from '../market/witness.ts';
import { alertMessage, eventId, type SignalLabels } from '../message/alert.ts';
import { changedFigures, correctionMessage } from '../message/correction.ts';
import { date, instant, points } from '../message/format.ts';
import type { Message } from '../message/message.ts';
import { retractionMessage } from '../message/retraction.ts';
import { doubtIn } from '../message/witnessed.ts';
import { type Detection, detect } from '../signal/first-record.ts';
import type { Posting } from '../store/deliveries.ts';
import type { Decision, EventRecord, LedgerEvent, PendingChange, SignalRecord } from '../store/events.ts';
import { type EventStudy, eventStudyAt } from '../study/event-study.ts';
import { historyOf, type SignalCloses } from '../study/signal-closes.ts';
import { GONE, isInDoubt, isOfOneQuietPeriod, nextOfChange, rivalsOf } from './pending-change.ts';

/** An event of a first run is news only this many calendar days after its session. */
const NEWS_DAYS = 7;

/** Everything one evaluation of one signal is made from. */
export interface Evaluation {
  readonly labels: SignalLabels;
  readonly closes: SignalCloses;
  readonly detection: Detection;
  /** The same with each value that waits for its second reading believed already; absent: none does. */
  readonly asRead?: View;
  /** Mark of everything that the rule depends on. */
  readonly fingerprint: string;
  /** True where a whole history was restated lately: what that changes waits as long as in a dispute. */
  readonly newlyRestated: boolean;
  /** The sessions of the index that this run read a value of, ascending; undefined: it read nothing. */
  readonly readSessions: ReadonlySet<Session> | undefined;
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

/** Closes and what they make of the signal. */
export interface View {
  readonly closes: SignalCloses;
  readonly detection: Detection;
}

/**
 * Compares what the closes say with what the ledger says and decides what to tell (DESIGN 4, "Detection", "First run",
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

/** What one event changes; nothing where everything stands as told. */
interface Change {
  readonly event?: LedgerEvent;
  readonly posting?: Posting;
  readonly rewritten?: Message;
  readonly withdrawn?: string;
  /** The session of an event that is not told yet, as the readings disagree. */
  readonly waiting?: Session;
}

interface Watch {
  readonly baseline: Session;
  readonly record: SignalRecord | undefined;
  /** The events that are known already, as this run leaves them. */
  readonly standing: readonly EventRecord[];
}

function newEvent(evaluation: Evaluation, session: Session, { baseline, record, standing }: Watch): Change {
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

function knownEvent(evaluation: Evaluation, known: EventRecord, record: SignalRecord): Change {
  const { id, session, status, messages, reached } = known;
  const { first, told } = statementsOf(messages);
  const found = isEvent(evaluation, session);
  const sameRule = record.fingerprint === evaluation.fingerprint;
  const become = (next: Partial<LedgerEvent>): LedgerEvent => ({
    ...{ id, session, status, goneSince: null, change: null },
    ...next,
  });
  const clear = known.goneSince === null && known.change === null ? {} : { event: become({}) };
  if (found) {
    if (status === 'history' || first === undefined || told === undefined) return clear;
    // A changed rule is a new baseline: what was told under the old one is history.
    if (!sameRule) return { event: become({ status: 'history' }) };
  } else {
    if (status !== 'retracted' && !reached) return { event: become({ status: 'cancelled' }), withdrawn: id };
    if (status === 'history' || (status !== 'retracted' && !sameRule))
      return { event: become({ status: 'cancelled' }) };
  }
  if (first === undefined || told === undefined || !sameRule) return {};
  const quiet = status === 'alerted' && found && evaluation.asRead === undefined && known.change === null;
  if (quiet && evaluation.unchanged?.(session)) return clear;
  const believed = sayingOf(evaluation, evaluation, known, told);
  const read = evaluation.asRead === undefined ? believed : sayingOf(evaluation, evaluation.asRead, known, told);
  if (believed === undefined || read === undefined) return {};
  if (!reached) return unseenEvent(evaluation, told, read, become, clear);

  const rivals = rivalsOf(known, record.events, evaluation.labels.signal.quietYears);
  const step = nextOfChange(known, rivals, read.to, evaluation.now, evaluation.newlyRestated);
  if (step.is === 'as told') return clear;
  if (step.is === 'waits' || believed.to !== read.to) return isSame(known.change, step.change) ? {} : pend(step.change);
  return tellChange(evaluation, known, record, believed, { first, told, become });

  function pend(change: PendingChange): Change {
    const gone = change.to === GONE && status === 'alerted';
    return { event: become({ change, goneSince: gone ? change.since : null }) };
  }
}

/** What closes say of an event that was told. */
interface Saying {
  /** The change as the ledger keeps it; null: they say what was told. */
  readonly to: string | null;
  readonly eventStudy?: EventStudy;
  /** The alert as it would be written now. */
  readonly alert?: Message;
}

/** @returns undefined where they say nothing of it: an absent close does not, only another value, read in this run */
function sayingOf(
  { labels, readSessions }: Evaluation,
  view: View,
  { session, status, messages }: EventRecord,
  told: Message,
): Saying | undefined {
  if (!isEvent(view, session)) {
    if (status === 'retracted') return { to: null };
    const close = view.closes.index.find((candidate) => candidate.session === session);
    return close === undefined || !agreesOn(session, readSessions) ? undefined : { to: GONE };
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

/** What nobody has seen is written anew at once; while the newest reading says that it is gone, it is not sent. */
function unseenEvent(
  { now }: Evaluation,
  told: Message,
  { to, alert }: Saying,
  become: (next: Partial<LedgerEvent>) => LedgerEvent,
  clear: Change,
): Change {
  const since = new Date(now).toISOString();
  if (to === GONE) return { event: become({ goneSince: since, change: { to, since } }) };
  if (to === null || alert === undefined) return clear;
  return {
    event: become({}),
    rewritten: { ...alert, notes: rewrittenNotes(told, alert), createdAt: told.createdAt },
  };
}

interface Statements {
  readonly first: Message;
  readonly told: Message;
  readonly become: (next: Partial<LedgerEvent>) => LedgerEvent;
}

/** The correction or the retraction that the readings agree on. */
function tellChange(
  { labels, closes, detection, channels }: Evaluation,
  { id, session, status, messages }: EventRecord,
  record: SignalRecord,
  { to, eventStudy, alert }: Saying,
  { first, told, become }: Statements,
): Change {
  const numberOf = (kind: Message['kind']) => messages.filter((message) => message.kind === kind).length + 1;
  if (to === GONE) {
    const close = closes.index.find((candidate) => candidate.session === session);
    const index = closes.index.filter((candidate) => candidate.session < session);
    const before = detect(historyOf(labels.signal, { ...closes, index }), labels.signal.quietYears);
    const lastRecord = before.state?.record ?? detection.state?.record;
    if (close === undefined || lastRecord === undefined) return {};
    const number = numberOf('retraction');
    const message = retractionMessage(labels, { close, record: lastRecord, told, first: first.id, number });
    const event = become({ status: 'retracted' });
    return { event, withdrawn: id, posting: { message, event: id, channels: 'reached', dueAt: record.evaluatedAt } };
  }
  if (eventStudy === undefined || alert === undefined) return {};
  const returned = status === 'retracted';
  const number = numberOf('correction');
  const message = correctionMessage(labels, eventStudy, { told, alert, first: first.id, number, returned });
  return {
    event: become({ status: 'alerted' }),
    posting: { message, event: id, channels, dueAt: record.evaluatedAt },
  };
}

function isEvent({ detection }: Pick<View, 'detection'>, session: Session): boolean {
  return detection.events.some((event) => event.session === session);
}

function isSame(a: PendingChange | null, b: PendingChange): boolean {
  return a !== null && a.to === b.to && a.since === b.since;
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
  return new Date(exchange.closingTime(session) + CLOSE_LAG_MS).toISOString();
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
  const { now, known, labels, closes } = evaluation;
  const exchange = closes.exchange ?? NEW_YORK;
  if (exchange.date(now) === session) return null;
  const { close, revisions } = known(session);
  const revision = revisions.at(-1);
  if (revision?.from.believed && revision.to.believed) {
    const { from, to } = revision;
    return `${labels.origin} revised the close from ${points(from.close)} to ${points(to.close)}, read on ${instant(Date.parse(to.readAt))}.`;
  }
  if (close?.readAt && close.firstReadAt < close.readAt) {
    return `the close was not believed at first, and only confirmed on ${instant(Date.parse(close.readAt))}.`;
  }
  const lastLook = record === undefined ? undefined : Date.parse(record.evaluatedAt);
  if (lastLook !== undefined && lastLook < exchange.closingTime(session) + CLOSE_LAG_MS) {
    return `the closes were not read between ${instant(lastLook)} and ${instant(now)}.`;
  }
  if (close !== undefined && exchange.date(Date.parse(close.firstReadAt)) > session) {
    return `${labels.origin} had no close of ${date(session)} until ${instant(Date.parse(close.firstReadAt))}.`;
  }
  return `an earlier close was revised.`;
}
