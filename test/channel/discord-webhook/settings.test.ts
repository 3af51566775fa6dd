import { describe, expect, test } from 'vitest';
import { isCalled } from '../../../src/channel/channel.ts';
import { NO_CHANNELS } from '../../../src/channel/channel-settings.ts';
import { createChannels } from '../../../src/channel/channels.ts';
import { readDiscordWebhooks } from '../../../src/channel/discord-webhook/settings.ts';
import { loadSettings } from '../../../src/settings/settings.ts';
import { root, WEBHOOK } from '../../settings/package-root.ts';

const OLDER = 'https://discord.com/api/webhooks/99/old-token';

describe('of several webhooks', () => {
  const channelsOf = (value: string) =>
    (readDiscordWebhooks({ DISCORD_WEBHOOK_URL: value }) ?? []).map(({ id, channel = 'discord-webhook' }) => [
      id,
      channel,
    ]);
  const both = [
    ['99', 'discord-webhook'],
    ['123', 'discord-webhook:123'],
  ];

  test.each([', ', ',', ' ', ';', ' ; ', '\n', '\r\n  '])('each is one, separated by %j', (separator) => {
    expect(channelsOf(`${OLDER}${separator}${WEBHOOK}`)).toEqual(both);
    expect(channelsOf(`${WEBHOOK}${separator}${OLDER}${separator}`)).toEqual(both);
  });

  test('the oldest keeps the id of a single one, wherever a newer one is added', () => {
    expect(channelsOf(OLDER)).toEqual([['99', 'discord-webhook']]);
    expect(channelsOf(`${WEBHOOK} ${OLDER}`)).toEqual(both);
    expect(channelsOf(`${OLDER} ${WEBHOOK} ${OLDER}`)).toEqual(both);
  });

  test('a blank or a comma in the name of a post separates none', () => {
    const named = readDiscordWebhooks({ DISCORD_WEBHOOK_URL: `${WEBHOOK}?thread_name=Bell, the big one ${OLDER}` });
    expect(named?.map(({ threadName }) => threadName)).toEqual([undefined, 'Bell, the big one']);
  });

  test('every address and token is a secret', () => {
    const { secrets } = loadSettings(root(), { DISCORD_WEBHOOK_URL: `${OLDER}, ${WEBHOOK}` });
    expect(secrets).toEqual(expect.arrayContaining([OLDER, WEBHOOK, 'old-token', 'tok-en_1']));
  });

  test('each posts by itself, and is called by its own name or by that of all', async () => {
    const { discordWebhook } = loadSettings(root(), { DISCORD_WEBHOOK_URL: `${WEBHOOK} ${OLDER}` });
    const channels = await createChannels({ ...NO_CHANNELS, mention: undefined, discordWebhook });
    expect(channels.map(({ id }) => id)).toEqual(['discord-webhook', 'discord-webhook:123']);
    expect(new Set(channels.map(({ fingerprint }) => fingerprint)).size).toBe(2);
    const called = (name: string) => channels.filter((channel) => isCalled(channel, name)).length;
    expect(['discord-webhook', 'discord-webhook:99', 'discord-webhook:123', 'discord-webhook:1'].map(called)).toEqual([
      2, 1, 1, 0,
    ]);
  });
});

test('a webhook address is taken apart, and DISCORD_API_URL replaces its scheme, host and /api', () => {
  const env = { DISCORD_WEBHOOK_URL: `${WEBHOOK}?thread_id=77` };
  const webhook = { id: '123', token: 'tok-en_1', threadId: '77' };
  expect(loadSettings(root(), env).discordWebhook).toEqual([{ ...webhook, api: 'https://discord.com/api' }]);
  const forum = { DISCORD_WEBHOOK_URL: `${WEBHOOK}?thread_name=Breakout%20Bell` };
  expect(loadSettings(root(), forum).discordWebhook).toMatchObject([
    { threadId: undefined, threadName: 'Breakout Bell' },
  ]);
  const proxied = { ...env, DISCORD_API_URL: 'http://127.0.0.1:99/api' };
  expect(loadSettings(root(), proxied).discordWebhook).toEqual([{ ...webhook, api: 'http://127.0.0.1:99/api' }]);
});

describe('a bad setting is refused, naming it and what is allowed', () => {
  test.each<[Record<string, string>, RegExp]>([
    [{ DISCORD_WEBHOOK_URL: 'https://evil.example/api/webhooks/1/t' }, /DISCORD_WEBHOOK_URL is not a webhook address/],
    [{ DISCORD_WEBHOOK_URL: 'http://discord.com/api/webhooks/1/t' }, /DISCORD_WEBHOOK_URL is not a webhook address/],
    [{ DISCORD_WEBHOOK_URL: 'https://discord.com/channels/1/2' }, /copy it from Discord/],
    [{ DISCORD_WEBHOOK_URL: `${WEBHOOK}?thread_id=abc` }, /thread_id that is not an id; allowed: digits only/],
    [
      { DISCORD_WEBHOOK_URL: `${WEBHOOK}?thread_id=1&thread_name=x` },
      /thread_id and thread_name; allowed: thread_id .* or/,
    ],
    [{ DISCORD_WEBHOOK_URL: `${WEBHOOK}?thread_name=${'x'.repeat(101)}` }, /thread_name of 101 characters; .* 100/],
    [{ DISCORD_WEBHOOK_URL: `${WEBHOOK}?threadid=1` }, /an unknown parameter; allowed .*thread_id=/],
    [{ DISCORD_WEBHOOK_URL: `${WEBHOOK}?thread_id=1&thread_id=2` }, /has thread_id twice/],
    [{ DISCORD_WEBHOOK_URL: `${WEBHOOK},https://evil.example/webhooks/9/t` }, /URL, number 2 of 2, is not a webhook/],
    [
      { DISCORD_WEBHOOK_URL: `${WEBHOOK} ${OLDER.slice('https://'.length)}` },
      /contains two addresses that run together/,
    ],
    [{ DISCORD_WEBHOOK_URL: WEBHOOK + OLDER }, /contains two addresses that run together/],
    [{ DISCORD_WEBHOOK_URL: `${WEBHOOK} ${WEBHOOK}2` }, /has the webhook 123 twice, with two tokens/],
    [{ DISCORD_WEBHOOK_URL: `${WEBHOOK} ${WEBHOOK}?thread_id=5` }, /the webhook 123 twice, with different threads/],
  ])('%j', (env, message) => {
    expect(() => readDiscordWebhooks(env)).toThrow(message);
  });
});
