import type { REST } from 'discord.js';
import { discordFiles, renderDiscord } from '../message/discord-embed.ts';
import type { Receipt } from '../message/message.ts';
import { type Channel, ChannelError, settingsMark } from './channel.ts';
import {
  ANSWER_TIMEOUT,
  connect,
  mentionFor,
  outcomeOf,
  type RefusalWords,
  sentWhere,
  textOf,
} from './discord-rest.ts';

export interface DiscordWebhookSettings {
  readonly id: string;
  readonly token: string;
  readonly threadId: string | undefined;
  /** Base of the API, without version: `https://discord.com/api`. */
  readonly api: string;
}

const UNKNOWN_WEBHOOK = 'Discord does not know this webhook; make a new one and set DISCORD_WEBHOOK_URL';
const WORDS: RefusalWords = { unauthorized: UNKNOWN_WEBHOOK, notFound: UNKNOWN_WEBHOOK };

/**
 * Posts through a webhook: an address that posts into one channel, without a bot. A webhook cannot tell whether it has
 * seen a message, so one attempt is one POST, and what became of it is for the ledger.
 */
export function createDiscordWebhookChannel(
  settings: DiscordWebhookSettings,
  mention: string | undefined,
  timeout = ANSWER_TIMEOUT,
): Channel {
  const { id, token, threadId, api } = settings;
  return {
    id: 'discord-webhook',
    needsNetwork: true,
    settings: settingsMark(api, id, token, threadId ?? '', mention ?? ''),
    send: async (letter) => {
      const { Routes } = await import('discord.js');
      const rest = await connect(api, timeout);
      const link = letter.refersTo === null ? undefined : await linkTo(rest, settings, letter.refersTo, timeout);
      try {
        const answer = await rest.post(Routes.webhook(id, token), {
          auth: false,
          query: new URLSearchParams({ wait: 'true', ...(threadId === undefined ? {} : { thread_id: threadId }) }),
          body: renderDiscord(letter, mentionFor(letter, mention), link),
          files: discordFiles(letter),
          // The client's own timeout ends with the headers of the answer; this one with its last byte.
          signal: AbortSignal.timeout(timeout),
        });
        return sentWhere(answer);
      } catch (error) {
        return outcomeOf(error, WORDS);
      }
    },
    test: async () => {
      const { Routes } = await import('discord.js');
      const rest = await connect(api, timeout);
      try {
        const answer = await rest.get(Routes.webhook(id, token), { auth: false, signal: AbortSignal.timeout(timeout) });
        const name = textOf(answer, 'name');
        if (textOf(answer, 'id') !== undefined) return `webhook${name ? ` '${name}'` : ''} is there`;
      } catch (error) {
        // Without its cause: the client's errors carry the address, and the token in it.
        throw new ChannelError(outcomeOf(error, WORDS).reason);
      }
      throw new ChannelError(
        'what answers there is not a webhook; check DISCORD_WEBHOOK_URL, and DISCORD_API_URL if set',
      );
    },
  };
}

/** A webhook cannot reply; it can link. The link needs the server's id, which only the webhook itself tells. */
async function linkTo(
  rest: REST,
  { id, token }: DiscordWebhookSettings,
  { messageId, channelId }: Receipt,
  timeout: number,
): Promise<string | undefined> {
  const { Routes } = await import('discord.js');
  try {
    const webhook = await rest.get(Routes.webhook(id, token), { auth: false, signal: AbortSignal.timeout(timeout) });
    const guildId = textOf(webhook, 'guild_id');
    if (guildId && channelId && messageId) return `https://discord.com/channels/${guildId}/${channelId}/${messageId}`;
  } catch {
    // The message matters, the link does not.
  }
  return undefined;
}
