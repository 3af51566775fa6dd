import { isNear, type Violation } from './big-move.ts';
import { roundTo, type Session } from './close.ts';
import { type Exchange, NEW_YORK } from './exchange.ts';
import type { Judgement, KnownClose, Revision } from './known-close.ts';
import { CENTS, type Precise, precise } from './precision.ts';
import type { Bar, Reading } from './source.ts';
import { isToCome } from './stamp.ts';
import { violationsOf } from './violations.ts';

const NONE: readonly Violation[] = [];

/**
 * Compares one reading with what is known and decides what to accept (docs/architecture.md, "Closes" and "Sanity"). A value ≤ 0 or
 * not finite counts as missing; a later absence is no revision. A value that breaks a rule is held. It is accepted once
 * a reading on a later day agrees; a big move needs the next session's close near it instead, nearer than to the close
 * before it, and a reading on a later day than the session, so that a backfill judges itself. A value that overturns a
 * settled or revised one needs a second reading at least an hour later: one bad answer must not rewrite the past.
 * @param known everything known of the symbol, ascending by session; what lies before the reading gives the previous close
 * @param maxMove the biggest believable daily move, as a fraction
 * @param now epoch milliseconds of the reading
 * @param exchange whose days count
 * @param decimals of the source: closes that agree to so many are one value
 */
export function judge(
  reading: Reading,
  known: readonly KnownClose[],
  maxMove: number,
  now: number,
  exchange: Exchange = NEW_YORK,
  decimals: number = CENTS,
): Judgement {
  const readAt = new Date(now).toISOString();
  const today = exchange.date(now);
  // Rounding makes the greatest numbers infinite.
  const bars = reading.bars.filter(
    ({ close }) => close !== null && Number.isFinite(roundTo(close, decimals)) && roundTo(close, decimals) > 0,
  );
  const before = new Map(known.map((row) => [row.session, row]));
  const changed: KnownClose[] = [];
  const revisions: Revision[] = [];

  const firstSession = bars[0]?.session ?? '';
  let previous = known.findLast(({ session, close }) => session < firstSession && close !== null);
  let departed: KnownClose | undefined;
  const passTo = (row: KnownClose) => {
    if (previous !== undefined && isApartFrom(previous, row, maxMove)) departed = previous;
    previous = row;
  };
  let latest = known.findLast(({ session }) => session < firstSession)?.session;
  // Known sessions between the bars and after them are neighbours too, though this reading does not have them.
  const between = known.filter(({ session }) => session >= firstSession);
  let nextBetween = 0;

  for (const [position, bar] of bars.entries()) {
    const { session } = bar;
    for (let row = between[nextBetween]; row !== undefined && row.session < session; row = between[++nextBetween]) {
      if (row.close !== null && (previous === undefined || row.session > previous.session)) passTo(row);
      latest = row.session;
    }
    const read = precise(bar.close ?? 0, decimals);
    const value = read.close;
    const row = before.get(session);
    const later = session < today;
    const next = nearer(bars[position + 1], nextAccepted(between, nextBetween, session));
    const stored = known.length > 0;
    // biome-ignore format: one line, as an object of parts takes longer than the judgement
    const around = { reading, previous, departed, next, row, maxMove, later, today, latest, exchange, stored, now, decimals };
    const violations = row?.close === value ? NONE : violationsOf(bar, value, around);
    const accepted = violations.every(({ excused }) => excused);
    const judged = accepted
      ? withHigh(accept(row, session, read, later ? 'settled' : 'provisional', readAt), bar.high, maxMove, decimals)
      : hold(row, session, read, violations, readAt);
    if (judged !== row) changed.push(judged);
    if (row !== undefined) revisions.push(...revisionsOf(row, judged, { close: value, readAt, believed: accepted }));
    if (judged.close !== null) passTo(judged);
    latest = session;
  }
  return { changed, revisions };
}

/** True where two accepted closes lie further from each other than a day may move. */
function isApartFrom(previous: KnownClose, row: KnownClose, maxMove: number): boolean {
  return previous.close !== null && row.close !== null && !isNear(row.close, previous.close, maxMove);
}

function nextAccepted(rows: readonly KnownClose[], from: number, after: Session): KnownClose | undefined {
  let position = from;
  for (let row = rows[position]; row !== undefined; row = rows[++position]) {
    if (row.close !== null && row.session > after) return row;
  }
  return undefined;
}

function nearer(bar: Bar | undefined, row: KnownClose | undefined): Bar | undefined {
  return row === undefined || (bar !== undefined && bar.session <= row.session) ? bar : row;
}

/** @param first the state of a close that is accepted for the first time by this reading */
function accept(
  row: KnownClose | undefined,
  session: Session,
  read: Precise,
  first: 'settled' | 'provisional',
  readAt: string,
): KnownClose {
  if (row === undefined) {
    const { close, exact } = read;
    const made: KnownClose = { session, close, state: first, firstReadAt: readAt, readAt, held: null };
    return exact === undefined ? made : { ...made, exact };
  }
  if (row.close === read.close) {
    const state = first === 'settled' ? first : row.state;
    return state === row.state && row.held === null ? row : { ...row, state, held: null };
  }
  const { exact: _, ...rest } = row;
  return { ...rest, ...read, state: row.close === null ? first : 'revised', readAt, held: null };
}

/** A high that lies below the close, or further above it than a day may move, is not a true one. */
function withHigh(judged: KnownClose, high: number | undefined, maxMove: number, decimals: number): KnownClose {
  const { close } = judged;
  if (high === undefined || close === null) return judged;
  const rounded = roundTo(high, decimals);
  const plausible = rounded >= close && isNear(rounded, close, maxMove);
  return !plausible || judged.high === rounded ? judged : { ...judged, high: rounded };
}

function hold(
  row: KnownClose | undefined,
  session: Session,
  read: Precise,
  violations: readonly Violation[],
  readAt: string,
): KnownClose {
  // Held since a moment to come, by a clock that was wrong: a later day would never be.
  if (row?.held?.close === read.close && !isToCome(row.held.since, Date.parse(readAt))) return row;
  const reason = violations.map((violation) => violation.reason).join('; ');
  const held = { ...read, reason, since: readAt };
  return row ? { ...row, held } : { session, close: null, state: 'held', firstReadAt: readAt, readAt: null, held };
}

/** What this value took the place of: an accepted value, a held one, or both. */
function revisionsOf(row: KnownClose, judged: KnownClose, to: Revision['to']): Revision[] {
  if (judged === row) return [];
  const { session, close, held } = row;
  const revisions: Revision[] = [];
  if (to.believed && close !== null && close !== to.close) {
    revisions.push({ session, from: { close, readAt: row.readAt ?? row.firstReadAt, believed: true }, to });
  }
  if (held !== null && held.close !== to.close) {
    revisions.push({ session, from: { close: held.close, readAt: held.since, believed: false }, to });
  }
  return revisions;
}
