import { createDiscordWebhookChannel } from '../../../src/channel/discord-webhook/transport.ts';
import type { DiscordStandIn } from '../../support/discord-stand-in.ts';

/** The channel of the stand-in's webhook. */
export function channelOf(
  discord: DiscordStandIn,
  { mention, threadId, threadName, bot, timeout = 5000 }: Options = {},
) {
  const settings = { id: discord.id, token: discord.token, threadId, threadName, api: discord.url };
  return createDiscordWebhookChannel(settings, mention, timeout, bot ? { token: discord.botToken } : undefined);
}

interface Options {
  readonly mention?: string;
  readonly threadId?: string;
  readonly threadName?: string;
  /** A bot of the same server is set up too. */
  readonly bot?: boolean;
  readonly timeout?: number;
}

/** What a refused attempt has at least. */
export const refused = (permanent: boolean, rest: object = {}) => ({ state: 'refused', permanent, ...rest });
