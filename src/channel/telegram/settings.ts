import { SettingsError } from '../settings-error.ts';
import { type Variables, webUrl, withoutSlash } from '../variables.ts';

export interface TelegramSettings {
  readonly token: string;
  /** The id of a person, a group or a channel, or `@name` of a public channel. */
  readonly chatId: string;
  /** Base of the API: `https://api.telegram.org`. */
  readonly api: string;
}

const API = 'https://api.telegram.org';
/** Source: core.telegram.org/bots/api, "Authorizing your bot", and what @BotFather gives out. */
const TOKEN = /^\d{6,}:[\w-]{30,}$/;
/** Source: core.telegram.org/bots/api, `chat_id` of sendMessage. */
const CHAT = /^(-?\d+|@[A-Za-z]\w{3,31})$/;

/**
 * The bot and the chat that it writes to; undefined where none is set.
 * @throws {SettingsError}
 */
export function readTelegram({
  TELEGRAM_BOT_TOKEN: token,
  TELEGRAM_CHAT_ID: chatId,
  TELEGRAM_API_URL: api,
}: Variables): TelegramSettings | undefined {
  if (token === undefined && chatId === undefined) return undefined;
  if (token === undefined) {
    throw new SettingsError('TELEGRAM_CHAT_ID is set without TELEGRAM_BOT_TOKEN; ask @BotFather in Telegram for a bot');
  }
  if (!TOKEN.test(token)) {
    throw new SettingsError('TELEGRAM_BOT_TOKEN is not a token; copy it from @BotFather: 123456789:AA…');
  }
  if (chatId === undefined) {
    throw new SettingsError(
      'TELEGRAM_BOT_TOKEN is set without TELEGRAM_CHAT_ID; write to your bot, then open https://api.telegram.org/bot<token>/getUpdates: chat.id is it',
    );
  }
  if (!CHAT.test(chatId)) {
    throw new SettingsError(
      'TELEGRAM_CHAT_ID must be the number of a person, a group or a channel, or the @name of a public channel',
    );
  }
  return { token, chatId, api: api === undefined ? API : withoutSlash(webUrl('TELEGRAM_API_URL', api)) };
}
