import type { REST } from 'discord.js';
import type { Outgoing, Receipt } from '../../message/message.ts';
import { discordFiles, renderDiscord } from '../../render/discord-embed.ts';
import { type AttemptResult, type Channel, ChannelError, fingerprintOf, type MayWrite } from '../channel.ts';
import { textOf } from '../discord/answer.ts';
import { DISCORD_CODES } from '../discord/codes.ts';
import { mentionFor } from '../discord/mention.ts';
import { isForum, isThread, type Place } from '../discord/place.ts';
import { ANSWER_TIMEOUT, connect } from '../discord/rest.ts';
import { resultOf, sentWhere } from '../discord/result.ts';
import type { DiscordWebhookSettings } from './settings.ts';

/** Discord's code for a thread that is gone. */
const UNKNOWN_CHANNEL = 10_003;
/** The type of a webhook that brings the news of another server: nobody can post through it. */
const CHANNEL_FOLLOWER = 2;

/**
 * Posts through a webhook: an address that posts into one channel, without a bot. A webhook cannot tell whether it has
 * seen a message, so one attempt is one POST, and what became of it is for the ledger.
 * @param bot a bot of the same server, which its test asks about the channel
 */
export function createDiscordWebhookChannel(
  settings: DiscordWebhookSettings,
  mention: string | undefined,
  timeout = ANSWER_TIMEOUT,
  bot?: { readonly token: string },
): Channel {
  const { id, token, threadId, threadName, api } = settings;
  const post = async (
    outgoing: Outgoing,
    link: string | undefined,
    thread: string | undefined,
    mayWrite: MayWrite | undefined,
  ): Promise<AttemptResult> => {
    const { Routes } = await import('discord.js');
    const rest = await connect(api, timeout, 0, mayWrite);
    const body = renderDiscord(outgoing, mentionFor(outgoing, mention), link);
    try {
      const answer = await rest.post(Routes.webhook(id, token), {
        auth: false,
        query: new URLSearchParams({ wait: 'true', ...(thread === undefined ? {} : { thread_id: thread }) }),
        body: thread === undefined && threadName !== undefined ? { ...body, thread_name: threadName } : body,
        files: discordFiles(outgoing),
        // The client's own timeout ends with the headers of the answer; this one with its last byte.
        signal: AbortSignal.timeout(timeout),
      });
      return sentWhere(answer);
    } catch (error) {
      // The post of the first message is gone: surely not sent, and a post of its own is better than none.
      const gone = (error as { code?: unknown }).code === UNKNOWN_CHANNEL && thread !== threadId;
      return gone ? post(outgoing, link, threadId, mayWrite) : resultOf(error, 'webhook');
    }
  };
  return {
    id: 'discord-webhook',
    needsNetwork: true,
    fingerprint: fingerprintOf(api, id, token, threadId ?? '', mention ?? '', ...(threadName ? [threadName] : [])),
    send: async (outgoing, mayWrite) => {
      const { refersTo } = outgoing;
      const link =
        refersTo === null ? undefined : await linkTo(await connect(api, timeout), settings, refersTo, timeout);
      // In a forum the first message has made a post, and what refers to it belongs there.
      return post(outgoing, link, threadName === undefined ? threadId : refersTo?.channelId, mayWrite);
    },
    test: async () => {
      const { Routes } = await import('discord.js');
      const rest = await connect(api, timeout);
      try {
        const answer = await rest.get(Routes.webhook(id, token), { auth: false, signal: AbortSignal.timeout(timeout) });
        if (textOf(answer, 'id') !== undefined) {
          const problem = await whyNotThere(rest, answer, settings, timeout, bot);
          if (problem !== undefined) throw new ChannelError(problem);
          const name = textOf(answer, 'name');
          return `webhook${name ? ` '${name}'` : ''} is there`;
        }
      } catch (error) {
        if (error instanceof ChannelError) throw error;
        // Without its cause: the client's errors carry the address, and the token in it.
        throw new ChannelError(resultOf(error, 'webhook').reason);
      }
      throw new ChannelError(
        'what answers there is not a webhook; check DISCORD_WEBHOOK_URL, and DISCORD_API_URL if set',
      );
    },
  };
}

/**
 * Why a webhook that is there cannot be posted through, as far as can be told without posting anything. Whether it is of
 * a forum only a bot of the same server can see.
 */
async function whyNotThere(
  rest: REST,
  webhook: unknown,
  { id, token, threadId, threadName }: DiscordWebhookSettings,
  timeout: number,
  bot: { readonly token: string } | undefined,
): Promise<string | undefined> {
  const { Routes } = await import('discord.js');
  if ((webhook as { type?: unknown }).type === CHANNEL_FOLLOWER) {
    return 'this webhook brings the news of another server and takes no messages; make a new one and set DISCORD_WEBHOOK_URL';
  }
  const signal = () => AbortSignal.timeout(timeout);
  if (threadId !== undefined) {
    // Looks for a message that may be there or not; a thread that is gone has another code than a message that is.
    const gone = await rest
      .get(Routes.webhookMessage(id, token, threadId), {
        auth: false,
        query: new URLSearchParams({ thread_id: threadId }),
        signal: signal(),
      })
      .then(
        () => false,
        (error: unknown) => (error as { code?: unknown }).code === UNKNOWN_CHANNEL,
      );
    if (gone) return saysOf(UNKNOWN_CHANNEL);
  }
  const channelId = textOf(webhook, 'channel_id');
  const place = threadId ?? channelId;
  if (bot === undefined || place === undefined) return undefined;
  rest.setToken(bot.token);
  // What the bot cannot see says nothing of the webhook.
  const seen = await rest.get(Routes.channel(place), { signal: signal() }).catch(() => undefined);
  return typeof seen === 'object' && seen !== null ? misfit(seen, channelId, threadName) : undefined;
}

/** Why the webhook of a channel cannot post into a place. */
function misfit(place: Place, channelId: string | undefined, threadName: string | undefined): string | undefined {
  if (isThread(place)) return place.parent_id === channelId ? undefined : saysOf(UNKNOWN_CHANNEL);
  if (isForum(place)) return threadName === undefined ? saysOf(220_001) : undefined;
  return threadName === undefined ? undefined : saysOf(220_003);
}

function saysOf(code: number): string {
  const says = DISCORD_CODES[code]?.says ?? '';
  return typeof says === 'string' ? says : says.webhook;
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
