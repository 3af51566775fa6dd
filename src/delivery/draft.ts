import type { Message, Outgoing, Picture } from '../message/message.ts';
import type { Delivery } from '../store/deliveries.ts';
import { goesWithoutPictures } from './after-attempt.ts';
import type { Sending } from './sender.ts';

/** What goes out in one delivery, but for what it refers to, which only the channel knows. */
export interface Draft extends Pick<Outgoing, 'repeat' | 'lacking'> {
  /** Undefined where the ledger does not have it. */
  readonly message: Message | undefined;
  /** The ids of the first messages about its events. */
  readonly first: readonly string[];
  readonly pictures: readonly Picture[];
}

/**
 * Makes ready what is sent: the message, and its pictures where they may go with it. Before it is claimed: what is not begun
 * is no attempt that may have arrived.
 */
export async function draftOf(
  delivery: Delivery,
  { repeat }: Pick<Draft, 'repeat'>,
  { read, draw, tell }: Pick<Sending, 'read' | 'draw' | 'tell'>,
): Promise<Draft> {
  const stored = await read(delivery.message);
  const { message, first = [] } = stored === undefined ? {} : await tell(stored, delivery.channel);
  const pictures = message === undefined ? [] : await draw(message);
  if (pictures === undefined) return { message, first, repeat, pictures: [], lacking: 'not drawn' };
  const draft = { message, first, repeat, pictures };
  const carries = pictures.length > 0 || message?.tells !== undefined;
  return carries && goesWithoutPictures(delivery) ? wordsAlone(draft) : draft;
}

/** The same without its pictures and files, which says so. */
export function wordsAlone({ message, first, repeat }: Draft): Draft {
  return { message, first, repeat, pictures: [], lacking: 'not taken' };
}

/** Draws each message once for all channels. */
export function drawingOnce(draw: Sending['draw']): Sending['draw'] {
  const drawn = new Map<string, ReturnType<Sending['draw']>>();
  return (message) => {
    const pictures = drawn.get(message.id) ?? draw(message);
    drawn.set(message.id, pictures);
    return pictures;
  };
}

/** Reads each message once for all channels: what a thousand of them send is the same to the object. */
export function readingOnce({ ledger }: Pick<Sending, 'ledger'>): Sending['read'] {
  const known = new Map<string, Message>();
  return async (id) => {
    const message = known.get(id) ?? (await ledger.message(id));
    if (message === undefined) return undefined;
    // Where several have asked at once, the first answer is the one for all.
    const first = known.get(id) ?? message;
    known.set(id, first);
    return first;
  };
}
