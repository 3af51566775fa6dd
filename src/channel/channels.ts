import type { Message } from '../message/message.ts';
import type { Channel } from './channel.ts';
import type { ChannelSettings } from './registry.ts';
import { setUp } from './set-up.ts';
import { messageWithoutAddresses } from './without-addresses.ts';

/**
 * Every channel that is set up.
 * @param timeout how long a service may take for one answer, in milliseconds; by default each channel's own
 * @param now epoch milliseconds; by default the real clock
 */
export async function createChannels(
  settings: ChannelSettings,
  timeout?: number,
  now?: () => number,
): Promise<Channel[]> {
  const recipients = recipientsOf(settings);
  const channels = await Promise.all(setUp(settings).map(({ create }) => create({ timeout, now })));
  const hide = hidingOnce(recipients);
  return channels.flat().map((channel) => withoutOthers(channel, hide));
}

/** Everybody whose address is set up, in the order of the settings. */
export function recipientsOf(settings: ChannelSettings): string[] {
  return setUp(settings).flatMap(({ recipients }) => recipients);
}

/** Takes the addresses out of each message once: a thousand channels send the same one. */
function hidingOnce(addresses: readonly string[]): (message: Message) => Message {
  const hidden = new WeakMap<Message, Message>();
  return (message) => {
    const without = hidden.get(message) ?? messageWithoutAddresses(message, addresses);
    hidden.set(message, without);
    return without;
  };
}

/**
 * Whatever a message says, it leaves without anybody's address: those who write messages have kept them out already, but
 * what is sent to many must not depend on every one of them.
 */
function withoutOthers(channel: Channel, hide: (message: Message) => Message): Channel {
  const { send } = channel;
  return {
    ...channel,
    send: (outgoing, mayWrite) => send({ ...outgoing, message: hide(outgoing.message) }, mayWrite),
  };
}
