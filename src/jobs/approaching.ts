import type { App } from '../app/app.ts';
import { labelsOf } from '../app/labels.ts';
import { whereReadable } from '../app/where-readable.ts';
import { evaluate } from '../check/evaluate.ts';
import type { Evaluation } from '../check/evaluation.ts';
import { holeOf } from '../check/hole.ts';
import { untoldOf } from '../check/untold.ts';
import { channelsFor } from '../delivery/recipients.ts';
import { NEW_YORK } from '../market/exchange.ts';
import { approachingId, approachingMessage, approachingPrefix } from '../message/approaching.ts';
import { distanceReached } from '../signal/approaching.ts';
import type { RecordState } from '../signal/first-record.ts';
import type { Signal } from '../signal/signal.ts';
import type { Delivery, Posting } from '../store/deliveries.ts';
import { approachesOf } from '../study/approaches.ts';
import { historyOf } from '../study/signal-closes.ts';

/** Later a note is no news any more. */
const NEWS_FOR = 3 * 86_400_000;
/** So long after a record's close was replaced nothing is said of its distance: a source may take that back. */
const RECORD_RESTS = 2 * 86_400_000;

/** The notes that are due: of armed indices that have come within a distance of their record, once for each. */
export async function approachingDue(app: App): Promise<Posting[]> {
  const postings: Posting[] = [];
  for (const signal of app.settings.signals) {
    if (signal.approaching === undefined || signal.approaching.length === 0) continue;
    const evaluation = whereReadable(() => evaluate(app, signal));
    const state = evaluation?.detection.state;
    if (evaluation === undefined || state === undefined) continue;
    const distance = distanceReached(state, signal);
    if (distance === undefined || (await isTold(app, signal, state, distance))) continue;
    if (!(await isBelieved(app, signal, evaluation, state))) continue;
    const posting = await postingOf(app, signal, evaluation, { state, distance });
    // Where every channel is paused it may come later.
    if (posting.channels.length > 0) postings.push(posting);
  }
  return postings;
}

/** Whoever was told of a smaller distance is not told of a greater one. */
async function isTold(
  { ledger }: Pick<App, 'ledger'>,
  { id, approaching = [] }: Signal,
  { record }: RecordState,
  distance: number,
): Promise<boolean> {
  for (const other of approaching.filter((one) => one <= distance)) {
    if ((await ledger.message(approachingId(id, record.session, other))) !== undefined) return true;
  }
  return false;
}

/**
 * True where the close and its record stand as far as anybody knows: the newest session was evaluated by this rule, the
 * history is whole, and no value, event or record of it is in doubt or has just been replaced.
 */
async function isBelieved(
  app: Pick<App, 'closes' | 'source' | 'ledger' | 'now'>,
  signal: Signal,
  { asRead, newlyRestated, fingerprint, known }: Evaluation,
  { session, record }: RecordState,
): Promise<boolean> {
  const { closes, ledger, now } = app;
  const signalRecord = await ledger.signal(signal.id);
  if (signalRecord?.evaluatedSession !== session || signalRecord.fingerprint !== fingerprint) return false;
  if (session !== closes.expected(signal.index, now())) return false;
  if (asRead !== undefined || newlyRestated || holeOf(app, signal) !== undefined) return false;
  if (closes.held(signal.index).some((row) => row.session >= record.session)) return false;
  if ((await untoldOf(app, signal.id)) !== undefined) return false;
  if (signalRecord.events.some(({ change, goneSince }) => change !== null || goneSince !== null)) return false;
  return !known(record.session).revisions.some(({ to }) => now() - Date.parse(to.readAt) < RECORD_RESTS);
}

async function postingOf(
  app: App,
  signal: Signal,
  { closes, channels: ofSignal }: Evaluation,
  { state, distance }: { readonly state: RecordState; readonly distance: number },
): Promise<Posting> {
  const approaches = approachesOf(historyOf(signal, closes), signal.quietYears, distance);
  const message = approachingMessage(labelsOf(app, signal), { state, distance, approaches });
  // After a restore of an older copy it may have been told since the first close that was so near.
  const first = approaches.all.at(-1)?.session ?? state.session;
  const dueAt = new Date((closes.exchange ?? NEW_YORK).closingTime(first)).toISOString();
  const channels = (await channelsFor(app)).filter((id) => ofSignal.includes(id));
  return { message, event: null, channels, dueAt };
}

/** Why notes among some deliveries must not arrive any more, by id: the wait is over, or they are days old. */
export function overtakenNotes(
  app: Pick<App, 'settings' | 'closes' | 'source' | 'channels' | 'now'>,
  unsent: readonly Delivery[],
): ReadonlyMap<string, string> {
  const notes = unsent.filter(({ kind }) => kind === 'approaching');
  if (notes.length === 0) return new Map();
  const waits = app.settings.signals.flatMap((signal) => {
    const state = whereReadable(() => evaluate(app, signal))?.detection.state;
    return state?.state === 'armed' ? [approachingPrefix(signal.id, state.record.session)] : [];
  });
  const isOld = ({ decidedAt }: Delivery) => app.now() - Date.parse(decidedAt) > NEWS_FOR;
  const over = notes.filter((note) => isOld(note) || !waits.some((prefix) => note.message.startsWith(prefix)));
  return new Map(over.map(({ message }) => [message, 'it was no news any more']));
}
