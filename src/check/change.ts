import type { Session } from '../market/close.ts';
import type { Message } from '../message/message.ts';
import type { Posting } from '../store/deliveries.ts';
import type { LedgerEvent } from '../store/events.ts';

/** What one event changes; nothing where everything stands as told. */
export interface Change {
  readonly event?: LedgerEvent;
  readonly posting?: Posting;
  readonly rewritten?: Message;
  readonly withdrawn?: string;
  /** The session of an event that is not told yet, as the readings disagree. */
  readonly waiting?: Session;
}
