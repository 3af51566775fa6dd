import { describe, expect, test } from 'vitest';
import { createDiscordWebhookChannel } from '../../../src/channel/discord-webhook/transport.ts';
import { discordError } from '../../support/discord-answers.ts';
import { startDiscord } from '../../support/discord-server.ts';
import type { DiscordFault } from '../../support/discord-stand-in.ts';
import { exampleMessage, outgoing } from '../../support/examples.ts';
import { send, startHttp } from '../../support/http.ts';
import { useStandIn } from '../../support/temporary.ts';
import { channelOf, refused } from './webhook-channel.ts';

const FIRST = { messageId: '1417934283201413999', channelId: '1417934283201413131' };

describe('a webhook of a forum', () => {
  const forum = async () => Object.assign(await useStandIn(startDiscord()), { channel: { type: 15 } });

  test('is refused without a name or an id, and makes a post with a name', async () => {
    const discord = await forum();
    expect(await channelOf(discord).send(outgoing())).toMatchObject(
      refused(true, { reason: expect.stringContaining('the webhook belongs to a forum') }),
    );
    expect(await channelOf(discord, { threadName: 'Breakout Bell' }).send(outgoing())).toMatchObject({ state: 'sent' });
    expect(discord.messages[0]?.payload).toMatchObject({ username: 'Breakout Bell', thread_name: 'Breakout Bell' });
  });

  test('takes what refers to the first message in its post, or in one of its own where that is gone', async () => {
    const discord = await forum();
    const channel = channelOf(discord, { threadName: 'Breakout Bell' });
    discord.threads.push(FIRST.channelId);
    await channel.send(outgoing(exampleMessage(), { refersTo: FIRST }));
    discord.threads.length = 0;
    await channel.send(outgoing(exampleMessage(), { refersTo: FIRST }));
    expect(discord.messages.map(({ payload }) => (payload as { thread_name?: string }).thread_name)).toEqual([
      undefined,
      'Breakout Bell',
    ]);
  });

  test('and of a thread that is gone is told by its test, without posting', async () => {
    const discord = await useStandIn(startDiscord());
    const inThread = channelOf(discord, { threadId: '77' });
    await expect(inThread.test()).rejects.toThrow(/^the channel or thread is gone/);
    discord.threads.push('77');
    expect(await inThread.test()).toBe("webhook 'Breakout Bell' is there");
    // Whether it is of a forum only a bot can see.
    discord.channel = { type: 15 };
    await expect(channelOf(discord, { bot: true }).test()).rejects.toThrow(/^the webhook belongs to a forum/);
    expect(await channelOf(discord, { bot: true, threadName: 'x' }).test()).toMatch(/is there$/);
    discord.channel = { type: 0 };
    await expect(channelOf(discord, { bot: true, threadName: 'x' }).test()).rejects.toThrow(
      /works only with a forum's webhook/,
    );
    expect(await channelOf(discord, { bot: true }).test()).toMatch(/is there$/);
    expect(discord.requests.every(({ method }) => method === 'GET')).toBe(true);
  });
});

test('the receipt is the id of message and channel, as Discord tells them', async () => {
  const discord = await useStandIn(startDiscord());
  expect(await channelOf(discord).send(outgoing())).toEqual({
    state: 'sent',
    receipt: { messageId: discord.messages[0]?.id, channelId: expect.stringMatching(/^\d+$/) },
  });
});

test('it asks Discord to wait for the message and passes the thread on', async () => {
  const asked: string[] = [];
  const { port } = await useStandIn(
    startHttp((request, response) => {
      asked.push(`${request.method} ${request.url}`);
      send(response, { body: '{"id": "1", "channel_id": "2"}' });
    }),
  );
  const settings = { id: '12', token: 'token', threadId: undefined, api: `http://127.0.0.1:${port}/api` };
  await createDiscordWebhookChannel(settings, undefined).send(outgoing());
  await createDiscordWebhookChannel({ ...settings, threadId: '34' }, undefined).send(outgoing());
  expect(asked).toEqual([
    'POST /api/v10/webhooks/12/token?wait=true',
    'POST /api/v10/webhooks/12/token?wait=true&thread_id=34',
  ]);
});

test('only what is said of an event, and a drill, mentions the role that is set up, and nothing else is mentioned', async () => {
  const discord = await useStandIn(startDiscord());
  const channel = channelOf(discord, { mention: '<@&123>' });
  const { title } = exampleMessage();
  const kinds = ['alert', 'correction', 'retraction', 'drill', 'follow-up', 'digest', 'warning', 'all-clear'] as const;
  for (const kind of kinds) await channel.send(outgoing(exampleMessage({ kind, lead: '@everyone' })));
  expect(discord.messages.map(({ payload }) => [payload.content, payload.allowed_mentions])).toEqual([
    ...Array.from({ length: 4 }, () => [`<@&123> ${title}`, { parse: [], roles: ['123'] }]),
    ...Array.from({ length: 4 }, () => [title, { parse: [] }]),
  ]);
});

describe('a message that refers to another one', () => {
  test.each<[string, DiscordFault]>([
    ['500', { status: 500 }],
    ['404', discordError(404, 10015, 'Unknown Webhook')],
    ['a page', { body: '<html></html>' }],
    ['hang', 'hang'],
    ['reset', 'reset'],
  ])('goes without the link when asking for it ends in %s', async (_, fault) => {
    const discord = await useStandIn(startDiscord());
    discord.fault = ({ method }) => (method === 'GET' ? fault : undefined);
    // Each of the two requests has this time: enough for the one that is answered.
    const channel = channelOf(discord, { timeout: fault === 'hang' ? 1000 : 5000 });
    expect(await channel.send(outgoing(exampleMessage(), { refersTo: FIRST }))).toMatchObject({ state: 'sent' });
    expect(discord.requests.map(({ method }) => method)).toEqual(['GET', 'POST']);
    expect(discord.messages[0]?.payload.embeds?.[0]?.description).not.toContain('discord.com/channels');
  });

  test('asks for nothing when nothing is known of the first one', async () => {
    const discord = await useStandIn(startDiscord());
    await channelOf(discord).send(outgoing());
    expect(discord.requests).toHaveLength(1);
  });
});
