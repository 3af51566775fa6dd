import type { MessageKind } from '../message/message.ts';
import type { Delivery } from '../store/deliveries.ts';

type Kind = Pick<Delivery, 'kind'>;

/** What belongs to an event. */
export const KINDS_OF_EVENTS: readonly MessageKind[] = ['alert', 'correction', 'retraction', 'follow-up'];
/** What is tried until somebody has it. A follow-up is no news any more after its week. */
const NEVER_DROPPED: readonly MessageKind[] = ['alert', 'correction', 'retraction'];
/** What goes to everybody by email, and says the same tomorrow. */
const CAN_WAIT: readonly MessageKind[] = ['digest', 'drill'];

/** True for what belongs to an event: a check sends it, and a paused channel keeps it for later. */
export function isOfAnEvent({ kind }: Kind): boolean {
  return KINDS_OF_EVENTS.includes(kind);
}

/** True for what is tried until somebody has it. */
export function isNeverDropped({ kind }: Kind): boolean {
  return NEVER_DROPPED.includes(kind);
}

/** True for the bot's own words: they belong to no event, and later runs try them again. */
export function isOwnWord(delivery: Kind): boolean {
  return !isOfAnEvent(delivery) && !isDrill(delivery);
}

/** True for a drill: only the run that wrote it sends it, as one of last week proves nothing. */
export function isDrill({ kind }: Kind): boolean {
  return kind === 'drill';
}

/** True for what a mail server with a quota is not asked to take while a message of an event waits. */
export function canWait({ kind }: Kind): boolean {
  return CAN_WAIT.includes(kind);
}

/** What a message is about: the ids of one event begin with its signal and session. */
export function subjectOf({ message }: Pick<Delivery, 'message'>): string {
  return message.split('/').slice(0, 2).join('/');
}
