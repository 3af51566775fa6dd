import { createDiscordBotChannel } from '../../../src/channel/discord-bot/transport.ts';
import { asksBeforeItWrites } from '../discord/may-write.ts';

asksBeforeItWrites('Discord bot', (api) =>
  createDiscordBotChannel({ token: 't', channelId: '2', api }, undefined, 2000),
);
