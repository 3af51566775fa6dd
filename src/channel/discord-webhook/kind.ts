import { DISCORD_VARIABLES, unencryptedApi } from '../discord/settings.ts';
import type { ChannelKind } from '../kind.ts';
import { type DiscordWebhookSettings, readDiscordWebhook } from './settings.ts';

/** What it looks at beside its own settings. */
interface Beside {
  readonly mention: string | undefined;
  /** A bot of the same server, which its test asks about the channel. */
  readonly discordBot?: { readonly token: string } | undefined;
}

/** An address that posts into one channel of Discord, without a bot. */
export const DISCORD_WEBHOOK: ChannelKind<DiscordWebhookSettings, Beside> = {
  kind: 'discord-webhook',
  variables: ['DISCORD_WEBHOOK_URL', ...DISCORD_VARIABLES],
  takesDigests: false,
  read: readDiscordWebhook,
  secrets: ({ token }, { DISCORD_WEBHOOK_URL = '' }) => [DISCORD_WEBHOOK_URL, token],
  unencrypted: unencryptedApi,
  create: async (own, { mention, discordBot }, { timeout }) => {
    const { createDiscordWebhookChannel } = await import('./transport.ts');
    return [createDiscordWebhookChannel(own, mention, timeout, discordBot)];
  },
};
