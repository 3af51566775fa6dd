import type { Asks } from '../asks.ts';

export const TELEGRAM_ASKS: Asks = {
  title: 'Telegram',
  name: 'Telegram',
  hint: 'a bot that writes to you, a group or a channel, with pictures',
  guide: [
    'In Telegram, write /newbot to @BotFather, and copy the token that it gives you.',
    'Write anything to your new bot, or add it to a group; in a channel, make it an administrator who may post.',
    'For the chat ID, open https://api.telegram.org/bot<token>/getUpdates: it is the number in chat.id.',
    'The ID of a group begins with a minus. A public channel has its @name as well.',
  ],
  questions: [
    { name: 'TELEGRAM_BOT_TOKEN', text: 'Telegram bot token', secret: true },
    { name: 'TELEGRAM_CHAT_ID', text: 'Chat ID' },
  ],
};
