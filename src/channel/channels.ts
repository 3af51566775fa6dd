import type { Channel } from './channel.ts';
import { createDiscordWebhookChannel, type DiscordWebhookSettings } from './discord-webhook.ts';
import { createEmailChannel, type EmailSettings } from './email.ts';
import { createFolderChannel } from './folder.ts';

/** What is set up; undefined is off. */
export interface ChannelSettings {
  readonly discordWebhook: DiscordWebhookSettings | undefined;
  readonly mention: string | undefined;
  readonly email: EmailSettings | undefined;
  readonly outboxDir: string | undefined;
}

/** Every channel that is set up. The one place that knows them all. */
export function createChannels({ discordWebhook, mention, email, outboxDir }: ChannelSettings): Channel[] {
  return [
    ...(discordWebhook === undefined ? [] : [createDiscordWebhookChannel(discordWebhook, mention)]),
    ...(email === undefined ? [] : email.to.map((recipient) => createEmailChannel(email, recipient))),
    ...(outboxDir === undefined ? [] : [createFolderChannel(outboxDir)]),
  ];
}
