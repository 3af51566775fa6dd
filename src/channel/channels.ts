import type { Channel } from './channel.ts';
import { createDiscordBotChannel, type DiscordBotSettings } from './discord-bot/transport.ts';
import { createDiscordWebhookChannel, type DiscordWebhookSettings } from './discord-webhook/transport.ts';
import { createMailServer } from './email/mail-server.ts';
import { createEmailChannel, type EmailSettings } from './email/transport.ts';
import { createFolderChannel } from './folder/transport.ts';
import { messageWithoutAddresses } from './without-addresses.ts';

/** What is set up; undefined is off. */
export interface ChannelSettings {
  readonly discordWebhook: DiscordWebhookSettings | undefined;
  readonly discordBot: DiscordBotSettings | undefined;
  readonly mention: string | undefined;
  readonly email: EmailSettings | undefined;
  readonly outboxDir: string | undefined;
}

/**
 * Every channel that is set up. The one place that knows them all.
 * @param timeout how long a service may take for one answer, in milliseconds; by default each channel's own
 * @param now epoch milliseconds; by default the real clock
 */
export function createChannels(settings: ChannelSettings, timeout?: number, now?: () => number): Channel[] {
  const { discordWebhook, discordBot, mention, email, outboxDir } = settings;
  const all = [
    ...(discordWebhook === undefined
      ? []
      : [createDiscordWebhookChannel(discordWebhook, mention, timeout, discordBot)]),
    ...(discordBot === undefined ? [] : [createDiscordBotChannel(discordBot, mention, timeout, now)]),
    ...(email === undefined ? [] : emailChannels(email, timeout)),
    ...(outboxDir === undefined ? [] : [createFolderChannel(outboxDir)]),
  ];
  return all.map((channel) => withoutOthers(channel, email?.to ?? []));
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

function emailChannels(email: EmailSettings, timeout: number | undefined): Channel[] {
  const server = createMailServer(email.smtpUrl, timeout);
  return email.to.map((recipient) => createEmailChannel(email, recipient, timeout, server));
}
