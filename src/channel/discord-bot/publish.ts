import type { Receipt } from '../../message/message.ts';
import type { Published } from '../channel.ts';
import { textOf } from '../discord/answer.ts';
import { isAnnouncements, type Place } from '../discord/place.ts';
import { resultOf } from '../discord/result.ts';
import type { BotSession } from './session.ts';

// Source: Discord's reference, "Crosspost Message" and "JSON Error Codes".
const ALREADY_PUBLISHED = 40_033;
/** The channel or the message is gone; another kind of channel; a kind of message that cannot be published, as a reply. */
const NEVER: readonly unknown[] = [10_003, 10_008, 50_024, 50_068];

/** Publishes a message of the bot's to the followers of its channel, where that is one for announcements. */
export async function publish(
  { rest, signal }: BotSession,
  channelId: string,
  { messageId = '' }: Receipt,
): Promise<Published> {
  const { Routes } = await import('discord.js');
  try {
    const place = (await rest.get(Routes.channel(channelId), { signal: signal() })) as Place;
    if (!isAnnouncements(place)) return { state: 'left' };
    const answer = await rest.post(Routes.channelMessageCrosspost(channelId, messageId), { signal: signal() });
    if (textOf(answer, 'id') === messageId) return { state: 'published' };
    return { state: 'refused', reason: 'the answer did not come from Discord' };
  } catch (error) {
    const { code } = error as { code?: unknown };
    if (code === ALREADY_PUBLISHED) return { state: 'published' };
    const result = resultOf(error, 'bot');
    if (NEVER.includes(code)) return { state: 'left', reason: result.reason };
    // Where it may have been done, Discord says so the next time.
    const retryAfter = result.state === 'refused' ? result.retryAfter : undefined;
    return { state: 'refused', reason: result.reason, ...(retryAfter === undefined ? {} : { retryAfter }) };
  }
}

/**
 * The address of the first message of an event, for a channel of announcements: a reply cannot be published, so a message
 * there leads to it by a link. Undefined elsewhere, and where Discord does not tell.
 */
export async function linkInPlaceOfReply(
  { rest, channel, signal }: BotSession,
  { messageId, channelId }: Receipt,
): Promise<string | undefined> {
  try {
    const place = (await rest.get(channel, { signal: signal() })) as Place;
    if (!isAnnouncements(place) || place.guild_id === undefined) return undefined;
    return `https://discord.com/channels/${place.guild_id}/${channelId}/${messageId}`;
  } catch {
    return undefined;
  }
}
