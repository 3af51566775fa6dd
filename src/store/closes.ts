import type { Close, Session } from '../market/close.ts';
import type { Exchange } from '../market/exchange.ts';
import type { Judgement, KnownClose, Revision } from '../market/known-close.ts';
import type { Reading } from '../market/source.ts';
import type { ImportNote, TakenBack } from './imports.ts';

/** Sessions that every run reads again: providers fill and revise for days. */
export const REREAD_SESSIONS = 30;

/** The stored closes of all symbols: a cache of the source that remembers what each value replaced. */
export interface ClosesStore {
  /** The accepted closes of a symbol up to `until`, ascending. */
  accepted(symbol: string, until?: Session): Close[];
  /** The highest price of each session where the source told it. */
  highs(symbol: string): ReadonlyMap<Session, number>;
  /** Everything known of a symbol from a session on, ascending, and the last accepted close before it. */
  known(symbol: string, from?: Session): KnownClose[];
  /** The first session that anything is known of. */
  first(symbol: string): Session | undefined;
  /** The held values of a symbol, accepted closes with a held revision included. */
  held(symbol: string): KnownClose[];
  /** Where the symbol trades. */
  exchange(symbol: string): Exchange;
  /** The decimals that its closes are compared at. */
  decimals(symbol: string): number;
  /** The newest session that should be stored at `now`. */
  expected(symbol: string, now: number): Session;
  /** Notes what a reading tells of the exchange, and that it was made. */
  noteLook(reading: Reading, now: number): Promise<void>;
  /** When each symbol was last read, ISO instant; those that never were are not among them. */
  looks(): ReadonlyMap<string, string>;
  /**
   * The sessions that should be there and that nothing is known of: from the symbol's first one to the newest that is
   * over; where the holidays are not known, after the newest known one only.
   */
  missing(symbol: string, now: number): Session[];
  /** The first stretch of a history in which sessions must be missing; undefined where it is whole up to its newest close. */
  hole(symbol: string): Hole | undefined;
  /** The session to read again from at `now`; undefined: from the beginning. */
  readFrom(symbol: string, now: number): Session | undefined;
  /** The revisions of one session, oldest first. */
  revisions(symbol: string, session: Session): Revision[];
  /** The revisions that were read since an instant, oldest first. */
  revisedSince(symbol: string, instant: string): Revision[];
  /** What is noted of the source or of a symbol for later runs, by name; undefined: nothing. */
  noted(name: string): string | undefined;
  /** @param value null: nothing any more. @returns false where it was that already */
  note(name: string, value: string | null): Promise<boolean>;
  /**
   * Stores a judgement, whole or not at all.
   * @param imported notes with it that it came from a file
   */
  store(symbol: string, judgement: Judgement, imported?: ImportNote): Promise<void>;
  /** The imports of a symbol, by default of all, newest first; those that were taken back are among them. */
  imports(symbol?: string): ImportNote[];
  /** Takes an import back: the only way in which closes go. Whole or not at all. */
  takeBack(imported: ImportNote, change: TakenBack): Promise<void>;
  /**
   * Reads what other processes have stored since; to be awaited before a piece of work reads. A store that asks its file
   * each time has nothing to do.
   */
  refresh(): Promise<void>;
}

/** What is stored on both sides of a hole; `after` is the first session of the source where the beginning is missing. */
export interface Hole {
  readonly after: Session;
  readonly before: Session;
}
