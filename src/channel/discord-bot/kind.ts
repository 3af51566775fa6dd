import { DISCORD_VARIABLES, unencryptedApi } from '../discord/settings.ts';
import type { ChannelKind } from '../kind.ts';
import { type DiscordBotSettings, readDiscordBot } from './settings.ts';

/** A bot that posts into a channel of its server. */
export const DISCORD_BOT: ChannelKind<DiscordBotSettings, { readonly mention: string | undefined }> = {
  kind: 'discord-bot',
  variables: ['DISCORD_BOT_TOKEN', 'DISCORD_CHANNEL_ID', ...DISCORD_VARIABLES],
  secretVariables: ['DISCORD_BOT_TOKEN'],
  takesDigests: false,
  read: readDiscordBot,
  secrets: ({ token }) => [token],
  unencrypted: unencryptedApi,
  asks: async () => (await import('./asks.ts')).DISCORD_BOT_ASKS,
  create: async (own, { mention }, { timeout, now }) => {
    const { createDiscordBotChannel } = await import('./transport.ts');
    return [createDiscordBotChannel(own, mention, timeout, now)];
  },
};
