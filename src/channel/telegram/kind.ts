import type { ChannelKind } from '../kind.ts';
import { isOpenTo } from '../variables.ts';
import { readTelegram, type TelegramSettings } from './settings.ts';

/** A bot of Telegram that writes to one chat. */
export const TELEGRAM: ChannelKind<TelegramSettings> = {
  kind: 'telegram',
  variables: ['TELEGRAM_BOT_TOKEN', 'TELEGRAM_CHAT_ID', 'TELEGRAM_API_URL'],
  secretVariables: ['TELEGRAM_BOT_TOKEN'],
  takesDigests: false,
  read: readTelegram,
  secrets: ({ token }) => [token, token.slice(token.indexOf(':') + 1)],
  unencrypted: ({ TELEGRAM_API_URL = '' }) =>
    isOpenTo(URL.parse(TELEGRAM_API_URL), 'http:') ? ['TELEGRAM_API_URL'] : [],
  asks: async () => (await import('./asks.ts')).TELEGRAM_ASKS,
  create: async (own, _all, { timeout, now }) => {
    const { createTelegramChannel } = await import('./transport.ts');
    return [createTelegramChannel(own, timeout, now)];
  },
};
