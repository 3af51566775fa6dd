import { expect, test } from 'vitest';
import { createDiscordWebhookChannel } from '../../../src/channel/discord-webhook/transport.ts';
import { renderText } from '../../../src/render/text.ts';
import { startDiscord } from '../../support/discord-server.ts';
import { useStandIn } from '../../support/temporary.ts';
import { asksBeforeItWrites } from '../asks-before.ts';
import { DISCORD } from '../discord/service.ts';
import { asked, PNG, WITH_PICTURE, WORDS } from '../may-write.ts';

asksBeforeItWrites(
  'Discord webhook',
  DISCORD,
  (url) =>
    createDiscordWebhookChannel({ id: '1', token: 't', threadId: undefined, api: `${url}/api` }, undefined, 2000),
  { ...WORDS, lacking: 'not taken' },
);

test('Discord takes what was written so', async () => {
  const discord = await useStandIn(startDiscord());
  const { id, token, url: api } = discord;
  const channel = createDiscordWebhookChannel({ id, token, threadId: undefined, api }, undefined, 2000);
  expect(await channel.send(WITH_PICTURE, asked(() => 0).mayWrite)).toMatchObject({ state: 'sent' });
  expect(await channel.send(WITH_PICTURE, asked(() => 0, 1).mayWrite)).toMatchObject({ state: 'refused' });
  expect(await channel.send(WITH_PICTURE, asked(() => 0, 2).mayWrite)).toMatchObject({ state: 'refused' });
  expect(discord.messages.map(({ files }) => files)).toEqual([
    [
      { name: 'record.png', size: PNG.length },
      { name: 'evidence.txt', size: Buffer.byteLength(renderText(WITH_PICTURE)) },
    ],
  ]);
});
