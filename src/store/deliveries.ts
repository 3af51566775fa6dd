import type { Message, MessageKind, Receipt } from '../message/message.ts';

export type DeliveryState = 'pending' | 'sending' | 'sent' | 'failed' | 'unknown';

/** A message and the channels that it goes to. */
export interface Posting {
  readonly message: Message;
  /** Id of its event; null for a warning or a drill. */
  readonly event: string | null;
  /** `reached`: where an earlier message of the event arrived, or may have. */
  readonly channels: readonly string[] | 'reached';
  /** True: also wherever an earlier message of the event was posted to, and so has arrived or still may. */
  readonly alsoWherePosted?: true;
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
  /** Fingerprint of the channel's settings at the last attempt. */
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

/** The newest message that surely arrived on a channel. */
export interface ProvenDelivery {
  readonly channel: string;
  readonly message: string;
  /** ISO instant. */
  readonly at: string;
}

/** A delivery that one owner took for one attempt. */
export interface Claim extends Pick<Delivery, 'message' | 'channel'> {
  readonly owner: string;
  /** The number of the attempt, from 1 on. */
  readonly attempt: number;
}

/** What becomes of a delivery, after an attempt or without one. */
export interface DeliveryUpdate {
  readonly state: Exclude<DeliveryState, 'sending'>;
  readonly reason: string | null;
  readonly notBefore: string | null;
  readonly receipt: Receipt | null;
}
