import type { Session } from '../market/close.ts';
import type { Message, MessageKind, Receipt } from '../message/message.ts';

/**
 * history: known before the bot watched, never told. alerted: told, or about to be. retracted: told, and taken back.
 * cancelled: gone before anything was tried.
 */
export type EventStatus = 'history' | 'alerted' | 'retracted' | 'cancelled';

export type DeliveryState = 'pending' | 'sending' | 'sent' | 'failed' | 'unknown';

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
  /** Mark of the settings that the events were found with. */
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

/** A message and the channels that it goes to. */
export interface Posting {
  readonly message: Message;
  /** Id of its event; null for a warning or a drill. */
  readonly event: string | null;
  /** `reached`: where an earlier message of the event arrived, or may have. */
  readonly channels: readonly string[] | 'reached';
  /**
   * Since when the same message could have been posted, ISO instant; the message's own time by default. After a restore,
   * what was due before it may have been sent.
   */
  readonly dueAt?: string;
}

export interface Delivery {
  readonly message: string;
  readonly kind: MessageKind;
  readonly channel: string;
  readonly state: DeliveryState;
  readonly attempts: number;
  /** Attempts that may have arrived. */
  readonly unknownAttempts: number;
  /** Why it is not sent; null when it is, or was not tried. */
  readonly reason: string | null;
  /** Mark of the channel's settings at the last attempt. */
  readonly fingerprint: string | null;
  /** Not to be tried before, ISO instant: the service asked for it. */
  readonly notBefore: string | null;
  /** True while a reading says that its event is gone, and once that was told: it must not be sent. */
  readonly inDoubt: boolean;
  /** True when the message surely arrived on another channel. The folder's files reach nobody by themselves. */
  readonly elsewhere: boolean;
  /** True when nothing was tried here since the database was put back from a copy. */
  readonly restored: boolean;
  /** When the message was decided, ISO instant. */
  readonly decidedAt: string;
  readonly changedAt: string;
  /** The newest pause of its channel; null: there was none. */
  readonly pause: Pause | null;
}

/** A channel that keeps the messages of events for later, and takes no others. */
export interface Pause {
  readonly channel: string;
  /** ISO instant. */
  readonly since: string;
  /** ISO instant; null: until a person ends it. */
  readonly until: string | null;
}

/** Something that is wrong and was told. */
export interface OpenTrouble {
  readonly name: string;
  readonly since: string;
}

/** The newest look at a part that can fail: a kind of channel, its drill, the database, the backup. */
export interface Probe {
  readonly part: string;
  /** ISO instant. */
  readonly triedAt: string;
  /** When the failures began, ISO instant; null while it works. */
  readonly failingSince: string | null;
  /** What is wrong; null while it works. */
  readonly failure: string | null;
}

/** The newest message that surely arrived on a channel. */
export interface ProvenDelivery {
  readonly channel: string;
  readonly message: string;
  /** ISO instant. */
  readonly at: string;
}

/** A delivery that one holder took for one attempt. */
export interface Claim extends Pick<Delivery, 'message' | 'channel'> {
  readonly owner: string;
  /** The number of the attempt, from 1 on. */
  readonly attempt: number;
}

/** How an attempt ended, for the ledger. */
export interface DeliveryUpdate {
  readonly state: Exclude<DeliveryState, 'sending'>;
  readonly reason: string | null;
  readonly notBefore: string | null;
  readonly receipt: Receipt | null;
}

/** How long a lease holds without being prolonged, in milliseconds. */
export const LEASE_MS = 120_000;

/** Who holds the lease. */
export interface LeaseOwner {
  /** Unique to one run. */
  readonly id: string;
  readonly host: string;
  readonly pid: number;
  /**
   * When the process started, and in which boot and pid namespace of its host: only there does a pid say anything, and this
   * tells two processes of one pid apart. Null where unknown.
   */
  readonly processStarted: string | null;
}

/** The run does not hold the lease any more: its process slept, and another one went on meanwhile. */
export class LeaseLostError extends Error {
  override name = 'LeaseLostError';
}

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

/** The process that watches. */
export interface Daemon extends LeaseOwner {
  readonly startedAt: string;
  /** When it last said that it lives, ISO instant. */
  readonly seenAt: string;
}

/**
 * The truth that must not be lost or doubled. SQLite keeps it by default; its callers do not know. What a run decides, posts,
 * raises and clears (`asHolder`) requires, in the same transaction, that the run still has the lease; otherwise nothing is
 * written, and they throw LeaseLostError.
 */
export interface Ledger {
  /** Undefined before the first evaluated run of the signal. */
  signal(signal: string): Promise<SignalRecord | undefined>;
  /** Writes decisions and the deliveries they ask for in one transaction. */
  decide(...decisions: readonly Decision[]): Promise<void>;
  /** Adds a message that belongs to no event. A message that is there already is left alone. */
  post(posting: Posting): Promise<void>;
  message(id: string): Promise<Message | undefined>;
  /**
   * Settles as unknown what another holder, who lost the lease, was just sending: it is dead, or sleeps and writes nothing any
   * more when it wakes. The time of its last change stays that of the attempt.
   * @throws {LeaseLostError}
   */
  abandonSending(owner: string): Promise<void>;
  /** The deliveries that are not sent, oldest message first. */
  unsent(): Promise<Delivery[]>;
  /** The deliveries of some messages, whatever their state. */
  deliveriesOf(messages: readonly string[]): Promise<Delivery[]>;
  /** The newest messages of all kinds, newest first. */
  newestMessages(limit: number): Promise<Message[]>;
  /** How a message arrived on a channel; null where it did not. */
  receipt(message: string, channel: string): Promise<Receipt | null>;
  /**
   * Takes a delivery for sending, only while it is still in the state that was read.
   * @returns the claim; undefined when somebody else was faster
   * @throws {LeaseLostError}
   */
  claim(delivery: Delivery, owner: string, settings: string, now: string): Promise<Claim | undefined>;
  /**
   * Looks, just before the bytes of a claimed delivery are written, whether they still may be: the holder has the lease, which
   * is prolonged, and the claim.
   * @param now epoch milliseconds
   * @throws {LeaseLostError}
   */
  mayWrite(claim: Claim, now: number): Promise<void>;
  /**
   * Notes how a claimed attempt ended.
   * @returns false, and changes nothing, where the claim is none any more: given up as unknown by whoever took over, claimed
   * again, or sent by another
   */
  recordResult(claim: Claim, update: DeliveryUpdate, now: string): Promise<boolean>;
  /**
   * Notes what became of a delivery without an attempt, only while it is still as it was read.
   * @returns false where it is not
   * @throws {LeaseLostError}
   */
  note(delivery: Delivery, owner: string, update: DeliveryUpdate, now: string): Promise<boolean>;
  /**
   * Takes the lease, or prolongs it. One that ends further ahead than any lease lasts was taken by a clock that was wrong, and
   * is none.
   * @returns the holder that is in the way, or undefined when it is taken
   */
  takeLease(owner: LeaseOwner, now: number, isDead: (other: LeaseOwner) => boolean): Promise<LeaseOwner | undefined>;
  /**
   * Prolongs the lease, while it still is the holder's. One that another run took and gave back is not: what was read before
   * is not true any more.
   * @param now epoch milliseconds
   * @throws {LeaseLostError}
   */
  keepLease(owner: string, now: number): Promise<void>;
  /** Notes that a run begins. @returns its number */
  beginRun(command: string, startedAt: string): Promise<number>;
  /** Notes how the run ended and gives the lease back. */
  endRun(run: number, result: unknown, endedAt: string, owner: string): Promise<void>;
  /** The runs that began since an instant, oldest first. */
  runs(since: string): Promise<Run[]>;
  /** The newest runs, newest first. */
  newestRuns(limit: number): Promise<RunResult[]>;
  /** The run that began last. */
  lastRun(): Promise<Run | undefined>;
  /** When the first of the runs that are kept began, over a year's; undefined before any. */
  watchingSince(): Promise<string | undefined>;
  /** When the newest message of a kind up to an instant that some channel was tried with was decided; undefined: there is none. */
  lastTried(kind: MessageKind, until: string): Promise<string | undefined>;
  /** The channels that some message of an event reached, or may have. */
  reached(event: string): Promise<string[]>;
  /** Per channel the newest message that surely arrived. */
  proven(): Promise<ProvenDelivery[]>;

  openTroubles(): Promise<OpenTrouble[]>;
  /** Opens a trouble and posts its warning. One that was told before is opened again without a word. */
  raise(trouble: OpenTrouble, warning: Posting): Promise<void>;
  /**
   * Closes a trouble. Its warnings are withdrawn wherever they have not arrived; the all-clear goes where they have.
   * @param allClear undefined: it ends without a word
   */
  clear(trouble: OpenTrouble, allClear: Omit<Posting, 'channels'> | undefined, now: string): Promise<void>;

  /** The channels that the newest run had which had any set up, by id. */
  channelsBefore(): Promise<readonly string[]>;
  noteChannels(ids: readonly string[]): Promise<void>;

  probes(): Promise<Probe[]>;
  /** Notes a look at a part. @param failure what is wrong; null: it works */
  probe(part: string, failure: string | null, now: string): Promise<void>;

  pauses(): Promise<Pause[]>;
  /** Pauses a channel, or moves the end of its pause. */
  pause(channel: string, until: string | null, now: string): Promise<void>;
  /** Ends the pause of a channel. @returns false where it was not paused */
  resume(channel: string, now: string): Promise<boolean>;

  /** The process that watches, or that did and died; undefined after a clean stop. */
  daemon(): Promise<Daemon | undefined>;
  /** Notes that a daemon lives. */
  daemonLives(daemon: Daemon): Promise<void>;
  /** Notes that it has stopped, unless another one has taken its place. */
  daemonStopped(owner: string): Promise<void>;
}
