import { ChannelError } from '../channel.ts';
import { textOf } from '../discord/answer.ts';
import { isAnnouncements, type Place, whyNoMessages, whyNoPosts } from '../discord/place.ts';
import { resultOf } from '../discord/result.ts';
import type { BotSession } from './session.ts';
import type { DiscordBotSettings } from './settings.ts';

/** Discord's code for what the bot cannot see. Source: its reference, "JSON Error Codes". */
const MISSING_ACCESS = 50_001;

/**
 * Looks whether the bot can post into its channel and read it, without posting anything.
 * @param now epoch milliseconds, for a member that may not write for a while
 * @returns one line
 * @throws {ChannelError} saying what to do
 */
export async function look(session: BotSession, settings: DiscordBotSettings, now: () => number): Promise<string> {
  try {
    const place = await placeOf(session, settings, now);
    const name = textOf(place, 'name');
    const seen = `the bot sees its channel${name ? ` '${name}'` : ''}`;
    // To publish its own messages it needs Send Messages, which it has.
    const followed = isAnnouncements(place)
      ? '; it is an announcement channel, and what belongs to an event is published to its followers'
      : '';
    if (textOf(place, 'id') === settings.channelId) return seen + followed;
  } catch (error) {
    if (error instanceof ChannelError) throw error;
    // Without its cause: the client's errors carry the request.
    const { reason } = resultOf(error, 'bot');
    const unseen = (error as { code?: unknown }).code === MISSING_ACCESS;
    throw new ChannelError(unseen ? `the bot lacks View Channel in its channel: ${reason}` : reason);
  }
  throw new ChannelError('that address is not Discord; check DISCORD_API_URL');
}

/** The channel, where the bot can do there what it has to. */
async function placeOf(
  { rest, messages, channel, signal }: BotSession,
  { token }: DiscordBotSettings,
  now: () => number,
): Promise<Place> {
  const get = (path: string) => rest.get(path as `/${string}`, { signal: signal() });
  const place = (await get(channel)) as Place;
  const refusal = whyNoMessages(place);
  if (refusal !== undefined) throw new ChannelError(refusal);
  // Reading back is what keeps an alert from arriving twice.
  await rest.get(messages, { query: new URLSearchParams({ limit: '1' }), signal: signal() });
  const problem = await whyNoPosts(get, place, token, now());
  if (problem !== undefined) throw new ChannelError(problem);
  return place;
}
