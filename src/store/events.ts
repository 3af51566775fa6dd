import type { Session } from '../market/close.ts';
import type { Message } from '../message/message.ts';
import type { Posting } from './deliveries.ts';

/**
 * history: known before the bot watched, never told. alerted: told, or about to be. retracted: told, and taken back.
 * cancelled: gone before anything was tried.
 */
export type EventStatus = 'history' | 'alerted' | 'retracted' | 'cancelled';

export interface LedgerEvent {
  /** `<signal>/<session>`. */
  readonly id: string;
  readonly session: Session;
  readonly status: EventStatus;
  /** When a reading first had no such event any more, ISO instant; null while it stands. */
  readonly goneSince: string | null;
  /** What the readings say and nobody was told; null where they say what was told. */
  readonly change: PendingChange | null;
}

/** What waits until the readings agree on it. */
export interface PendingChange {
  /** `gone`, or the figures that differ from the printed ones, as a text that changes with them. */
  readonly to: string;
  /** Since when every reading has said so, ISO instant. */
  readonly since: string;
}

/** An event with all that was said of it. */
export interface EventRecord extends LedgerEvent {
  /** Its messages, oldest first. */
  readonly messages: readonly Message[];
  /** True when one of them arrived somewhere, or may have. */
  readonly reached: boolean;
}

/** What the ledger knows of one signal. */
export interface SignalRecord {
  /** Fingerprint of the rule that the events were found with. */
  readonly fingerprint: string;
  /** Newest session of the first run with these settings. */
  readonly baselineSession: Session;
  readonly evaluatedSession: Session;
  /** ISO instant. */
  readonly evaluatedAt: string;
  readonly events: readonly EventRecord[];
}

/** All that one evaluation of one signal changes, written whole or not at all. */
export interface Decision {
  readonly signal: string;
  readonly fingerprint: string;
  readonly baselineSession: Session;
  readonly evaluatedSession: Session;
  readonly evaluatedAt: string;
  readonly events: readonly LedgerEvent[];
  readonly messages: readonly Posting[];
  /** Messages that nobody was sent yet, in their newest form. */
  readonly rewritten: readonly Message[];
  /** Events whose messages are withdrawn wherever they have not arrived. */
  readonly withdrawn: readonly string[];
  /** Sessions whose event is found and not told yet, as the readings disagree. Nothing is written of them. */
  readonly waiting: readonly Session[];
}
