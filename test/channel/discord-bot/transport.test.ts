import { describe, expect, test } from 'vitest';
import { createDiscordBotChannel, nonceOf } from '../../../src/channel/discord-bot/transport.ts';
import { createDiscordWebhookChannel } from '../../../src/channel/discord-webhook/transport.ts';
import { discordError, INVALID_TOKEN, rateLimited } from '../../support/discord-answers.ts';
import { startDiscord } from '../../support/discord-server.ts';
import {
  BOT_ID,
  BOT_ROLE,
  type DiscordFault,
  type DiscordStandIn,
  GUILD_ID,
  PARENT_ID,
} from '../../support/discord-stand-in.ts';
import { exampleMessage, outgoing } from '../../support/examples.ts';
import { startHttp } from '../../support/http.ts';
import { useStandIn } from '../../support/temporary.ts';

const DECIDED = Date.parse('2025-09-18T20:45:00Z');
const MINUTE = 60_000;
const LETTER = outgoing();
const ID = LETTER.message.id;

function channelOf(discord: DiscordStandIn, { mention, timeout = 5000 }: { mention?: string; timeout?: number } = {}) {
  const settings = { token: discord.botToken, channelId: discord.channelId, api: discord.url };
  return createDiscordBotChannel(settings, mention, timeout);
}

/** Discord whose clock the test moves. */
async function start() {
  const discord = await useStandIn(startDiscord());
  const clock = { now: DECIDED };
  discord.now = () => clock.now;
  return { discord, clock, channel: channelOf(discord) };
}

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
    /^(the bot lacks View Channel in its channel: )?the bot may not do this; give it View Channel.*\(HTTP 403\): Missing Access/,
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
    content: '<@&123>',
    allowed_mentions: { parse: [], roles: ['123'] },
  });
});

describe('the permissions that the test looks for', () => {
  // Source: Discord's reference, "Permissions": 10 View Channel, 11 Send Messages, 14 Embed Links, 15 Attach Files,
  // 16 Read Message History; 3 Administrator.
  const bits = (...numbers: number[]) => numbers.reduce((all, bit) => all | (1n << BigInt(bit)), 0n);
  const ALL = bits(10, 11, 14, 15, 16);
  const overwrite = (id: string, type: 0 | 1, allow: bigint, deny: bigint) => ({
    id,
    type,
    allow: String(allow),
    deny: String(deny),
  });

  test.each([
    ['of its role', { everyone: 0n, role: ALL, overwrites: [] }, null],
    ['of everybody', { everyone: ALL, role: 0n, overwrites: [] }, null],
    ['of an administrator', { everyone: 0n, role: bits(3), overwrites: [] }, null],
    ['without two', { everyone: 0n, role: ALL & ~bits(15, 16), overwrites: [] }, 'Attach Files, Read Message History'],
    [
      'denied to all here',
      { everyone: ALL, role: 0n, overwrites: [overwrite(GUILD_ID, 0, 0n, bits(11))] },
      'Send Messages',
    ],
    [
      'denied to all here, allowed to its role',
      {
        everyone: ALL,
        role: 0n,
        overwrites: [overwrite(GUILD_ID, 0, 0n, bits(11)), overwrite(BOT_ROLE, 0, bits(11), 0n)],
      },
      null,
    ],
    [
      'allowed to its role, denied to itself',
      {
        everyone: ALL,
        role: 0n,
        overwrites: [overwrite(BOT_ID, 1, 0n, bits(14)), overwrite(BOT_ROLE, 0, bits(14), 0n)],
      },
      'Embed Links',
    ],
    ['of somebody else', { everyone: 0n, role: ALL, overwrites: [overwrite('1', 1, 0n, ALL)] }, null],
  ])('%s', async (_what, permissions, missing) => {
    const { discord, channel } = await start();
    discord.permissions = permissions;
    const result = channel.test();
    if (missing === null) expect(await result).toBe("the bot sees its channel 'alerts'");
    else await expect(result).rejects.toThrow(`the bot lacks ${missing} in its channel`);
  });
});

describe('its test and posting agree', () => {
  const bits = (...numbers: number[]) => numbers.reduce((all, bit) => all | (1n << BigInt(bit)), 0n);
  const IN_THREADS = bits(10, 14, 15, 16, 38);
  const ALL = IN_THREADS | bits(11);
  const all = { everyone: ALL, role: 0n, overwrites: [] };
  const open = { archived: false, locked: false };
  const overwrite = (id: string, allow: bigint, deny: bigint) => ({
    id,
    type: 0 as const,
    allow: `${allow}`,
    deny: `${deny}`,
  });
  const thread = { type: 11, parent_id: PARENT_ID, thread_metadata: open };
  const privately = [overwrite(GUILD_ID, 0n, bits(10)), overwrite(BOT_ROLE, bits(10), 0n)];

  test.each<[string, Partial<DiscordStandIn>, RegExp | null]>([
    ['a text channel', { permissions: all }, null],
    ['a voice channel', { permissions: all, channel: { type: 2 } }, null],
    ['an announcement channel', { permissions: all, channel: { type: 5 } }, null],
    ['a forum', { permissions: all, channel: { type: 15 } }, /^a forum takes posts, not messages/],
    ['a media channel', { channel: { type: 16 } }, /^a forum takes posts, not messages/],
    ['a category', { permissions: all, channel: { type: 4 } }, /is a category/],
    ['a list of servers', { channel: { type: 14 } }, /is a list of servers/],
    ['a thread', { permissions: all, channel: thread }, null],
    [
      'an archived thread',
      { permissions: all, channel: { ...thread, thread_metadata: { archived: true, locked: false } } },
      null,
    ],
    [
      'a locked thread',
      { permissions: all, channel: { ...thread, thread_metadata: { archived: true, locked: true } } },
      /^the thread is locked/,
    ],
    [
      'a locked thread, unasked',
      { channel: { ...thread, thread_metadata: { archived: false, locked: true } } },
      /^the thread is locked/,
    ],
    [
      'a locked thread for who manages threads',
      {
        permissions: { ...all, role: bits(34) },
        channel: { ...thread, thread_metadata: { archived: true, locked: true } },
      },
      null,
    ],
    ['a thread without Send Messages', { permissions: { ...all, everyone: IN_THREADS }, channel: thread }, null],
    [
      'a thread without Send Messages in Threads',
      { permissions: { ...all, everyone: ALL & ~bits(38) }, channel: thread },
      /lacks Send Messages in Threads/,
    ],
    [
      'a thread whose channel denies it',
      { permissions: all, channel: thread, parent: [overwrite(GUILD_ID, 0n, bits(38))] },
      /lacks Send Messages in Threads/,
    ],
    // Its channel's overwrites count: those that hide it from everybody, and show it to the bot.
    [
      'a thread of a private channel',
      { permissions: { ...all, everyone: ALL }, channel: thread, parent: privately },
      null,
    ],
    [
      'a thread that the bot may see through its channel only',
      {
        permissions: { everyone: ALL & ~bits(10), role: 0n, overwrites: [] },
        channel: thread,
        parent: [overwrite(BOT_ROLE, bits(10), 0n)],
      },
      null,
    ],
    ['a private thread that it is in', { permissions: all, channel: { ...thread, type: 12, member: {} } }, null],
    [
      'a time-out',
      { permissions: all, timedOut: new Date(DECIDED + MINUTE).toISOString() },
      /^the bot is timed out in its server until 18 Sep 2025/,
    ],
    ['a time-out that is over', { permissions: all, timedOut: new Date(DECIDED - MINUTE).toISOString() }, null],
  ])('%s', async (_, change, refusal) => {
    const { discord } = await start();
    Object.assign(discord, change);
    const settings = { token: discord.botToken, channelId: discord.channelId, api: discord.url };
    const channel = createDiscordBotChannel(settings, undefined, 5000, () => DECIDED);
    const told = await channel.test().then(
      () => null,
      (error: Error) => error.message,
    );
    if (refusal === null) expect(told).toBeNull();
    else expect(told).toMatch(refusal);
    // The test posts nothing, and posting says the same.
    expect(discord.messages).toEqual([]);
    expect(await channel.send(LETTER)).toMatchObject({ state: refusal === null ? 'sent' : 'refused' });
  });

  test('says nothing of what Discord does not tell whole: a role of the bot that is not in the list', async () => {
    const { discord, channel } = await start();
    discord.permissions = { everyone: 0n, role: 0n, overwrites: [] };
    discord.more = ({ path }) =>
      path.endsWith('/roles') ? { body: JSON.stringify([{ id: GUILD_ID, permissions: '0' }]) } : undefined;
    expect(await channel.test()).toBe("the bot sees its channel 'alerts'");
  });

  test('a private thread that it is not in is named, where Discord shows it all the same', async () => {
    const { discord, channel } = await start();
    Object.assign(discord, { permissions: all, channel: { ...thread, type: 12 } });
    await expect(channel.test()).rejects.toThrow(/^the bot is not in this private thread/);
  });
});
