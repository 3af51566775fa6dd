import type { MessageKind, Outgoing } from '../../message/message.ts';

/** Only what is said of an event itself wakes anybody, the reminder of it, and a drill: it must travel the whole path. */
const WAKES: readonly MessageKind[] = ['alert', 'correction', 'retraction', 'reminder', 'drill'];

/** The role or user that this message may mention. */
export function mentionFor({ message }: Outgoing, mention: string | undefined): string | undefined {
  return WAKES.includes(message.kind) ? mention : undefined;
}
