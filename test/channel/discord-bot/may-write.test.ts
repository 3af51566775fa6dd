import { createDiscordBotChannel } from '../../../src/channel/discord-bot/transport.ts';
import { asksBeforeItWrites } from '../asks-before.ts';
import { DISCORD } from '../discord/service.ts';

asksBeforeItWrites('Discord bot', DISCORD, (url) =>
  createDiscordBotChannel({ token: 't', channelId: '2', api: `${url}/api` }, undefined, 2000),
);
