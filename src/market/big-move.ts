import { roundTo, type Session } from './close.ts';
import type { KnownClose } from './known-close.ts';
import { dateText, daysBetween } from './session.ts';
import type { Bar } from './source.ts';

/**
 * A move that no later close can vouch for, as a fraction: a provider's error of ×100 lasts for days and then agrees with
 * itself; no index ever moved by 45% in a day. After a gap of weeks it may have.
 */
const IMPOSSIBLE_MOVE = 0.45;
/** What lies further back, in calendar days, is no neighbour. */
export const RECENT_DAYS = 30;

/** A rule that a value breaks. */
export interface Violation {
  readonly reason: string;
  /** True when this reading, or what came after the session, vouches for the value all the same. */
  readonly excused: boolean;
}

/** What lies around a session that a value was read of. */
export interface Neighbours {
  /** The last accepted close before. */
  readonly previous: KnownClose | undefined;
  /** The accepted close from which the last big move before was made; undefined where none was. */
  readonly departed: KnownClose | undefined;
  /** The next value after it, of this reading or accepted. */
  readonly next: Bar | undefined;
  /** The newest session before of which anything is known, accepted or held. */
  readonly latest: Session | undefined;
  /** What is known of the session itself. */
  readonly row: KnownClose | undefined;
  /** The biggest believable daily move, as a fraction. */
  readonly maxMove: number;
  /** What values are compared at. */
  readonly decimals: number;
  /** True when the reading is of a later day than the session. */
  readonly later: boolean;
  /** False in a first reading: the ranges of old histories are made up in part. */
  readonly stored: boolean;
}

/** The violation of a value that lies too far from the close before; undefined where it is near. */
export function bigMoveOf(
  bar: Bar,
  value: number,
  { previous, departed, next, latest, row, maxMove, later, stored, decimals }: Neighbours,
): Violation | undefined {
  const nextClose = next === undefined ? undefined : roundTo(next.close ?? 0, decimals);
  // The very first close has nothing before it: the one after it is its only witness.
  const reference = previous?.close ?? nextClose;
  if (reference === undefined || isNear(value, reference, maxMove)) return undefined;
  // Where nothing is known of the weeks before, it may have moved by anything.
  const afterGap = latest === undefined || daysBetween(latest, bar.session) > RECENT_DAYS;
  // Two wrong closes in a row vouch for each other; the true ones after them must find their way back.
  const origins = [reference, departed?.close ?? reference];
  const impossible = !afterGap && origins.every((origin) => !isNear(value, origin, Math.max(IMPOSSIBLE_MOVE, maxMove)));
  const vouched = nextClose !== undefined && isNear(nextClose, value, maxMove) && stays(nextClose, value, previous);
  const apart = stored && !afterGap && origins.every((origin) => isApart(bar, origin, maxMove));
  const move = `a move of ${percent(value / reference - 1)} from ${previous ? `the close of ${dateText(previous.session)}` : 'the close after it'}`;
  return {
    reason: apart ? `${move}, with the whole session beyond it, as after a split or on another scale` : move,
    excused: later && vouched && !impossible && !apart && row?.close == null,
  };
}

/**
 * True where the next close lies nearer, in logs, to the value than to the close before it. A false spike of up to a sixth
 * lies within the limit of the true close after it too; that one lies nearer to the close before.
 */
function stays(next: number, value: number, previous: KnownClose | undefined): boolean {
  // Of the very first close nothing came before.
  if (previous?.close == null) return true;
  return Math.abs(Math.log(next / value)) < Math.abs(Math.log(next / previous.close));
}

/** True where a whole session lies further from the close before than a day may move: a market gets there by trading. */
function isApart({ low, high }: Bar, reference: number, maxMove: number): boolean {
  if (low === undefined || high === undefined || low <= 0 || low > high) return false;
  return low > reference * (1 + maxMove) || high < reference * (1 - maxMove);
}

/** Tolerates what floats make of a move that is exactly as big as allowed. */
export function isNear(value: number, reference: number, maxMove: number): boolean {
  return Math.abs(value / reference - 1) <= maxMove + 1e-9;
}

function percent(fraction: number): string {
  return `${fraction > 0 ? '+' : '−'}${Math.abs(fraction * 100).toFixed(1)}%`;
}
