import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { discordError } from '../../support/discord-answers.ts';
import { startDiscord } from '../../support/discord-server.ts';
import type { DiscordFault } from '../../support/discord-stand-in.ts';
import { useStandIn } from '../../support/temporary.ts';
import { channelOf } from './webhook-channel.ts';

const BELL = readFileSync(join(import.meta.dirname, '../../../src/channel/discord-webhook/bell.png'));
const MARK = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

test('the bell is a square PNG of a few kilobytes', () => {
  expect(BELL.subarray(0, 8)).toEqual(MARK);
  expect([BELL.readUInt32BE(16), BELL.readUInt32BE(20)]).toEqual([256, 256]);
  expect(BELL.length).toBeLessThan(10_000);
});

test('a webhook without a picture gets the bell, once, and posts nothing for it', async () => {
  const discord = await useStandIn(startDiscord());
  const channel = channelOf(discord);
  await channel.dress?.();
  expect(discord.avatar).toBe(`data:image/png;base64,${BELL.toString('base64')}`);
  await channel.dress?.();
  expect(discord.requests.map(({ method }) => method)).toEqual(['GET', 'PATCH', 'GET']);
  expect(discord.messages).toEqual([]);
});

test('a picture that somebody has chosen stays', async () => {
  const discord = Object.assign(await useStandIn(startDiscord()), { avatar: 'data:image/png;base64,chosen' });
  await channelOf(discord).dress?.();
  expect(discord.avatar).toBe('data:image/png;base64,chosen');
});

test.each<[string, DiscordFault]>([
  ['500', { status: 500 }],
  ['403', discordError(403, 50013, 'Missing Permissions')],
  ['429', { status: 429, headers: { 'retry-after': '3600' }, body: '{"message": "slow down"}' }],
  ['a page', { body: '<html></html>' }],
  ['a hang', 'hang'],
  ['a reset', 'reset'],
])('%s leaves it without, and stops nothing', async (_, fault) => {
  const discord = await useStandIn(startDiscord());
  for (const which of ['GET', 'PATCH']) {
    discord.fault = ({ method }) => (method === which ? fault : undefined);
    await channelOf(discord, { timeout: fault === 'hang' ? 100 : 5000 }).dress?.();
    expect(discord.avatar).toBeNull();
  }
});
