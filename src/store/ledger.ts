import type { Session } from '../market/close.ts';
import type { Message, MessageKind, Receipt } from '../message/message.ts';
import type { Acknowledgement } from './acknowledgements.ts';
import type { Claim, Delivery, DeliveryUpdate, Pause, Posting, ProvenDelivery } from './deliveries.ts';
import type { Decision, SignalRecord } from './events.ts';
import type { LeaseOwner } from './lease-owner.ts';
import type { Daemon, Run, RunResult } from './runs.ts';
import type { OpenTrouble, Probe } from './troubles.ts';

/** Why a ledger is no longer the one that was opened. */
export interface LedgerFault {
  readonly why: string;
  /** True where opening it anew would open the right one. */
  readonly reopen: boolean;
}

/**
 * The truth that must not be lost or doubled. SQLite keeps it by default; its callers do not know. What a run decides, posts,
 * raises and clears (`asOwner`) requires, in the same transaction, that the run still has the lease; otherwise nothing is
 * written, and they throw LeaseLostError.
 */
export interface Ledger {
  /** How long the lease of a run holds without being prolonged, in milliseconds. */
  readonly runLeaseMs: number;
  /**
   * How long who leads does so without saying again that it lives, in milliseconds, by the clock of the database; undefined:
   * as long as its process lives, or is heard of.
   */
  readonly leaderLeaseMs: number | undefined;
  /** Undefined before the first evaluated run of the signal. */
  signal(signal: string): Promise<SignalRecord | undefined>;
  /** Writes decisions and the deliveries they ask for in one transaction. */
  decide(...decisions: readonly Decision[]): Promise<void>;
  /**
   * Adds messages in one transaction. One that is there already is left alone. What tells others stands behind them, and they
   * are new with it: in a run that has the lease, made from what the ledger says in it.
   */
  post(...postings: readonly Posting[]): Promise<void>;
  message(id: string): Promise<Message | undefined>;
  /**
   * Notes as unknown what another owner, who lost the lease, was just sending: it is dead, or sleeps and writes nothing any
   * more when it wakes. The time of its last change stays that of the attempt.
   * @throws {LeaseLostError}
   */
  abandonSending(owner: string): Promise<void>;
  /** The deliveries that are not sent, oldest message first. */
  unsent(): Promise<Delivery[]>;
  /** The deliveries of some messages, whatever their state; where one is told in another one, how far that is. */
  deliveriesOf(messages: readonly string[]): Promise<Delivery[]>;
  /** The newest messages of all kinds, newest first. */
  newestMessages(limit: number): Promise<Message[]>;
  /**
   * The newest messages of some kinds that arrived on some channel, or may have, newest first: they are never taken back. What
   * was told in another one stands for itself; that one does not.
   */
  arrived(kinds: readonly MessageKind[], limit: number): Promise<Message[]>;
  /** The messages of a kind that were decided since an instant and go somewhere by themselves, oldest first. */
  messagesSince(kind: MessageKind, since: string): Promise<Message[]>;
  /** How a message arrived on a channel, by itself or in another one; null where it did not. */
  receipt(message: string, channel: string): Promise<Receipt | null>;
  /** The messages that one tells on a channel, in the order of its table; without a channel all that it tells anywhere. */
  toldIn(together: string, channel?: string): Promise<string[]>;
  /** The message in which another one is told on a channel; itself, where that is not together with others. */
  toldAs(message: string, channel: string): Promise<string>;
  /**
   * Takes a delivery for sending, only while it is still in the state that was read.
   * @returns the claim; undefined when somebody else was faster
   * @throws {LeaseLostError}
   */
  claim(delivery: Delivery, owner: string, fingerprint: string, now: string): Promise<Claim | undefined>;
  /**
   * Looks, just before the bytes of a claimed delivery are written, whether they still may be: the owner has the lease, which
   * is prolonged, and the claim.
   * @param now epoch milliseconds
   * @param longest how long the message may be on its way from now on, in milliseconds: where no process of another host can be
   *   seen, nobody calls it unknown before
   * @throws {LeaseLostError}
   */
  mayWrite(claim: Claim, now: number, longest: number): Promise<void>;
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
   * @returns the owner that is in the way, or undefined when it is taken
   */
  takeLease(owner: LeaseOwner, now: number, isDead: (other: LeaseOwner) => boolean): Promise<LeaseOwner | undefined>;
  /**
   * Prolongs the lease, while it still is the owner's. One that another run took and gave back is not: what was read before
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
  /** The channels that some message of an event was posted to, whatever became of it. */
  posted(event: string): Promise<string[]>;
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

  /** A single value by name, which no table of its own holds; undefined: none is noted. */
  fact(name: string): Promise<string | undefined>;
  /** @param value null: none any more. @returns false where it was that already */
  noteFact(name: string, value: string | null): Promise<boolean>;
  /** Notes a value where none is noted, whoever else does so at the same time. @returns the one that is noted from now on */
  keepFact(name: string, value: string): Promise<string>;
  /** The newest session that any signal was evaluated at; undefined before the first. */
  newestEvaluated(): Promise<Session | undefined>;
  /**
   * Takes out what a clock that was wrong has left, so that nothing is silenced, put off or kept indefinitely because of it.
   * @param now epoch milliseconds, by a clock that can be true only
   * @param longestPutOff no delivery is put off for longer, in milliseconds
   */
  voidFutureStamps(now: number, longestPutOff: number): Promise<void>;

  /** Why it is no longer the ledger that was opened, as far as can be seen at once; undefined: it is. */
  fault(): LedgerFault | undefined;
  /**
   * Looks that it can be used, still is the one that was opened, and no older copy was written over it.
   * @throws {DatabaseError}
   */
  requireContent(): Promise<void>;
  /** What is wrong with what is stored; null: it is sound. */
  unsoundness(): Promise<string | null>;

  /** What a person should know of the database beside what it holds, a line each. @param now epoch milliseconds */
  inspect(now: () => number): Promise<string[]>;

  probes(): Promise<Probe[]>;
  /** Notes a look at a part. @param failure what is wrong; null: it works */
  probe(part: string, failure: string | null, now: string): Promise<void>;

  /** Notes that somebody has seen a message. Saying it again changes nothing. @returns what was noted the first time */
  acknowledge(acknowledgement: Acknowledgement): Promise<Acknowledgement>;
  /** Who has seen some messages, each by itself or told in another one, the first one first. */
  acknowledgements(messages: readonly string[]): Promise<Acknowledgement[]>;

  pauses(): Promise<Pause[]>;
  /** Pauses a channel, or moves the end of its pause. */
  pause(channel: string, until: string | null, now: string): Promise<void>;
  /** Ends the pause of a channel. @returns false where it was not paused */
  resume(channel: string, now: string): Promise<boolean>;

  /** The daemon that leads, or that did and died; undefined after a clean stop. */
  daemon(): Promise<Daemon | undefined>;
  /**
   * Makes a daemon the leader where there is none; where it leads already, says again that it lives.
   * @param isGone whether another one that leads surely is no more
   * @returns the one that leads instead; undefined where this one leads
   */
  lead(daemon: Daemon, isGone: (leader: Daemon) => boolean): Promise<Daemon | undefined>;
  /** The daemons of this ledger, the leader too, in the order of their start. Some may have died, a day ago at most. */
  instances(): Promise<Daemon[]>;
  /** Says that a daemon lives, whether it leads or stands by. */
  instanceLives(daemon: Daemon): Promise<void>;
  /** Notes that a daemon has stopped; where another one leads, that goes on. */
  daemonStopped(id: string): Promise<void>;
}
