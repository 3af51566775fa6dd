import type { REST } from 'discord.js';
import { renderDiscord } from '../message/discord-embed.ts';
import type { Letter, MessageKind, Receipt } from '../message/message.ts';
import { type Channel, ChannelError, type Outcome, settingsMark } from './channel.ts';

export interface DiscordWebhookSettings {
  readonly id: string;
  readonly token: string;
  readonly threadId: string | undefined;
  /** Base of the API, without version: `https://discord.com/api`. */
  readonly api: string;
}

/** How long Discord may take to answer, in milliseconds. Above undici's 10 s to connect, so that the two differ. */
const ANSWER_TIMEOUT = 15_000;

/** Codes of a connection that was never made: surely nothing was sent. */
const NOT_CONNECTED = [
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
];

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
          // The client's own timeout ends with the headers of the answer; this one with its last byte.
          signal: AbortSignal.timeout(timeout),
        });
        return sentWhere(answer);
      } catch (error) {
        return outcomeOf(error);
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
        const outcome = outcomeOf(error);
        if (outcome.state !== 'sent') throw new ChannelError(outcome.reason);
      }
      throw new ChannelError(
        'what answers there is not a webhook; check DISCORD_WEBHOOK_URL, and DISCORD_API_URL if set',
      );
    },
  };
}

async function connect(api: string, timeout: number): Promise<REST> {
  const { REST } = await import('discord.js');
  // Retries would be POSTs that the ledger does not know of; so would the client's own waiting at a rate limit.
  return new REST({ api, version: '10', retries: 0, timeout, rejectOnRateLimit: () => true });
}

/** Only what is said of an event itself wakes anybody, and a drill: it must travel the whole path. */
const WAKES: readonly MessageKind[] = ['alert', 'correction', 'retraction', 'drill'];

function mentionFor({ message }: Letter, mention: string | undefined): string | undefined {
  return WAKES.includes(message.kind) ? mention : undefined;
}

function sentWhere(answer: unknown): Outcome {
  const messageId = textOf(answer, 'id');
  const channelId = textOf(answer, 'channel_id');
  // The client takes any answer below 400 for success, a proxy's page too.
  if (messageId === undefined) return { state: 'unknown', reason: 'Discord answered without a message' };
  return { state: 'sent', receipt: { messageId, ...(channelId === undefined ? {} : { channelId }) } };
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

function outcomeOf(error: unknown): Outcome {
  const { name, message, status, code, retryAfter } = error as Error & {
    status?: number;
    code?: string | number;
    retryAfter?: number;
  };
  if (name.startsWith('RateLimitError')) {
    // Without a header, or with a date in it, the client says 0 or NaN.
    const wait = Math.max(1000, retryAfter || 0);
    const reason = `Discord asks to slow down (HTTP 429) for ${Math.ceil(wait / 1000)} s`;
    return { state: 'refused', permanent: false, reason, retryAfter: wait };
  }
  if (status === 429)
    return { state: 'refused', permanent: false, reason: 'Discord asks to slow down (HTTP 429)', retryAfter: 1000 };
  if (status !== undefined && status >= 500) {
    return { state: 'refused', permanent: false, reason: `Discord answered HTTP ${status}`, retryAfter: 1000 };
  }
  if (status === 401 || status === 404) {
    return {
      state: 'refused',
      permanent: true,
      reason: `Discord does not know this webhook (HTTP ${status}); make a new one and set DISCORD_WEBHOOK_URL`,
    };
  }
  if (status !== undefined)
    return { state: 'refused', permanent: true, reason: `Discord refused it (HTTP ${status}): ${message}` };
  if (typeof code === 'string' && NOT_CONNECTED.includes(code)) {
    return { state: 'refused', permanent: false, reason: `Discord cannot be reached (${code})`, retryAfter: 1000 };
  }
  if (typeof code === 'string' && /CERT|SELF_SIGNED|UNABLE_TO_VERIFY|^ERR_TLS|^ERR_SSL/.test(code)) {
    return { state: 'refused', permanent: false, reason: `no trusted connection to Discord (${code})` };
  }
  if (name === 'AbortError' || name === 'TimeoutError')
    return { state: 'unknown', reason: 'Discord did not answer in time' };
  return { state: 'unknown', reason: `the connection to Discord broke (${code ?? name})` };
}

function textOf(answer: unknown, field: string): string | undefined {
  const value = typeof answer === 'object' && answer !== null ? (answer as Record<string, unknown>)[field] : undefined;
  return typeof value === 'string' ? value : undefined;
}
