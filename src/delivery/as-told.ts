import type { Message } from '../message/message.ts';
import { togetherMessage } from '../message/together.ts';
import type { Ledger } from '../store/ledger.ts';

/** A message as one channel is told it. */
export interface AsTold {
  readonly message: Message;
  /** The ids of the first messages about its events, which a channel refers to. */
  readonly first: readonly string[];
}

type Reads = Pick<Ledger, 'message' | 'toldIn'>;

/**
 * A message as a channel is told it: what tells many events is written from what each of them says now, and without those that
 * the channel is told alone, as they were in doubt before it arrived.
 * @param channel undefined: as those were told it that were told most
 */
export async function asTold(ledger: Reads, message: Message, channel?: string): Promise<AsTold> {
  const members = message.tells === undefined ? [] : await membersOf(ledger, await ledger.toldIn(message.id, channel));
  return written(message, members);
}

/** The same, writing what several channels are told once. */
export function tellingOnce(ledger: Reads): (message: Message, channel: string) => Promise<AsTold> {
  const known = new Map<string, Promise<AsTold>>();
  return async (message, channel) => {
    if (message.tells === undefined) return written(message, []);
    const ids = await ledger.toldIn(message.id, channel);
    const key = [message.id, ...ids].join('\n');
    const told = known.get(key) ?? membersOf(ledger, ids).then((members) => written(message, members));
    known.set(key, told);
    return told;
  };
}

async function membersOf(ledger: Reads, ids: readonly string[]): Promise<Message[]> {
  return (await Promise.all(ids.map((id) => ledger.message(id)))).flatMap((found) => found ?? []);
}

function written(message: Message, members: readonly Message[]): AsTold {
  if (members.length === 0) return { message, first: message.refersTo === null ? [] : [message.refersTo] };
  const { id, kind, session, createdAt } = message;
  return {
    message: togetherMessage({ kind, session: session ?? '', createdAt }, members, id),
    first: members.flatMap(({ refersTo }) => refersTo ?? []),
  };
}
