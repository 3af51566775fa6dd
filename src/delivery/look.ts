import type { Channel } from '../channel/channel.ts';
import type { Receipt } from '../message/message.ts';
import type { Delivery } from '../store/deliveries.ts';

/** What a look for a message says: how it arrived, that it is not there, or why that is not known. */
export type Seen = Receipt | 'not there' | 'could not look' | 'cannot look';

/**
 * Looks, before an attempt, whether an earlier one arrived. Also after a refusal: a gateway may say 502 for a message that
 * has arrived behind it.
 */
export async function lookBefore(channel: Channel, delivery: Delivery): Promise<Seen | 'first attempt'> {
  const isFirst = delivery.state !== 'unknown' && delivery.attempts === 0;
  return isFirst ? 'first attempt' : look(channel, delivery);
}

/** Looks for a message that may have arrived, where the channel can. */
export async function look(channel: Channel, { message, decidedAt }: Delivery): Promise<Seen> {
  if (channel.find === undefined) return 'cannot look';
  try {
    return (await channel.find(message, Date.parse(decidedAt))) ?? 'not there';
  } catch {
    return 'could not look';
  }
}
