import { describe, expect, test } from 'vitest';
import { readDiscordBot } from '../../../src/channel/discord-bot/settings.ts';
import { loadSettings } from '../../../src/settings/settings.ts';
import { root } from '../../settings/package-root.ts';

test('a bot needs its token and its channel', () => {
  const env = { DISCORD_BOT_TOKEN: 'MTIz.Gx.secret', DISCORD_CHANNEL_ID: '77' };
  expect(loadSettings(root(), env)).toMatchObject({
    discordBot: { token: 'MTIz.Gx.secret', channelId: '77', api: 'https://discord.com/api' },
    outboxDir: undefined,
  });
});

describe('a bad setting is refused, naming it and what is allowed', () => {
  test.each<[Record<string, string>, RegExp]>([
    [{ DISCORD_BOT_TOKEN: 'x' }, /DISCORD_CHANNEL_ID is not set/],
    [{ DISCORD_CHANNEL_ID: '1' }, /DISCORD_BOT_TOKEN is not set/],
    [{ DISCORD_BOT_TOKEN: 'Bot x', DISCORD_CHANNEL_ID: '1' }, /DISCORD_BOT_TOKEN is not a bot token.*without the word/],
    [{ DISCORD_BOT_TOKEN: 'x', DISCORD_CHANNEL_ID: '#alerts' }, /DISCORD_CHANNEL_ID is not a channel id/],
  ])('%j', (env, message) => {
    expect(() => readDiscordBot(env)).toThrow(message);
  });
});
