import type { App } from '../app/app.ts';
import { type ReadSymbols, readWholeHistory } from '../ingest/read.ts';
import type { Session } from '../market/close.ts';
import { NEW_YORK } from '../market/exchange.ts';
import { awaitedValue } from '../market/second-reading.ts';
import { addDays } from '../market/session.ts';
import { SourceError } from '../market/source.ts';
import { eventId } from '../message/alert.ts';
import { date, points } from '../message/format.ts';
import type { Signal } from '../signal/signal.ts';
import type { Hole } from '../store/closes.ts';
import type { Decision } from '../store/events.ts';
import { isFirstToday } from '../store/sqlite/facts.ts';
import { evaluate } from './evaluate.ts';
import { type Evaluation, reconcile } from './reconcile.ts';
import type { SignalReport } from './report.ts';
import { testimoniesOf } from './testify.ts';
import { sessionToTell, type Untold } from './untold.ts';

/** How a signal is decided in one run. */
export interface Deciding {
  /** What this run read from the source. */
  readonly read: Pick<ReadSymbols, 'readSessions' | 'whole'>;
  /** Cuts by session, and decides nothing; undefined: as things stand. */
  readonly asOf: Session | undefined;
  readonly dryRun: boolean;
  readonly offline: boolean;
  /** Channels that are not set up any more and keep alerts all the same. */
  readonly forgotten: readonly string[];
}

/** What one run finds about one signal. */
export interface Verdict {
  /** Where the signal stands; undefined where no close is stored. */
  readonly state?: SignalReport;
  /** The id of the event that its newest close is. */
  readonly newest?: string;
  /** Undefined where nothing can be decided: the signal counts as not evaluated. */
  readonly decision?: Decision;
  /** What does not work, one line. */
  readonly problem?: string;
  /** True where the source could not be read, and should soon be asked again. */
  readonly unread?: true;
  /** The event that is put off, and why. */
  readonly untold?: Pick<Untold, 'session' | 'why'>;
}

/**
 * Evaluates one signal and decides what to tell. Nothing is told that does not stand in one answer: before it is, the whole
 * history of the index is read again. Writes nothing else. A file or a history that cannot be used stops this signal
 * only, and says so.
 */
export async function decideSignal(app: App, signal: Signal, deciding: Deciding): Promise<Verdict> {
  try {
    return await verdictOn(app, signal, deciding);
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    return { problem: app.clean(`${signal.title}: ${error.message}`) };
  }
}

async function verdictOn(app: App, signal: Signal, deciding: Deciding): Promise<Verdict> {
  const { read, asOf, dryRun, offline, forgotten } = deciding;
  const { ledger, progress, source } = app;
  const evaluation = evaluate(app, signal, read.readSessions, asOf);
  const { state, events } = evaluation.detection;
  if (state === undefined) return { problem: nothingStored(signal, asOf) };
  const isEvent = events.at(-1)?.session === state.session;
  const standing = {
    state: { signal: signal.id, ...state },
    ...(isEvent ? { newest: eventId(signal.id, state.session) } : {}),
  };
  if (asOf !== undefined) return standing;
  const hole = holeOf(app, signal);
  if (hole !== undefined) return { ...standing, problem: notWhole(signal, hole) };
  const record = await ledger.signal(signal.id);
  if (record !== undefined && record.fingerprint !== evaluation.fingerprint) {
    progress(`${signal.title}: the rule has changed; this run sets a new baseline and tells nothing that it finds`);
  }
  const given = { ...evaluation, channels: [...evaluation.channels, ...forgotten] };
  const decision = reconcile(given, record);
  for (const session of decision.waiting) {
    progress(
      `${signal.title}: the readings do not agree yet on the record close of ${session}; it is told once they do`,
    );
  }
  if (decision.messages.length > 0 && !read.whole.has(signal.index) && !(offline && source.needsNetwork)) {
    const again = await readAgain(app, signal, read);
    if (!('readSessions' in again)) {
      const session = sessionToTell(decision);
      const why = 'That was not done, as the whole history could not be read once more: a check says why';
      return { ...standing, ...again, ...(session === undefined ? {} : { untold: { session, why } }) };
    }
    return verdictOn(app, signal, { ...deciding, read: again });
  }
  if (!dryRun && !(offline && source.needsNetwork) && isOneCloseAway(evaluation) && !read.whole.has(signal.index)) {
    const today = (evaluation.closes.exchange ?? NEW_YORK).date(evaluation.now);
    if (isFirstToday(app.database, `one close away ${signal.id}`, today)) {
      const again = await readAgain(app, signal, read);
      if ('readSessions' in again) return verdictOn(app, signal, { ...deciding, read: again });
    }
  }
  // A file may begin where it likes.
  const cut = source.name === 'yahoo' ? cutAnswer(evaluation, decision) : undefined;
  if (cut !== undefined && read.whole.has(signal.index)) {
    const { session, record: passed, begins } = cut;
    const what = `the answer of all that the source has begins on ${begins}, after the record of ${passed} that it passes`;
    return {
      ...standing,
      problem: `${signal.title}: there is something to tell of ${session}, but ${what}; the next run asks again`,
      unread: true,
      untold: { session, why: `That was not done, as ${what}` },
    };
  }
  const testimonies = dryRun ? undefined : await testimoniesOf(app, signal, decision, offline);
  return {
    ...standing,
    decision: testimonies?.size ? reconcile({ ...given, testimonies }, record) : decision,
    ...waitingFor(app, signal, decision),
  };
}

/** How long ago an event may lie that only the record stands against, in calendar days. */
const LATELY_DAYS = 7;

/**
 * True where a close of these days is above all others but the record alone: one wrong close of years ago, which no
 * evening reads again, would hide it for ever.
 */
function isOneCloseAway({ closes, detection, now }: Evaluation): boolean {
  const { state } = detection;
  if (state?.state !== 'armed') return false;
  const from = addDays((closes.exchange ?? NEW_YORK).date(now), -LATELY_DAYS);
  let [lately, earlier] = [0, 0];
  for (const { session, close } of closes.index) {
    if (session >= from) lately = Math.max(lately, close);
    else if (session !== state.record.session) earlier = Math.max(earlier, close);
  }
  return lately > earlier;
}

/** The first event to tell whose record lies before the answer that it should stand in together with it. */
function cutAnswer(
  { detection, readSessions, closes }: Evaluation,
  decision: Decision,
): { readonly session: Session; readonly record: Session; readonly begins: Session } | undefined {
  const [begins] = readSessions ?? [];
  const first = closes.index[0]?.session;
  if (begins === undefined || first === undefined) return undefined;
  const told = new Set(decision.messages.flatMap(({ event }) => event ?? []));
  const event = detection.events.find(
    ({ session, previousRecord }) =>
      told.has(eventId(decision.signal, session)) && previousRecord.session >= first && previousRecord.session < begins,
  );
  return event && { session: event.session, record: event.previousRecord.session, begins };
}

/** The event that the readings do not agree on, with the values that are in doubt. */
function waitingFor(
  { closes, now }: Pick<App, 'closes' | 'now'>,
  { index }: Signal,
  { waiting }: Decision,
): Pick<Verdict, 'untold'> {
  const [session] = waiting;
  if (session === undefined) return {};
  const [awaited] = closes.held(index).flatMap((row) => {
    const value = awaitedValue(row, now());
    return value === undefined ? [] : [{ ...row, value }];
  });
  const doubt =
    awaited === undefined
      ? ''
      : `: of ${date(awaited.session)} it says ${points(awaited.value)}, and said ${points(awaited.close ?? 0)} before`;
  return { untold: { session, why: `The source contradicts itself${doubt}; it is told once two readings agree` } };
}

/** The whole history of a signal's index beside what was read; a line where it cannot be had. */
async function readAgain(
  app: App,
  { title, index }: Signal,
  { readSessions, whole }: Deciding['read'],
): Promise<Deciding['read'] | Pick<Verdict, 'problem' | 'unread'>> {
  try {
    const sessions = await readWholeHistory(app, index);
    return { readSessions: new Map([...readSessions, [index, sessions]]), whole: new Set([...whole, index]) };
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    const problem = `${title}: there is something to tell, but not before the whole history was read once more: ${error.message}`;
    return { problem: app.clean(problem), unread: true };
  }
}

/**
 * Where the history of a signal's index lacks so much that no event of it can be told. Yahoo has what the earlier records were
 * joined to; a file may begin where it likes.
 */
export function holeOf(
  { closes, source }: Pick<App, 'closes' | 'source'>,
  { index, beforeHistory }: Signal,
): Hole | undefined {
  const begin = closes.first(index);
  const until = beforeHistory?.until;
  const isLate =
    source.name === 'yahoo' && begin !== undefined && until !== undefined && closes.exchange(index).isGap(until, begin);
  return closes.hole(index) ?? (isLate ? { after: until, before: begin } : undefined);
}

/** There is no close of a signal's index. */
export function nothingStored({ title, index }: Signal, asOf?: Session): string {
  return `${title}: no closes of ${index} are stored ${asOf ? `up to ${asOf}` : 'yet'}, so nothing can be evaluated`;
}

/** A record in the missing years would be unknown, and what comes after them look like the first one. */
export function notWhole({ title, index }: Signal, { after, before }: Hole): string {
  return (
    `${title}: the history of ${index} is not whole, nothing is stored between ${after} and ${before}; until it is, no event ` +
    'is told. The next run asks for it again; npm run import fills it by hand'
  );
}
