import { createHash } from 'node:crypto';
import type { Outgoing, Receipt } from '../../message/message.ts';
import { buttonsUnder } from '../../render/discord-buttons.ts';
import { discordFiles, renderDiscord } from '../../render/discord-embed.ts';
import { type AttemptResult, type Channel, fingerprintOf } from '../channel.ts';
import { mentionFor } from '../discord/mention.ts';
import { resultOf, sentWhere } from '../discord/result.ts';
import { ANSWER_TIMEOUT } from '../http/ask.ts';
import { findPosted } from './find-posted.ts';
import { look } from './look.ts';
import { linkInPlaceOfReply, publish } from './publish.ts';
import { type BotSession, openSession } from './session.ts';
import type { DiscordBotSettings } from './settings.ts';

/** The longest wait at Discord's limit between two pages, in milliseconds. */
const LONGEST_WAIT = 10_000;

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
  return {
    id: 'discord-bot',
    needsNetwork: true,
    fingerprint: fingerprintOf(api, token, channelId, mention ?? ''),
    send: async (outgoing, mayWrite) => {
      const { refersTo } = outgoing;
      const link = refersTo && (await linkInPlaceOfReply(await openSession(settings, { timeout }), refersTo));
      return post(await openSession(settings, { timeout, mayWrite }), outgoing, { mention, link: link ?? undefined });
    },
    find: async (messageId, since) =>
      findPosted(await openSession(settings, { timeout, waits: LONGEST_WAIT }), settings, messageId, since),
    publish: async (receipt) =>
      publish(await openSession(settings, { timeout }), receipt.channelId ?? channelId, receipt),
    test: async () => look(await openSession(settings, { timeout }), settings, now),
  };
}

async function post(
  { rest, messages, signal }: BotSession,
  outgoing: Outgoing,
  { mention, link }: { readonly mention: string | undefined; readonly link: string | undefined },
): Promise<AttemptResult> {
  const buttons = buttonsUnder(outgoing.message);
  const isOne = outgoing.message.tells === undefined;
  const evidence = isOne && buttons.length > 0 ? 'buttons' : evidenceWithout(outgoing);
  const files = discordFiles(outgoing, { evidence });
  const body = {
    ...renderDiscord(outgoing, { mention: mentionFor(outgoing, mention), link, evidence }),
    ...(buttons.length === 0 ? {} : { components: buttons }),
    ...(link === undefined ? replyTo(outgoing.refersTo) : {}),
    nonce: nonceOf(outgoing.message.id),
    enforce_nonce: true,
  };
  try {
    return sentWhere(await rest.post(messages, { body, files, signal: signal() }));
  } catch (error) {
    const result = resultOf(error, 'bot');
    return result.state === 'refused' && files.length > 0 ? { ...result, attached: true } : result;
  }
}

/** Where the evidence is without buttons: a table of many events goes as a file, unless that was refused. */
function evidenceWithout({ message, lacking }: Outgoing): 'file' | 'embed' {
  return message.tells !== undefined && lacking !== 'not taken' ? 'file' : 'embed';
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
