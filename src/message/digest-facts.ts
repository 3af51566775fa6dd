import type { Close, Session } from '../market/close.ts';
import type { Revision } from '../market/known-close.ts';
import type { RecordState } from '../signal/first-record.ts';
import type { Sighting } from './seen.ts';

/** Everything that a digest says, as `digest --json` prints it. Returns are fractions, instants ISO. */
export interface DigestFacts {
  /** The newest session that is over: what the digest is about. */
  readonly session: Session;
  readonly ok: boolean;
  /** Why not all is well, a few words each, the worst first. */
  readonly reasons: readonly string[];
  /** What is wrong and what to do, a line each. */
  readonly troubles: readonly string[];
  readonly signals: readonly SignalFacts[];
  /** The alerts of the last 7 days that arrived, oldest first; empty where nobody can mark one as seen, and nobody has. */
  readonly alerts: readonly AlertFacts[];
  readonly followUps: readonly FollowUpFacts[];
  readonly held: readonly {
    readonly symbol: string;
    readonly session: Session;
    readonly close: number;
    readonly reason: string;
  }[];
  readonly missing: readonly { readonly symbol: string; readonly session: Session }[];
  /** The revisions of the last 7 days. */
  readonly revised: readonly (Revision & { readonly symbol: string })[];
  readonly channels: readonly ChannelFacts[];
  /** When the closes were last evaluated; null: never. */
  readonly evaluatedAt: string | null;
  /** When the daemon checks next. */
  readonly nextRun: string;
  /** True while a daemon runs. */
  readonly watching: boolean;
}

export interface SignalFacts {
  readonly signal: string;
  readonly state: RecordState;
  /** The index's return since its last close of at least 7 days before; null where there is none. */
  readonly weekChange: number | null;
  readonly benchmark: (Close & { readonly weekChange: number | null }) | null;
}

/** An alert, and who has marked it as seen. */
export interface AlertFacts {
  /** Id of the message. */
  readonly message: string;
  readonly title: string;
  /** When it was decided, ISO instant. */
  readonly at: string;
  readonly seen: readonly Sighting[];
}

export interface FollowUpFacts {
  /** Id of the event. */
  readonly event: string;
  readonly session: Session;
  /** The next horizon, in calendar months, and the day it is reached. */
  readonly months: number;
  readonly due: Session;
}

export interface ChannelFacts {
  readonly channel: string;
  /** Paused until then; null inside: until somebody resumes it. Null: not paused. */
  readonly paused: { readonly until: string | null } | null;
  /** The last read-only test; null: not tried yet. */
  readonly test: { readonly at: string; readonly failure: string | null } | null;
  /** The bot's gateway, over which it answers; absent for other channels, and before a daemon has tried it. */
  readonly gateway?: { readonly at: string; readonly failure: string | null };
  /** The newest message that surely arrived; null: none yet. */
  readonly lastSent: { readonly message: string; readonly at: string } | null;
  /** Messages that wait for it. */
  readonly open: number;
  /** True for an address that has been refused for days, and that no digest or warning goes to now; absent otherwise. */
  readonly leftAlone?: true;
}
