import { discordError } from './discord-answers.ts';
import {
  BOT_ID,
  BOT_ROLE,
  type Body,
  type DiscordMessage,
  type DiscordStandIn,
  GUILD_ID,
  type Permissions,
} from './discord-stand-in.ts';
import type { Answer } from './http.ts';

/**
 * Why a webhook cannot post: the thread first, then the kind of its channel, then what is in the message.
 * Source: Discord's reference, "Execute Webhook" and "JSON Error Codes"; the words of 220001 as FeedCord#90 and komf#135
 * report them, those of 50006 as discord-api-docs#5424 does.
 */
export function webhookRefusal(
  { channel, threads }: DiscordStandIn,
  { payload, files }: Body,
  url: URL,
): Answer | undefined {
  const thread = url.searchParams.get('thread_id');
  const { thread_name: name } = payload as { thread_name?: string };
  const forum = channel.type === 15 || channel.type === 16;
  if (thread !== null && !threads.includes(thread)) return discordError(404, 10003, 'Unknown Channel');
  if (forum && thread !== null && name !== undefined) {
    return discordError(400, 220002, 'Webhooks posted to forum channels cannot have both a thread_name and thread_id');
  }
  if (forum && thread === null && name === undefined) {
    return discordError(400, 220001, 'Webhooks posted to forum channels must have a thread_name or thread_id');
  }
  if (!forum && name !== undefined) {
    return discordError(400, 220003, 'Webhooks can only create threads in forum channels');
  }
  if (!payload.content && !payload.embeds?.length && files.length === 0) {
    return discordError(400, 50006, 'Cannot send an empty message');
  }
  return undefined;
}

/**
 * Why a bot cannot post: the kind of the channel, the time-out, what it may do, the lock of a thread.
 * Source: Discord's reference, "Create Message", "Threads", "Guild Member Object" and "JSON Error Codes"; a time-out is
 * told as missing permissions.
 */
export function botRefusal(discord: DiscordStandIn, { files }: Body): Answer | undefined {
  const { channel, permissions, parent, timedOut } = discord;
  if (channel.type === 15 || channel.type === 16) {
    return discordError(400, 40058, 'Cannot send a message in a forum channel');
  }
  if (channel.type === 4 || channel.type === 14) {
    return discordError(400, 50008, 'Cannot send messages in a non-text channel');
  }
  const missing = discordError(403, 50013, 'Missing Permissions');
  if (timedOut !== null && Date.parse(timedOut) > discord.now()) return missing;
  const thread = channel.type >= 10 && channel.type <= 12;
  const held = permissions && heldBits(permissions, thread ? parent : permissions.overwrites);
  const has = (bit: number) => held === undefined || (held & (1n << BigInt(bit))) !== 0n;
  if (!has(10)) return discordError(403, 50001, 'Missing Access');
  if (!has(thread ? 38 : 11) || (files.length > 0 && !has(15))) return missing;
  if (channel.thread_metadata?.locked && (held === undefined || !has(34))) {
    return discordError(403, 160005, 'Thread is locked');
  }
  return undefined;
}

/** Why a bot cannot publish a message: its own needs Send Messages, any other Manage Messages too. */
export function crosspostRefusal(
  { permissions }: DiscordStandIn,
  { by }: Pick<DiscordMessage, 'by'>,
): Answer | undefined {
  const held = permissions && heldBits(permissions, permissions.overwrites);
  const has = (bit: number) => held === undefined || (held & (1n << BigInt(bit))) !== 0n;
  return has(11) && (by === 'bot' || has(13)) ? undefined : discordError(403, 50013, 'Missing Permissions');
}

/** Everybody's, then those of the bot's role, then its own. Source: Discord's reference, "Permission Hierarchy". */
function heldBits({ everyone, role }: Permissions, overwrites: Permissions['overwrites']): bigint {
  const base = everyone | role;
  if ((base & 8n) !== 0n) return ~0n;
  return [GUILD_ID, BOT_ROLE, BOT_ID].reduce((held, who) => {
    const own = overwrites.find(({ id }) => id === who);
    return own === undefined ? held : (held & ~BigInt(own.deny)) | BigInt(own.allow);
  }, base);
}
