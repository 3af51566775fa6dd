import type { Session } from '../market/close.ts';
import type { KnownClose, Revision } from '../market/known-close.ts';
import type { Testimony } from '../market/witness.ts';
import type { SignalLabels } from '../message/alert.ts';
import type { Detection } from '../signal/first-record.ts';
import type { ImportNote } from '../store/imports.ts';
import type { SignalCloses } from '../study/signal-closes.ts';

/** Everything one evaluation of one signal is made from. */
export interface Evaluation {
  readonly labels: SignalLabels;
  readonly closes: SignalCloses;
  readonly detection: Detection;
  /** The same with each value that waits for its second reading accepted already; absent: none does. */
  readonly asRead?: View;
  /** Fingerprint of everything that the rule depends on. */
  readonly fingerprint: string;
  /** True where a whole history was restated lately: what that changes waits as long as in a dispute. */
  readonly newlyRestated: boolean;
  /** The sessions of the index that this run read a value of, ascending; undefined: it read nothing. */
  readonly readSessions: ReadonlySet<Session> | undefined;
  /** Epoch milliseconds. */
  readonly now: number;
  /** The ids of the channels that the signal's messages go to. */
  readonly channels: readonly string[];
  /** What is known of a session's close, to say why an event was found late. */
  readonly known: (session: Session) => {
    readonly close: KnownClose | undefined;
    readonly revisions: readonly Revision[];
  };
  /** The imports of the index, newest first; asked only where a session has no close, or an event is found late. Absent: none. */
  readonly imports?: () => readonly ImportNote[];
  /** True where nothing that an event's figures stand on has changed since they were last compared; absent: not known. */
  readonly unchanged?: (session: Session) => boolean;
  /** What a second source says of sessions whose closes make an alert; absent: it was not asked. */
  readonly testimonies?: ReadonlyMap<Session, Testimony>;
}

/** Closes and what they make of the signal. */
export interface View {
  readonly closes: SignalCloses;
  readonly detection: Detection;
}

export function isEvent({ detection }: Pick<View, 'detection'>, session: Session): boolean {
  return detection.events.some((event) => event.session === session);
}
