import type { AttemptResult } from '../channel.ts';
import type { Answer } from '../http/ask.ts';
import { refusal } from '../http/result.ts';

export const SERVICE = 'Telegram';

type Failure = Exclude<AttemptResult, { state: 'sent' }>;

/** How a call of the Bot API answers. Source: core.telegram.org/bots/api, "Making requests". */
export interface Said {
  readonly ok?: unknown;
  readonly description?: unknown;
  readonly result?: unknown;
  readonly parameters?: { readonly retry_after?: unknown; readonly migrate_to_chat_id?: unknown };
}

/**
 * What Telegram says of a bot or chat that takes nothing: what is in its description, and what to do.
 * Source: the descriptions of the Bot API as its users list them (TelegramBotAPI/errors, vrumger/telegram-errors,
 * python-telegram-bot).
 */
const SAYS: readonly (readonly [RegExp, string])[] = [
  [/^Unauthorized/, 'the token is wrong or was revoked; copy it from @BotFather and set TELEGRAM_BOT_TOKEN'],
  [/^Not Found/, 'there is no such bot; copy the token from @BotFather and set TELEGRAM_BOT_TOKEN'],
  [
    /chat not found/,
    'there is no such chat, or the bot is not in it; write to the bot first, or add it, and check TELEGRAM_CHAT_ID',
  ],
  [/bot was blocked by the user/, 'the person has blocked the bot; unblock it in Telegram'],
  [/can't initiate conversation/, 'the person has never written to the bot; write anything to it in Telegram'],
  [/bot was kicked|bot is not a member/, 'the bot was removed from the chat; add it again'],
  [
    /not enough rights to send text|have no rights to send a message|need administrator rights|CHAT_WRITE_FORBIDDEN/,
    'the bot may not write in the chat; allow it to post messages',
  ],
  [/user is deactivated|group chat was deactivated/, 'the chat does not exist any more; set TELEGRAM_CHAT_ID'],
  [
    /bots? can't send messages to (the )?bots?/,
    'TELEGRAM_CHAT_ID is a bot; set the id of a person, a group or a channel',
  ],
];

/** What an answer that is no success says of a message. @param now epoch milliseconds */
export function refused(answer: Answer, said: Said | undefined, now: number): Failure {
  const { status } = answer;
  if (said === undefined) return status < 300 ? unreadable(answer) : unsaid(answer, now);
  if (status < 300) return { state: 'unknown', reason: `${SERVICE} answered without a message` };
  const moved = said.parameters?.migrate_to_chat_id;
  if (typeof moved === 'number') {
    const reason = `${SERVICE}: the group has become a supergroup; set TELEGRAM_CHAT_ID=${moved}`;
    return { state: 'refused', permanent: true, reason };
  }
  const wait = said.parameters?.retry_after;
  if (typeof wait === 'number') {
    const reason = `${SERVICE} asks to slow down (HTTP ${status}) for ${wait} s`;
    return { state: 'refused', permanent: false, reason, retryAfter: Math.max(1, wait) * 1000 };
  }
  const description = typeof said.description === 'string' ? said.description : '';
  const known = SAYS.find(([pattern]) => pattern.test(description));
  if (known !== undefined) return { state: 'refused', permanent: true, reason: `${SERVICE}: ${known[1]}` };
  return refusal(answer, SERVICE, description, now);
}

/** A success that broke off; a page is somebody else's answer. */
function unreadable({ text, whole }: Answer): Failure {
  if (!whole || text.trim() === '' || text.trimStart().startsWith('{')) {
    return { state: 'unknown', reason: `the answer of ${SERVICE} broke off` };
  }
  return { state: 'refused', permanent: false, reason: `what answered is not ${SERVICE}; check the network` };
}

/** A page of a proxy on the way says nothing of the message. */
function unsaid(answer: Answer, now: number): Failure {
  const result = refusal(answer, SERVICE, '', now);
  return result.state === 'refused' ? { ...result, permanent: false } : result;
}

/** The answer of the Bot API; undefined where it is none. */
export function saidIn({ text }: Answer): Said | undefined {
  try {
    const json: unknown = JSON.parse(text);
    return typeof json === 'object' && json !== null && 'ok' in json ? json : undefined;
  } catch {
    return undefined;
  }
}

/** The id of the message that was sent, of the first one of several; undefined where there is none. */
export function messageIdIn({ result }: Said): number | undefined {
  const sent = Array.isArray(result) ? result[0] : result;
  const id = (sent as { message_id?: unknown } | null | undefined)?.message_id;
  return typeof id === 'number' ? id : undefined;
}
