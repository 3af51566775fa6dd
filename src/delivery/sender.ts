import type { Channel } from '../channel/channel.ts';
import type { Message, Picture } from '../message/message.ts';
import type { Delivery } from '../store/deliveries.ts';
import type { Ledger } from '../store/ledger.ts';
import type { AsTold } from './as-told.ts';

/** What sending needs; an App has it all. */
export interface Sender {
  readonly settings: {
    readonly secrets: readonly string[];
    readonly dashboard: { readonly publicUrl: string | undefined };
  };
  readonly ledger: Ledger;
  readonly channels: readonly Channel[];
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Draws what goes beside a message; never throws. Undefined where that is something, and cannot be drawn. */
  readonly draw: (message: Message) => Promise<readonly Picture[] | undefined>;
  readonly host: {
    readonly sleep: (ms: number) => Promise<void>;
    /** Aborted: begin no attempt any more. */
    readonly stopping: AbortSignal;
  };
}

/** How a run delivers. */
export interface DeliverOptions {
  /** Who holds the lease. */
  readonly owner: string;
  /** No network: the folder delivers, other channels stay pending. */
  readonly offline: boolean;
  /** Which deliveries; without it those of events. */
  readonly only?: (delivery: Delivery) => boolean;
}

/** One run of a sender. */
export interface Sending extends Sender {
  /** A message as a channel is told it. */
  readonly tell: (message: Message, channel: string) => Promise<AsTold>;
  readonly owner: string;
  readonly offline: boolean;
  /** The key of the links under mails. Asked for where there is one to sign. */
  readonly seenKey: () => Promise<string>;
  /** A message by its id; undefined where the ledger does not have it. */
  readonly read: (id: string) => Promise<Message | undefined>;
}

/** How a run ended with one delivery. */
export type End =
  /** Nothing was to be done here, or another run does it. */
  | 'left'
  /** Its last attempt may have arrived, and is not repeated yet. */
  | 'waits'
  /** It was sent, given up, or refused for good. */
  | 'tried'
  /** The attempt may have arrived. */
  | 'no answer'
  /** The server had no time for it: another turn in this run may do. */
  | 'busy'
  /** A later run goes on. */
  | 'put off'
  /** A later run goes on, and the whole channel is left alone until then. */
  | 'asked to wait';

/** How far a run has come with one delivery. */
export interface Progress {
  readonly end: End;
  /**
   * Kept once its result is in the ledger; false where another process looks after it. Absent: it is. What comes next at a
   * server does not wait for it: the ledger writes both at once.
   */
  readonly noted?: Promise<boolean>;
}

/** The time as the ledger keeps it. */
export function stampOf({ now }: Pick<Sender, 'now'>): string {
  return new Date(now()).toISOString();
}
