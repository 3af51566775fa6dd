import type { Close, Session } from '../market/close.ts';

/** A series of closes under its symbol. */
export interface Series {
  readonly symbol: string;
  readonly closes: readonly Close[];
  /** What its beginning was made of; absent where it begins with its own closes. */
  readonly joined?: Joined | undefined;
}

/** A series whose beginning was made of something else. */
export interface Joined {
  /** Its own first close. */
  readonly until: Session;
  /** What comes before it, as a sentence. */
  readonly rule: string;
}
