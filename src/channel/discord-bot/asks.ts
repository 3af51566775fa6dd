import type { Asks } from '../asks.ts';
import { MENTION_QUESTION } from '../discord/mention-question.ts';

export const DISCORD_BOT_ASKS: Asks = {
  title: 'Discord bot',
  name: 'the Discord bot',
  hint: 'never posts a message twice, and answers slash commands; five minutes to set up',
  guide: [
    'At https://discord.com/developers/applications: New Application, then Bot, Reset Token.',
    'It needs no privileged intents.',
    'To invite it, put its Application ID (General Information) into this address, and open it:',
    'https://discord.com/oauth2/authorize?client_id=APPLICATION_ID&scope=bot+applications.commands&permissions=117760',
    'For the channel, turn on Developer Mode (Advanced), then right-click the channel, Copy Channel ID.',
  ],
  questions: [
    { name: 'DISCORD_BOT_TOKEN', text: 'Bot token', secret: true },
    { name: 'DISCORD_CHANNEL_ID', text: 'Channel ID' },
    MENTION_QUESTION,
  ],
};
