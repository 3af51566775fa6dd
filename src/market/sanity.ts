import { roundClose, type Session } from './close.ts';
import { type Exchange, NEW_YORK } from './exchange.ts';
import { daysBetween } from './session.ts';
import type { Bar, Reading } from './source.ts';
import { isToCome } from './stamp.ts';

/** What is known of one session of one symbol. */
export interface KnownClose {
  readonly session: Session;
  /** The believed value in index points; null while only a held one is known. */
  readonly close: number | null;
  /**
   * provisional: read on the session's own day. settled: a reading on a later day agrees. revised: a reading differed
   * and replaced the value. held: no value is believed yet.
   */
  readonly state: 'provisional' | 'settled' | 'revised' | 'held';
  /** When the session was first read, ISO instant. */
  readonly firstReadAt: string;
  /** When the believed value was first read, ISO instant; null while there is none. */
  readonly readAt: string | null;
  /** A value that was read but is not believed. */
  readonly held: HeldValue | null;
  /** The highest price of the session, rounded, where the source tells one that may be true; nothing is decided by it. */
  readonly high?: number;
}

export interface HeldValue {
  readonly close: number;
  /** Why it is not believed, as the end of a sentence. */
  readonly reason: string;
  /** When this value was first read, ISO instant. */
  readonly since: string;
}

/** One value that took the place of another. */
export interface Revision {
  readonly session: Session;
  readonly from: { readonly close: number; readonly readAt: string; readonly believed: boolean };
  readonly to: { readonly close: number; readonly readAt: string; readonly believed: boolean };
}

export interface Judgement {
  /** Only what differs from before. */
  readonly changed: readonly KnownClose[];
  readonly revisions: readonly Revision[];
}

/** How far a close may lie from the last traded price of the same session, as a fraction. */
const MARKET_PRICE_TOLERANCE = 0.005;

/**
 * A move that no later close can vouch for, as a fraction: a provider's error of ×100 lasts for days and then agrees with
 * itself; no index ever moved by 45% in a day. After a gap of weeks it may have.
 */
const IMPOSSIBLE_MOVE = 0.45;
const RECENT_DAYS = 30;

/** Why a value is held that would take the place of one that a later day has agreed with, or that replaced another. */
const SECOND_READING =
  'another value was read of it before; it is believed once a second reading, at least an hour later, agrees';
/** How far apart two readings lie that agree on a settled close, in milliseconds. */
const READINGS_APART = 3_600_000;
/** A second reading that has not come for so long does not come: what was believed stands. In milliseconds. */
const WAITS_FOR = 2 * 86_400_000;

/**
 * The value that only waits for a second reading; undefined where there is none, or more is wrong with it.
 * @param now epoch milliseconds
 */
export function awaitedValue({ close, held }: KnownClose, now: number): number | undefined {
  if (close === null || held?.reason !== SECOND_READING || isToCome(held.since, now)) return undefined;
  return now - Date.parse(held.since) <= WAITS_FOR ? held.close : undefined;
}

interface Violation {
  readonly reason: string;
  /** True when this reading, or what came after the session, vouches for the value all the same. */
  readonly excused: boolean;
}

const NONE: readonly Violation[] = [];

/** True once a second reading of it would decide, so that the source is worth asking. */
export function isSecondReadingDue(row: KnownClose, now: number): boolean {
  const { held } = row;
  return held !== null && awaitedValue(row, now) !== undefined && now - Date.parse(held.since) >= READINGS_APART;
}

/**
 * Compares one reading with what is known and decides what to believe (DESIGN 4, "Closes" and "Sanity"). A value ≤ 0 or
 * not finite counts as missing; a later absence is no revision. A value that breaks a rule is held. It is believed once
 * a reading on a later day agrees; a big move needs the next session's close near it instead, and a reading on a later
 * day than the session, so that a backfill judges itself. A value that overturns a settled or revised one needs a second
 * reading at least an hour later: one bad answer must not rewrite the past.
 * @param known everything known of the symbol, ascending by session; what lies before the reading gives the previous close
 * @param maxMove the biggest believable daily move, as a fraction
 * @param now epoch milliseconds of the reading
 * @param exchange whose days count
 */
export function judge(
  reading: Reading,
  known: readonly KnownClose[],
  maxMove: number,
  now: number,
  exchange: Exchange = NEW_YORK,
): Judgement {
  const readAt = new Date(now).toISOString();
  const today = exchange.date(now);
  // Rounding makes the greatest numbers infinite.
  const bars = reading.bars.filter(
    ({ close }) => close !== null && Number.isFinite(roundClose(close)) && roundClose(close) > 0,
  );
  const before = new Map(known.map((row) => [row.session, row]));
  const changed: KnownClose[] = [];
  const revisions: Revision[] = [];

  const firstSession = bars[0]?.session ?? '';
  let previous = known.findLast(({ session, close }) => session < firstSession && close !== null);
  let latest = known.findLast(({ session }) => session < firstSession)?.session;
  // Known sessions between the bars and after them are neighbours too, though this reading does not have them.
  const between = known.filter(({ session }) => session >= firstSession);
  let nextBetween = 0;

  for (const [position, bar] of bars.entries()) {
    const { session } = bar;
    for (let row = between[nextBetween]; row !== undefined && row.session < session; row = between[++nextBetween]) {
      if (row.close !== null && (previous === undefined || row.session > previous.session)) previous = row;
      latest = row.session;
    }
    const value = roundClose(bar.close ?? 0);
    const row = before.get(session);
    const later = session < today;
    const next = nearer(bars[position + 1], nextBelieved(between, nextBetween, session));
    const stored = known.length > 0;
    const around = { reading, previous, next, row, maxMove, later, today, latest, exchange, stored, now };
    const violations = row?.close === value ? NONE : violationsOf(bar, value, around);
    const believed = violations.every(({ excused }) => excused);
    const judged = believed
      ? withHigh(believe(row, session, value, later, readAt), bar.high, maxMove)
      : hold(row, session, value, violations, readAt);
    if (judged !== row) changed.push(judged);
    if (row !== undefined) revisions.push(...revisionsOf(row, judged, value, believed, readAt));
    if (judged.close !== null) previous = judged;
    latest = session;
  }
  return { changed, revisions };
}

function nextBelieved(rows: readonly KnownClose[], from: number, after: Session): KnownClose | undefined {
  let position = from;
  for (let row = rows[position]; row !== undefined; row = rows[++position]) {
    if (row.close !== null && row.session > after) return row;
  }
  return undefined;
}

function nearer(bar: Bar | undefined, row: KnownClose | undefined): Bar | undefined {
  return row === undefined || (bar !== undefined && bar.session <= row.session) ? bar : row;
}

function believe(
  row: KnownClose | undefined,
  session: Session,
  value: number,
  later: boolean,
  readAt: string,
): KnownClose {
  const first = later ? 'settled' : 'provisional';
  if (row === undefined) return { session, close: value, state: first, firstReadAt: readAt, readAt, held: null };
  if (row.close === value) {
    const state = later ? 'settled' : row.state;
    return state === row.state && row.held === null ? row : { ...row, state, held: null };
  }
  return { ...row, close: value, state: row.close === null ? first : 'revised', readAt, held: null };
}

/** A high that lies below the close, or further above it than a day may move, is not a true one. */
function withHigh(judged: KnownClose, high: number | undefined, maxMove: number): KnownClose {
  const { close } = judged;
  if (high === undefined || close === null) return judged;
  const rounded = roundClose(high);
  const plausible = rounded >= close && isNear(rounded, close, maxMove);
  return !plausible || judged.high === rounded ? judged : { ...judged, high: rounded };
}

function hold(
  row: KnownClose | undefined,
  session: Session,
  value: number,
  violations: readonly Violation[],
  readAt: string,
): KnownClose {
  // Held since a moment to come, by a clock that was wrong: a later day would never be.
  if (row?.held?.close === value && !isToCome(row.held.since, Date.parse(readAt))) return row;
  const reason = violations.map((violation) => violation.reason).join('; ');
  const held = { close: value, reason, since: readAt };
  return row ? { ...row, held } : { session, close: null, state: 'held', firstReadAt: readAt, readAt: null, held };
}

/** What this value took the place of: a believed value, a held one, or both. */
function revisionsOf(
  row: KnownClose,
  judged: KnownClose,
  value: number,
  believed: boolean,
  readAt: string,
): Revision[] {
  if (judged === row) return [];
  const { session, close, held } = row;
  const to = { close: value, readAt, believed };
  const revisions: Revision[] = [];
  if (believed && close !== null && close !== value) {
    revisions.push({ session, from: { close, readAt: row.readAt ?? row.firstReadAt, believed: true }, to });
  }
  if (held !== null && held.close !== value) {
    revisions.push({ session, from: { close: held.close, readAt: held.since, believed: false }, to });
  }
  return revisions;
}

interface Runtime {
  readonly reading: Reading;
  readonly previous: KnownClose | undefined;
  readonly next: Bar | undefined;
  readonly row: KnownClose | undefined;
  readonly maxMove: number;
  readonly later: boolean;
  readonly today: Session;
  /** The newest session before of which anything is known, believed or held. */
  readonly latest: Session | undefined;
  readonly exchange: Exchange;
  /** False in a first reading: the ranges of old histories are made up in part. */
  readonly stored: boolean;
  /** Of the reading, epoch milliseconds. */
  readonly now: number;
}

function violationsOf(bar: Bar, value: number, around: Runtime): Violation[] {
  const { reading, row, today, exchange, now } = around;
  const violations: Violation[] = [];
  // A second reading of the same value on a later day than the first one.
  const agrees = row?.held?.close === value && exchange.date(Date.parse(row.held.since)) < today;

  const { low, high } = bar;
  if (low !== undefined && high !== undefined && low > 0 && low <= high) {
    if (value < roundClose(low) || value > roundClose(high)) {
      violations.push({
        reason: `outside its own range of ${roundClose(low)} to ${roundClose(high)}`,
        excused: agrees,
      });
    }
  }
  const price = reading.marketPrice;
  if (price?.session === bar.session && Number.isFinite(price.price) && price.price > 0) {
    if (Math.abs(value / price.price - 1) > MARKET_PRICE_TOLERANCE) {
      violations.push({ reason: `over 0.5% off the last price of ${roundClose(price.price)}`, excused: agrees });
    }
  }
  const bigMove = bigMoveOf(bar, value, around);
  if (bigMove) violations.push(bigMove);
  if (row !== undefined && row.close !== null && row.state !== 'provisional') {
    const isSecond = row.held?.close === value && now - Date.parse(row.held.since) >= READINGS_APART;
    violations.push({ reason: SECOND_READING, excused: isSecond });
  }
  return violations;
}

function bigMoveOf(
  bar: Bar,
  value: number,
  { previous, next, maxMove, later, latest, row, stored }: Runtime,
): Violation | undefined {
  const nextClose = next === undefined ? undefined : roundClose(next.close ?? 0);
  // The very first close has nothing before it: the one after it is its only witness.
  const reference = previous?.close ?? nextClose;
  if (reference === undefined || isNear(value, reference, maxMove)) return undefined;
  // Where nothing is known of the weeks before, it may have moved by anything.
  const afterGap = latest === undefined || daysBetween(latest, bar.session) > RECENT_DAYS;
  const impossible = !afterGap && !isNear(value, reference, Math.max(IMPOSSIBLE_MOVE, maxMove));
  const vouched = nextClose !== undefined && isNear(nextClose, value, maxMove);
  const apart = stored && !afterGap && isApart(bar, reference, maxMove);
  const move = `a move of ${percent(value / reference - 1)} from ${previous ? `the close of ${previous.session}` : 'the close after it'}`;
  return {
    reason: apart ? `${move}, the whole session beyond it, as after a split or in another scale` : move,
    excused: later && vouched && !impossible && !apart && row?.close == null,
  };
}

/** True where a whole session lies further from the close before than a day may move: a market gets there by trading. */
function isApart({ low, high }: Bar, reference: number, maxMove: number): boolean {
  if (low === undefined || high === undefined || low <= 0 || low > high) return false;
  return low > reference * (1 + maxMove) || high < reference * (1 - maxMove);
}

/** Tolerates what floats make of a move that is exactly as big as allowed. */
function isNear(value: number, reference: number, maxMove: number): boolean {
  return Math.abs(value / reference - 1) <= maxMove + 1e-9;
}

function percent(fraction: number): string {
  return `${fraction > 0 ? '+' : '−'}${Math.abs(fraction * 100).toFixed(1)}%`;
}
