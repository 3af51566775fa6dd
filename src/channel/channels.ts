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
  return channels.flat().map((channel) => withoutOthers(channel, recipients));
}

/** Everybody whose address is set up, in the order of the settings. */
export function recipientsOf(settings: ChannelSettings): string[] {
  return setUp(settings).flatMap(({ recipients }) => recipients);
}

/**
 * Whatever a message says, it leaves without anybody's address: those who write messages have kept them out already, but
 * what is sent to many must not depend on every one of them.
 */
function withoutOthers(channel: Channel, addresses: readonly string[]): Channel {
  const { send } = channel;
  return {
    ...channel,
    send: (outgoing, mayWrite) => {
      const message = messageWithoutAddresses(outgoing.message, addresses);
      return send({ ...outgoing, message }, mayWrite);
    },
  };
}
