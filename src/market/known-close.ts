import type { Session } from './close.ts';

/** What is known of one session of one symbol. */
export interface KnownClose {
  readonly session: Session;
  /** The accepted value in index points, at the precision of its source; null while only a held one is known. */
  readonly close: number | null;
  /** The accepted value as the source sent it, where it has more digits than `close`. */
  readonly exact?: number;
  /**
   * provisional: read on the session's own day. settled: a reading on a later day agrees. revised: a reading differed
   * and replaced the value. held: no value is accepted yet.
   */
  readonly state: 'provisional' | 'settled' | 'revised' | 'held';
  /** When the session was first read, ISO instant. */
  readonly firstReadAt: string;
  /** When the accepted value was first read, ISO instant; null while there is none. */
  readonly readAt: string | null;
  /** A value that was read but is not accepted. */
  readonly held: HeldValue | null;
  /** The highest price of the session, rounded, where the source tells one that may be true; nothing is decided by it. */
  readonly high?: number;
}

export interface HeldValue {
  readonly close: number;
  /** The value as the source sent it, where it has more digits than `close`. */
  readonly exact?: number;
  /** Why it is not accepted, as the end of a sentence. */
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
