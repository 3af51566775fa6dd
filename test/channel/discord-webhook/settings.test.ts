import { describe, expect, test } from 'vitest';
import { readDiscordWebhook } from '../../../src/channel/discord-webhook/settings.ts';
import { loadSettings } from '../../../src/settings/settings.ts';
import { root, WEBHOOK } from '../../settings/package-root.ts';

test('a webhook address is taken apart, and DISCORD_API_URL replaces its scheme, host and /api', () => {
  const env = { DISCORD_WEBHOOK_URL: `${WEBHOOK}?thread_id=77` };
  const webhook = { id: '123', token: 'tok-en_1', threadId: '77' };
  expect(loadSettings(root(), env).discordWebhook).toEqual({ ...webhook, api: 'https://discord.com/api' });
  const forum = { DISCORD_WEBHOOK_URL: `${WEBHOOK}?thread_name=Breakout%20Bell` };
  expect(loadSettings(root(), forum).discordWebhook).toMatchObject({
    threadId: undefined,
    threadName: 'Breakout Bell',
  });
  const proxied = { ...env, DISCORD_API_URL: 'http://127.0.0.1:99/api' };
  expect(loadSettings(root(), proxied).discordWebhook).toEqual({ ...webhook, api: 'http://127.0.0.1:99/api' });
});

describe('a bad setting is refused, naming it and what is allowed', () => {
  test.each<[Record<string, string>, RegExp]>([
    [{ DISCORD_WEBHOOK_URL: 'https://evil.example/api/webhooks/1/t' }, /DISCORD_WEBHOOK_URL is not a webhook address/],
    [{ DISCORD_WEBHOOK_URL: 'http://discord.com/api/webhooks/1/t' }, /DISCORD_WEBHOOK_URL is not a webhook address/],
    [{ DISCORD_WEBHOOK_URL: 'https://discord.com/channels/1/2' }, /copy it from Discord/],
    [{ DISCORD_WEBHOOK_URL: `${WEBHOOK}?thread_id=abc` }, /thread_id that is no id; allowed: digits only/],
    [
      { DISCORD_WEBHOOK_URL: `${WEBHOOK}?thread_id=1&thread_name=x` },
      /thread_id and thread_name; allowed: thread_id .* or/,
    ],
    [{ DISCORD_WEBHOOK_URL: `${WEBHOOK}?thread_name=${'x'.repeat(101)}` }, /thread_name of 101 characters; .* 100/],
  ])('%j', (env, message) => {
    expect(() => readDiscordWebhook(env)).toThrow(message);
  });
});
