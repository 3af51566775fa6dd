import type { Asks } from '../asks.ts';
import { MENTION_QUESTION } from '../discord/mention-question.ts';

export const DISCORD_BOT_ASKS: Asks = {
  title: 'Discord bot',
  name: 'the Discord bot',
  hint: 'nothing comes twice, and it answers slash commands; five minutes',
  guide: [
    'At https://discord.com/developers/applications: New Application, then Bot, Reset Token.',
    'It needs none of the privileged intents.',
    'To invite it, put the Application ID (General Information) into this address and open it:',
    'https://discord.com/oauth2/authorize?client_id=APPLICATION_ID&scope=bot+applications.commands&permissions=117760',
    'The channel: turn on Developer Mode (Advanced), right-click it, Copy Channel ID.',
  ],
  questions: [
    { name: 'DISCORD_BOT_TOKEN', text: "The bot's token", secret: true },
    { name: 'DISCORD_CHANNEL_ID', text: 'Channel ID' },
    MENTION_QUESTION,
  ],
};
