import type { Session } from './close.ts';

/** What a second source says of the newest session that it knows. */
export interface Quote {
  readonly session: Session;
  /** Index points, not rounded: the close once the session is over, else the last price. */
  readonly close: number;
  /** True once nothing more is traded in that session. */
  readonly over: boolean;
}

/**
 * A second source, which is asked where much hangs on one close. It confirms or warns: what it says is never stored as a
 * close, and its silence delays nothing.
 */
export interface Witness {
  /** As people read it: Cboe. */
  readonly name: string;
  /** True for a symbol that it can be asked about. */
  knows(symbol: string): boolean;
  /** @throws {WitnessError} why there is no answer, as the end of a sentence that begins with its name */
  ask(symbol: string, now: number): Promise<Quote>;
}

/** A witness said nothing: "did not answer in time". */
export class WitnessError extends Error {
  override name = 'WitnessError';
}

/** What a witness said of one session's close. It is kept with the message that tells of it, and not asked again. */
export interface Testimony {
  readonly by: string;
  /** Index points; null where it said nothing of that session. */
  readonly close: number | null;
  /** Why it said nothing, as the end of a sentence that begins with its name; null where it did. */
  readonly silence: string | null;
}

/**
 * The share by which two sources may differ on one close. Both publish the index provider's value: recorded ones differ
 * in the third decimal only. What is left is a value from before the last prices of the closing auctions were in, some
 * hundredths of a percent; a stale day, a wrong digit or another scale is over ten times as far off.
 */
const TOLERANCE = 0.0005;

/** True where both values are one close. */
function agree(one: number, other: number): boolean {
  return Math.abs(one / other - 1) <= TOLERANCE;
}

/** What a testimony means for a close that passes a record; null where it says nothing. */
export function verdictOf(
  { close: read }: Testimony,
  close: number,
  record: number,
): 'confirms' | 'contradicts' | null {
  if (read === null) return null;
  // Within the tolerance and yet no record: then the event itself hangs on the difference.
  return agree(read, close) && read > record ? 'confirms' : 'contradicts';
}
