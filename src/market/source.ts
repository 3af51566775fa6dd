import type { Session } from './close.ts';
import type { Exchange } from './exchange.ts';

/** One session as a source tells it. `close` is null where the source knows the session but has no value. */
export interface Bar {
  readonly session: Session;
  /** Index points, not rounded. May be anything a source sends: zero, negative, not finite. */
  readonly close: number | null;
  readonly low?: number;
  readonly high?: number;
}

/** What one look at a source brings for one symbol. */
export interface Reading {
  readonly symbol: string;
  /** Sessions that are over, ascending, one bar each. */
  readonly bars: readonly Bar[];
  /** The last traded price and its session, where the source tells it; only to check a bar, never a close. */
  readonly marketPrice?: { readonly session: Session; readonly price: number };
  /** Where the symbol trades, where the source tells it. */
  readonly exchange?: Exchange;
  /** The first session that the source says it has; undefined where it does not tell. */
  readonly firstTrade?: Session;
  /** The decimals that its values have; undefined where it does not tell: two. */
  readonly decimals?: number;
  /** When the source answered by its own clock (the `Date` header), epoch milliseconds; undefined where it does not tell. */
  readonly answeredAt?: number;
}

/** Where closes come from. */
export interface Source {
  readonly name: 'yahoo' | 'csv' | 'demo';
  readonly needsNetwork: boolean;
  /** Said in every message whose closes are not plain market data. */
  readonly note?: string;
  /**
   * Reads the closes of `symbol` from session `from` on (undefined: as far back as there are any) as they stand at
   * `now` (epoch milliseconds).
   * @throws {SourceError} with one clear line, when nothing can be read
   */
  read(symbol: string, from: Session | undefined, now: number): Promise<Reading>;
}

/** A source could not be read: one line that says which symbol, what happened and what to do. */
export class SourceError extends Error {
  override name = 'SourceError';
}

/** The sessions of a reading that have a value, ascending. */
export function sessionsOf({ bars }: Reading): ReadonlySet<Session> {
  return new Set(bars.flatMap(({ session, close }) => (close === null ? [] : [session])));
}
