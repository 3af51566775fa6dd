import type { REST } from 'discord.js';
import type { Outgoing, Receipt } from '../../message/message.ts';
import { discordFiles, renderDiscord } from '../../render/discord-embed.ts';
import { type AttemptResult, type Channel, fingerprintOf, type MayWrite } from '../channel.ts';
import { textOf } from '../discord/answer.ts';
import { mentionFor } from '../discord/mention.ts';
import { connect } from '../discord/rest.ts';
import { resultOf, sentWhere } from '../discord/result.ts';
import { ANSWER_TIMEOUT } from '../http/ask.ts';
import { giveBell } from './avatar.ts';
import { look, type Seer, UNKNOWN_CHANNEL } from './look.ts';
import { type DiscordWebhookSettings, FIRST_WEBHOOK } from './settings.ts';

/** How a webhook is used. */
interface Use {
  readonly settings: DiscordWebhookSettings;
  readonly mention: string | undefined;
  /** How long Discord may take for one answer, in milliseconds. */
  readonly timeout: number;
}

/** The name of who posts, whatever the webhook is called in Discord. */
const USERNAME = 'Breakout Bell';

/** One message on its way. */
interface Post {
  readonly outgoing: Outgoing;
  /** Where the first message about the same event is; undefined: nowhere that is known. */
  readonly link: string | undefined;
  readonly mayWrite: MayWrite | undefined;
}

/**
 * Posts through a webhook: an address that posts into one channel, without a bot. A webhook cannot tell whether it has
 * seen a message, so one attempt is one POST, and what became of it is for the ledger.
 * @param bot a bot of the same server, which its test asks about the channel
 */
export function createDiscordWebhookChannel(
  settings: DiscordWebhookSettings,
  mention: string | undefined,
  timeout = ANSWER_TIMEOUT,
  bot?: Seer,
): Channel {
  const { id, token, threadId, threadName, api } = settings;
  return {
    id: settings.channel ?? FIRST_WEBHOOK,
    alias: `${FIRST_WEBHOOK}:${id}`,
    needsNetwork: true,
    fingerprint: fingerprintOf(api, id, token, threadId ?? '', mention ?? '', ...(threadName ? [threadName] : [])),
    send: async (outgoing, mayWrite) => {
      const { refersTo } = outgoing;
      const link =
        refersTo === null ? undefined : await linkTo(await connect(api, timeout), settings, refersTo, timeout);
      // In a forum the first message has made a post, and what refers to it belongs there.
      const thread = threadName === undefined ? threadId : refersTo?.channelId;
      return post({ settings, mention, timeout }, { outgoing, link, mayWrite }, thread);
    },
    dress: () => giveBell(settings, timeout),
    test: () => look(settings, timeout, bot),
  };
}

/** @param thread where it belongs: a thread, or the channel itself, in a forum a new post */
async function post(use: Use, one: Post, thread: string | undefined): Promise<AttemptResult> {
  const { mention, timeout } = use;
  const { id, token, threadId, threadName, api } = use.settings;
  const { Routes } = await import('discord.js');
  const rest = await connect(api, timeout, 0, one.mayWrite);
  const { outgoing, link } = one;
  // A webhook has no buttons that anybody answers, and no file may go with what was refused with its files.
  const evidence = outgoing.lacking === 'not taken' ? 'embed' : 'file';
  const files = discordFiles(outgoing, { evidence });
  const shown = renderDiscord(outgoing, { mention: mentionFor(outgoing, mention), link, evidence });
  const body = { username: USERNAME, ...shown };
  try {
    const answer = await rest.post(Routes.webhook(id, token), {
      auth: false,
      query: new URLSearchParams({ wait: 'true', ...(thread === undefined ? {} : { thread_id: thread }) }),
      body: thread === undefined && threadName !== undefined ? { ...body, thread_name: threadName } : body,
      files,
      // The client's own timeout ends with the headers of the answer; this one with its last byte.
      signal: AbortSignal.timeout(timeout),
    });
    return sentWhere(answer);
  } catch (error) {
    // The post of the first message is gone: surely not sent, and a post of its own is better than none.
    const gone = (error as { code?: unknown }).code === UNKNOWN_CHANNEL && thread !== threadId;
    if (gone) return post(use, one, threadId);
    const result = resultOf(error, 'webhook');
    return result.state === 'refused' && files.length > 0 ? { ...result, attached: true } : result;
  }
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
