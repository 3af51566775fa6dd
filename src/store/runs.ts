import type { LeaseOwner } from './lease-owner.ts';

export interface Run {
  readonly command: string;
  readonly startedAt: string;
  /** Null while it runs, and for ever where its process died. */
  readonly endedAt: string | null;
}

/** A run and what it left behind. */
export interface RunResult extends Run {
  /** Ids of the events that it fired. */
  readonly fired: readonly string[];
  /** What did not work, a line each. */
  readonly problems: readonly string[];
}

/** A daemon: one leads, which is the process that watches; others stand by. */
export interface Daemon extends LeaseOwner {
  /** ISO instant, by the clock of its own machine. */
  readonly startedAt: string;
  /** When it first said that it lives, ISO instant by the clock of the database; absent where that has none. */
  readonly firstSeenAt?: string;
  /** When it last said that it lives, ISO instant, by the clock of the database where that has one. */
  readonly seenAt: string;
  /** For how long it leads, in milliseconds by the clock of the database; absent where that has none, or it does not lead. */
  readonly leadsFor?: number;
  /** What it watches, and by which rules, as a text that differs where they do; absent: not said. */
  readonly rules?: string;
  /** It has not said for too long that it lives, by the clock of the database; absent where it has, or only its process tells. */
  readonly gone?: true;
}
