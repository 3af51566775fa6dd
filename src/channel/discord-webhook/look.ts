import type { REST } from 'discord.js';
import { ChannelError } from '../channel.ts';
import { textOf } from '../discord/answer.ts';
import { DISCORD_CODES } from '../discord/codes.ts';
import { isForum, isThread, type Place } from '../discord/place.ts';
import { connect } from '../discord/rest.ts';
import { resultOf } from '../discord/result.ts';
import type { DiscordWebhookSettings } from './settings.ts';

/** Discord's code for a thread that is gone. */
export const UNKNOWN_CHANNEL = 10_003;
/** The type of a webhook that brings the news of another server: nobody can post through it. */
const CHANNEL_FOLLOWER = 2;

/** A bot of the same server, which sees the channel that the webhook is of. */
export interface Seer {
  readonly token: string;
}

/**
 * Looks whether the webhook is there and takes messages, without posting anything.
 * @returns one line
 * @throws {ChannelError} saying what to do
 */
export async function look(settings: DiscordWebhookSettings, timeout: number, bot: Seer | undefined): Promise<string> {
  const { id, token, api } = settings;
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
    'that address is not a Discord webhook; check DISCORD_WEBHOOK_URL, and DISCORD_API_URL if set',
  );
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
  bot: Seer | undefined,
): Promise<string | undefined> {
  const { Routes } = await import('discord.js');
  if ((webhook as { type?: unknown }).type === CHANNEL_FOLLOWER) {
    return "this webhook follows another server's announcements and takes no messages; create a new one and set DISCORD_WEBHOOK_URL";
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
