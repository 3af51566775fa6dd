import { describe, expect, test } from 'vitest';
import { createDiscordBotChannel, nonceOf } from '../../../src/channel/discord-bot/transport.ts';
import { createDiscordWebhookChannel } from '../../../src/channel/discord-webhook/transport.ts';
import { discordError, INVALID_TOKEN, rateLimited } from '../../support/discord-answers.ts';
import { BOT_ID, type DiscordFault, GUILD_ID } from '../../support/discord-stand-in.ts';
import { exampleMessage, outgoing } from '../../support/examples.ts';
import { startHttp } from '../../support/http.ts';
import { useStandIn } from '../../support/temporary.ts';
import { channelOf, DECIDED, LETTER, MINUTE, start } from './bot-channel.ts';

const ID = LETTER.message.id;

describe('the nonce', () => {
  test('is the same for every attempt, another for every message, and within the limit of Discord', () => {
    expect(nonceOf(ID)).toBe(nonceOf(ID));
    expect(nonceOf(`${ID}-2`)).not.toBe(nonceOf(ID));
    expect(nonceOf('x'.repeat(500))).toHaveLength(25);
  });

  test('makes a second attempt within minutes the same message', async () => {
    const { discord, clock, channel } = await start();
    const first = await channel.send(LETTER);
    clock.now += 4 * MINUTE;
    expect(await channel.send({ ...LETTER, repeat: true })).toEqual(first);
    expect(discord.messages).toHaveLength(1);
    expect(discord.messages[0]?.payload).toMatchObject({ nonce: nonceOf(ID), enforce_nonce: true });
    // Discord remembers it for the past few minutes only.
    clock.now += 2 * MINUTE;
    await channel.send(LETTER);
    expect(discord.messages).toHaveLength(2);
  });
});

describe('reading back', () => {
  test('finds what arrived though no answer came, and where', async () => {
    const { discord, channel, clock } = await start();
    discord.fault = ({ count }) => (count === 1 ? 'accept-then-reset' : undefined);
    expect(await channel.send(LETTER)).toMatchObject({ state: 'unknown' });
    clock.now += 90 * MINUTE;
    expect(await channel.find?.(ID, DECIDED)).toEqual({
      messageId: discord.messages[0]?.id,
      channelId: discord.channelId,
    });
  });

  test('finds nothing where nothing arrived, and not the message of another id', async () => {
    const { channel } = await start();
    expect(await channel.find?.(ID, DECIDED)).toBeUndefined();
    await channel.send(outgoing(exampleMessage({ id: `${ID}-2` })));
    expect(await channel.find?.(ID, DECIDED)).toBeUndefined();
  });

  test('does not take the same message of a webhook, or of another bot, for its own', async () => {
    const { discord, channel } = await start();
    const { id, token, url: api } = discord;
    await createDiscordWebhookChannel({ id, token, threadId: undefined, api }, undefined).send(LETTER);
    expect(await channel.find?.(ID, DECIDED)).toBeUndefined();
    await channel.send(LETTER);
    const other = `${Buffer.from('1417934283201419999').toString('base64')}.x.y`;
    const another = createDiscordBotChannel({ token: other, channelId: discord.channelId, api }, undefined);
    Object.assign(discord, { botToken: other });
    expect(await another.find?.(ID, DECIDED)).toBeUndefined();
  });

  test('does not take the message of a webhook for its own where the token does not tell who the bot is', async () => {
    const { discord } = await start();
    const { id, token, url: api } = discord;
    Object.assign(discord, { botToken: 'opaque' });
    const channel = createDiscordBotChannel({ token: 'opaque', channelId: discord.channelId, api }, undefined);
    await createDiscordWebhookChannel({ id, token, threadId: undefined, api }, undefined).send(LETTER);
    expect(await channel.find?.(ID, DECIDED)).toBeUndefined();
    await channel.send(LETTER);
    expect(await channel.find?.(ID, DECIDED)).toMatchObject({ messageId: discord.messages[1]?.id });
  });

  test('goes on over the pages of a busy channel, and ends a day before the message was decided', async () => {
    const { discord, channel, clock } = await start();
    const others = async (count: number, at: number) => {
      clock.now = at;
      for (let n = 0; n < count; n++) await channel.send(outgoing(exampleMessage({ id: `other/${at}/${n}` })));
    };
    await others(150, DECIDED - 25 * 60 * MINUTE);
    await channel.send(outgoing(exampleMessage({ id: 'long-ago' })));
    await others(30, DECIDED);
    await channel.send(LETTER);
    await others(220, DECIDED + 5 * MINUTE);
    discord.requests.length = 0;
    expect(await channel.find?.(ID, DECIDED)).toMatchObject({ channelId: discord.channelId });
    expect(discord.requests).toHaveLength(3);
    expect(await channel.find?.('not-there', DECIDED)).toBeUndefined();
    expect(discord.requests).toHaveLength(6);
  });

  test("needs no clock: this machine's may be hours ahead of Discord's", async () => {
    const { channel, clock } = await start();
    clock.now -= 3 * 60 * MINUTE;
    await channel.send(LETTER);
    expect(await channel.find?.(ID, DECIDED)).toBeDefined();
  });

  test.each<[string, DiscordFault]>([
    ['502', { status: 502 }],
    ['403', discordError(403, 50001, 'Missing Access')],
    ['a reset', 'reset'],
    ['a page', { body: '<html>' }],
    ['a rate limit of a minute', rateLimited(60)],
    ['20 MB', { body: `[${'{"id":"1"},'.repeat(2e6)}{"id":"1"}]` }],
  ])('says that it could not look: %s', async (_name, fault) => {
    const { discord, channel } = await start();
    discord.fault = () => fault;
    await expect(channel.find?.(ID, DECIDED)).rejects.toThrow();
  });
});

test('its test reads the channel and back, and posts nothing', async () => {
  const { discord, channel } = await start();
  expect(await channel.test()).toBe("the bot sees its channel 'alerts'");
  expect(discord.requests.map(({ method, path }) => `${method} ${path}`)).toEqual([
    `GET /api/v10/channels/${discord.channelId}`,
    `GET /api/v10/channels/${discord.channelId}/messages`,
    // Where Discord does not tell, nothing is missing.
    `GET /api/v10/guilds/${GUILD_ID}/members/${BOT_ID}`,
  ]);
});

test.each<[string, DiscordFault, RegExp]>([
  ['401', INVALID_TOKEN, /set DISCORD_BOT_TOKEN \(HTTP 401\)/],
  [
    '403',
    discordError(403, 50001, 'Missing Access'),
    /^(the bot lacks View Channel in its channel: )?the bot lacks permission; give it View Channel.*\(HTTP 403\): Missing Access/,
  ],
  ['404', discordError(404, 10003, 'Unknown Channel'), /set DISCORD_CHANNEL_ID \(HTTP 404\)/],
  ['a page', { body: '<html>' }, /DISCORD_API_URL/],
])('its test and its refusals name the cure: %s', async (name, fault, words) => {
  const { discord, channel } = await start();
  discord.fault = () => fault;
  await expect(channel.test()).rejects.toThrow(words);
  if (name === 'a page') return;
  expect(await channel.send(LETTER)).toMatchObject({
    state: 'refused',
    permanent: true,
    reason: expect.stringMatching(words),
  });
});

test('a redirect is followed by neither bot nor webhook: the token goes nowhere else', async () => {
  const { discord, channel } = await start();
  const seen: string[] = [];
  const elsewhere = await useStandIn(startHttp((request) => void seen.push(request.url ?? '')));
  const { id, token, url: api } = discord;
  const webhook = createDiscordWebhookChannel({ id, token, threadId: undefined, api }, undefined);
  for (const status of [301, 302, 307, 308]) {
    const location = `http://127.0.0.1:${elsewhere.port}/api/v10/webhooks/${id}/${token}`;
    discord.fault = () => ({ status, headers: { location }, body: 'moved' });
    for (const each of [channel, webhook])
      expect(await each.send(LETTER)).toMatchObject({
        state: 'refused',
        permanent: false,
        reason: expect.stringContaining(`HTTP ${status}: it redirects elsewhere`),
      });
  }
  expect(seen).toEqual([]);
});

test('mentions the role that is set up, and nobody else', async () => {
  const { discord } = await start();
  await channelOf(discord, { mention: '<@&123>' }).send(LETTER);
  expect(discord.messages[0]?.payload).toMatchObject({
    content: '<@&123> Russell 2000: first record close in over a year',
    allowed_mentions: { parse: [], roles: ['123'] },
  });
});
