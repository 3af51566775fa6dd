import type { Receipt } from '../../message/message.ts';
import { footerNames } from '../../render/discord-embed.ts';
import { ChannelError } from '../channel.ts';
import { botIdOf } from '../discord/place.ts';
import type { BotSession } from './session.ts';
import type { DiscordBotSettings } from './settings.ts';

/** Discord's ids begin with the milliseconds since 2015, shifted by 22 bits. Source: Discord's reference, "Snowflakes". */
const DISCORD_EPOCH = 1_420_070_400_000;
/** Beyond every id. */
const LAST_ID = 2n ** 64n;
/** How far before the message was decided is looked too: clocks differ. */
const LOOK_BEFORE_MS = 86_400_000;
/** Messages per page, Discord's most, and how many pages are read. */
const PAGE = 100;
const PAGES = 20;

/** A message as Discord lists it, as far as it is read here. */
interface Posted {
  readonly id: string;
  readonly channel_id?: string;
  readonly webhook_id?: string;
  readonly author?: { readonly id?: string };
  readonly embeds?: readonly { readonly footer?: { readonly text?: string } }[];
}

/**
 * Reads the channel back until a message of ours is found.
 * @param since when the message was decided, epoch milliseconds
 * @returns undefined when it surely is not there
 * @throws {ChannelError} where too many were posted since
 */
export async function findPosted(
  { rest, messages, signal }: BotSession,
  { token, channelId }: DiscordBotSettings,
  messageId: string,
  since: number,
): Promise<Receipt | undefined> {
  const oldest = snowflake(since - LOOK_BEFORE_MS);
  let before: bigint | undefined;
  // The newest first: what is looked for was mostly sent minutes ago, and finding it there needs no clock.
  for (let page = 0; page < PAGES; page++) {
    const query = new URLSearchParams({ limit: String(PAGE), ...(before && { before: String(before) }) });
    const posted = (await rest.get(messages, { query, signal: signal() })) as Posted[];
    const found = posted.find((message) => isOurs(message, messageId, token));
    if (found !== undefined) return { messageId: found.id, channelId: found.channel_id ?? channelId };
    const reached = posted.map(({ id }) => BigInt(id)).reduce((a, b) => (a < b ? a : b), before ?? LAST_ID);
    if (posted.length < PAGE || reached < oldest || reached === before) return undefined;
    before = reached;
  }
  throw new ChannelError(`over ${PAGE * PAGES} messages were posted since`);
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
