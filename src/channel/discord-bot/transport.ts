import { createHash } from 'node:crypto';
import type { Receipt } from '../../message/message.ts';
import { buttonsUnder } from '../../render/discord-buttons.ts';
import { discordFiles, footerNames, renderDiscord } from '../../render/discord-embed.ts';
import { type Channel, ChannelError, fingerprintOf, type MayWrite } from '../channel.ts';
import { textOf } from '../discord/answer.ts';
import { mentionFor } from '../discord/mention.ts';
import { botIdOf, type Place, whyNoMessages, whyNoPosts } from '../discord/place.ts';
import { ANSWER_TIMEOUT, connect } from '../discord/rest.ts';
import { resultOf, sentWhere } from '../discord/result.ts';
import type { DiscordBotSettings } from './settings.ts';

/** Discord's ids begin with the milliseconds since 2015, shifted by 22 bits. Source: Discord's reference, "Snowflakes". */
const DISCORD_EPOCH = 1_420_070_400_000;
/** Discord's code for what the bot cannot see. Source: its reference, "JSON Error Codes". */
const MISSING_ACCESS = 50_001;
/** Beyond every id. */
const LAST_ID = 2n ** 64n;
/** How far before the message was decided is looked too: clocks differ. */
const LOOK_BEFORE_MS = 86_400_000;
/** Messages per page, Discord's most, and how many pages are read. */
const PAGE = 100;
const PAGES = 20;
/** The longest wait at Discord's limit between two pages, in milliseconds. */
const LONGEST_WAIT = 10_000;

/** A message as Discord lists it, as far as it is read here. */
interface Posted {
  readonly id: string;
  readonly channel_id?: string;
  readonly webhook_id?: string;
  readonly author?: { readonly id?: string };
  readonly embeds?: readonly { readonly footer?: { readonly text?: string } }[];
}

/**
 * Posts as a bot, through REST alone. A bot can look for what it has posted: within minutes Discord itself drops a second
 * message of the same nonce, later the channel's messages are read back, so that nothing arrives twice.
 */
export function createDiscordBotChannel(
  settings: DiscordBotSettings,
  mention: string | undefined,
  timeout = ANSWER_TIMEOUT,
  now: () => number = Date.now,
): Channel {
  const { token, channelId, api } = settings;
  const session = async (waits = 0, mayWrite?: MayWrite) => {
    const { Routes } = await import('discord.js');
    const rest = (await connect(api, timeout, waits, mayWrite)).setToken(token);
    return { rest, route: Routes.channelMessages(channelId), channel: Routes.channel(channelId) };
  };
  const signal = () => AbortSignal.timeout(timeout);
  return {
    id: 'discord-bot',
    needsNetwork: true,
    fingerprint: fingerprintOf(api, token, channelId, mention ?? ''),
    send: async (outgoing, mayWrite) => {
      const { rest, route } = await session(0, mayWrite);
      const buttons = buttonsUnder(outgoing.message);
      const body = {
        ...renderDiscord(outgoing, mentionFor(outgoing, mention)),
        ...(buttons.length === 0 ? {} : { components: buttons }),
        ...replyTo(outgoing.refersTo),
        nonce: nonceOf(outgoing.message.id),
        enforce_nonce: true,
      };
      try {
        return sentWhere(await rest.post(route, { body, files: discordFiles(outgoing), signal: signal() }));
      } catch (error) {
        return resultOf(error, 'bot');
      }
    },
    find: async (messageId, since) => {
      const { rest, route } = await session(LONGEST_WAIT);
      const oldest = snowflake(since - LOOK_BEFORE_MS);
      let before: bigint | undefined;
      // The newest first: what is looked for was mostly sent minutes ago, and finding it there needs no clock.
      for (let page = 0; page < PAGES; page++) {
        const query = new URLSearchParams({ limit: String(PAGE), ...(before && { before: String(before) }) });
        const posted = (await rest.get(route, { query, signal: signal() })) as Posted[];
        const found = posted.find((message) => isOurs(message, messageId, token));
        if (found !== undefined) return { messageId: found.id, channelId: found.channel_id ?? channelId };
        const reached = posted.map(({ id }) => BigInt(id)).reduce((a, b) => (a < b ? a : b), before ?? LAST_ID);
        if (posted.length < PAGE || reached < oldest || reached === before) return undefined;
        before = reached;
      }
      throw new ChannelError(`over ${PAGE * PAGES} messages were posted since`);
    },
    test: async () => {
      const { rest, route, channel } = await session();
      const get = (path: string) => rest.get(path as `/${string}`, { signal: signal() });
      try {
        const answer = (await get(channel)) as Place;
        const refusal = whyNoMessages(answer);
        if (refusal !== undefined) throw new ChannelError(refusal);
        // Reading back is what keeps an alert from arriving twice.
        await rest.get(route, { query: new URLSearchParams({ limit: '1' }), signal: signal() });
        const problem = await whyNoPosts(get, answer, token, now());
        if (problem !== undefined) throw new ChannelError(problem);
        const name = textOf(answer, 'name');
        if (textOf(answer, 'id') === channelId) return `the bot sees its channel${name ? ` '${name}'` : ''}`;
      } catch (error) {
        if (error instanceof ChannelError) throw error;
        // Without its cause: the client's errors carry the request.
        const { reason } = resultOf(error, 'bot');
        const unseen = (error as { code?: unknown }).code === MISSING_ACCESS;
        throw new ChannelError(unseen ? `the bot lacks View Channel in its channel: ${reason}` : reason);
      }
      throw new ChannelError('what answers there is not Discord; check DISCORD_API_URL');
    },
  };
}

/** The same for every attempt; Discord takes 25 characters. */
export function nonceOf(messageId: string): string {
  return createHash('sha256').update(messageId).digest('base64url').slice(0, 25);
}

function replyTo(receipt: Receipt | null): object {
  const { messageId } = receipt ?? {};
  // A first message that somebody has deleted keeps nothing back.
  return messageId === undefined
    ? {}
    : { message_reference: { message_id: messageId, fail_if_not_exists: false } satisfies object };
}

/** True for this bot's own message, and not for the same text that a webhook or another bot has posted beside it. */
function isOurs({ webhook_id, author, embeds = [] }: Posted, messageId: string, token: string): boolean {
  const self = botIdOf(token);
  if (webhook_id !== undefined || (self !== undefined && author?.id !== self)) return false;
  return embeds.some(({ footer }) => footerNames(footer?.text ?? '', messageId));
}

function snowflake(time: number): bigint {
  return BigInt(Math.max(0, Math.trunc(time) - DISCORD_EPOCH)) << 22n;
}
