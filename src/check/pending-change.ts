import type { Session } from '../market/close.ts';
import { addMonths } from '../market/session.ts';
import { isToCome } from '../market/stamp.ts';
import type { EventRecord, PendingChange } from '../store/events.ts';

// A source can go to and fro. What was told of an event is changed only once the readings agree on the change; and once it
// was changed, the event is in dispute as soon as they say something else again.

const HOUR = 3_600_000;
/** What a first change stands for: a second reading agrees. In milliseconds. */
const FIRST = HOUR;
/** What every later one stands for: readings of two days agree. Half an hour less, as two evenings are never exactly a day apart. */
const LATER = 24 * HOUR - HOUR / 2;
/** For how long readings that say nothing of a change are asked for once it is due, in milliseconds. */
const ASKED_FOR = 48 * HOUR;

/** The change of an event that the readings do not have any more. */
export const GONE = 'gone';
/** While an event is in dispute, what was told last has to stand for two days too. */
const AS_TOLD = 'as told';

/** What becomes of a change. */
export type Step =
  | { readonly is: 'as told' }
  | { readonly is: 'waits'; readonly change: PendingChange }
  | { readonly is: 'due'; readonly change: PendingChange };

/**
 * Decides by what every reading has said so far.
 * @param rivals the other events that were told of the same quiet period
 * @param to what this reading says; null: what was told
 * @param now epoch milliseconds
 * @param restated true where a whole history was restated lately, so that even a first change has to stand for two days
 */
export function nextOfChange(
  event: EventRecord,
  rivals: readonly EventRecord[],
  to: string | null,
  now: number,
  restated: boolean,
): Step {
  const known = pendingOf(event);
  const disputed = wasChanged(event, rivals);
  if (to === null && (known === null || !disputed)) return { is: 'as told' };
  const next = to ?? AS_TOLD;
  const lasts = known?.to === next && !isToCome(known.since, now);
  const change = { to: next, since: lasts ? known.since : new Date(now).toISOString() };
  if (now - Date.parse(change.since) < waitOf(disputed || restated)) return { is: 'waits', change };
  return to === null ? { is: 'as told' } : { is: 'due', change };
}

/**
 * True where readings agree on something else than what was told, after it was changed once already; or where for over a day
 * none has said what has become of a change, as they lack the session.
 */
export function isInDispute(event: EventRecord, rivals: readonly EventRecord[], now: number): boolean {
  const known = pendingOf(event);
  if (known === null || !event.reached || known.to === AS_TOLD || isToCome(known.since, now)) return false;
  return now - Date.parse(known.since) >= (wasChanged(event, rivals) ? FIRST : LATER + HOUR);
}

/** True while something is said of an event that was not told yet, or no longer. */
export function isUndecided(event: EventRecord): boolean {
  return event.reached && pendingOf(event) !== null;
}

/** True while the newest reading does not have an event that was told; a day later it holds nothing up any more. */
export function isInDoubt({ status, goneSince }: EventRecord, now: number): boolean {
  return status === 'alerted' && goneSince !== null && !isToCome(goneSince, now) && now - Date.parse(goneSince) < LATER;
}

/** True where a change only waits for one reading more, so that the source is worth asking. */
export function wantsReading(event: EventRecord, rivals: readonly EventRecord[], now: number): boolean {
  const known = pendingOf(event);
  const stood = known === null || isToCome(known.since, now) ? 0 : now - Date.parse(known.since);
  const wait = waitOf(wasChanged(event, rivals));
  return stood >= wait && stood < wait + ASKED_FOR;
}

/** True for sessions of which only one can end a quiet period. */
export function isOfOneQuietPeriod(a: Session, b: Session, quietYears: number): boolean {
  const [early, late] = a < b ? [a, b] : [b, a];
  return late <= addMonths(early, quietYears * 12);
}

/** The other events that are known of an event's quiet period. */
export function rivalsOf(event: EventRecord, events: readonly EventRecord[], quietYears: number): EventRecord[] {
  const { session } = event;
  return events.filter((other) => other.session !== session && isOfOneQuietPeriod(other.session, session, quietYears));
}

function waitOf(disputed: boolean): number {
  return disputed ? LATER : FIRST;
}

/** True once a correction or a retraction was told: of the event, or of another one in its place. */
function wasChanged({ messages }: EventRecord, rivals: readonly EventRecord[]): boolean {
  return (
    messages.some(({ kind }) => kind === 'correction' || kind === 'retraction') ||
    rivals.some((rival) => rival.messages.some(({ kind }) => kind === 'retraction'))
  );
}

/** One that an earlier version noted has the instant only. */
function pendingOf({ change, goneSince }: EventRecord): PendingChange | null {
  return change ?? (goneSince === null ? null : { to: GONE, since: goneSince });
}
