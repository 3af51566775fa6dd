import { DISCORD_VARIABLES, mentionRemarks, unencryptedApi } from '../discord/settings.ts';
import type { ChannelKind } from '../kind.ts';
import { type DiscordWebhookSettings, FIRST_WEBHOOK, readDiscordWebhooks, webhookAddresses } from './settings.ts';

/** What it looks at beside its own settings. */
interface Beside {
  readonly mention: string | undefined;
  /** A bot of the same server, which its test asks about the channel. */
  readonly discordBot?: { readonly token: string } | undefined;
}

/** Addresses that post into one channel of Discord each, without a bot. */
export const DISCORD_WEBHOOK: ChannelKind<readonly DiscordWebhookSettings[], Beside> = {
  kind: FIRST_WEBHOOK,
  variables: ['DISCORD_WEBHOOK_URL', ...DISCORD_VARIABLES],
  lists: ['DISCORD_WEBHOOK_URL'],
  secretVariables: ['DISCORD_WEBHOOK_URL'],
  takesDigests: false,
  // Many read what one webhook posts: nobody is named by its id.
  recipients: { of: () => [], all: 'all webhooks', pattern: String.raw`\d+`, example: '123456789012345678' },
  read: readDiscordWebhooks,
  secrets: (own, env) => [...webhookAddresses(env), ...own.map(({ token }) => token)],
  unencrypted: unencryptedApi,
  remarks: mentionRemarks,
  asks: async () => (await import('./asks.ts')).DISCORD_WEBHOOK_ASKS,
  create: async (own, { mention, discordBot }, { timeout }) => {
    const { createDiscordWebhookChannel } = await import('./transport.ts');
    return own.map((webhook) => createDiscordWebhookChannel(webhook, mention, timeout, discordBot));
  },
};
