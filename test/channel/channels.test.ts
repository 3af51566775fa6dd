import { readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { NO_CHANNELS } from '../../src/channel/channel-settings.ts';
import { createChannels } from '../../src/channel/channels.ts';
import { exampleMessage } from '../support/examples.ts';
import { temporaryFolder } from '../support/temporary.ts';

const EMAIL = { smtpUrl: 'smtp://127.0.0.1', from: 'bell@example.org', to: ['ann@example.org', 'bob@example.org'] };
const BOT = { token: 'token', channelId: '1', api: 'https://discord.com/api' };
const WEBHOOK = { id: '1', token: 'token', threadId: undefined, api: 'https://discord.com/api' };

test('every channel that is set up is there, an email channel for each recipient', async () => {
  const channels = await createChannels({
    ...NO_CHANNELS,
    discordWebhook: [WEBHOOK],
    discordBot: BOT,
    mention: '<@&1>',
    email: EMAIL,
    outboxDir: '/outbox',
  });
  expect(channels.map(({ id }) => id)).toEqual([
    'discord-webhook',
    'discord-bot',
    'email:ann@example.org',
    'email:bob@example.org',
    'folder',
  ]);
});

test('what is not set up is not there', async () => {
  expect(await createChannels(NO_CHANNELS)).toEqual([]);
  const [channel, ...others] = await createChannels({ ...NO_CHANNELS, outboxDir: '/outbox' });
  expect(channel?.id).toBe('folder');
  expect(others).toEqual([]);
});

test('a channel that is set up asks before it writes', async () => {
  const folder = temporaryFolder();
  const [channel] = await createChannels({ ...NO_CHANNELS, outboxDir: folder });
  const outgoing = { message: exampleMessage(), repeat: false, refersTo: null };
  const mayWrite = () => Promise.reject(new Error('another run took over'));
  expect(await channel?.send(outgoing, mayWrite)).toMatchObject({ state: 'refused' });
  expect(readdirSync(folder)).toEqual([]);
});
