import { describe, expect, test } from 'vitest';
import { createDiscordBotChannel } from '../../../src/channel/discord-bot/transport.ts';
import { BOT_ID, BOT_ROLE, type DiscordStandIn, GUILD_ID, PARENT_ID } from '../../support/discord-stand-in.ts';
import { DECIDED, LETTER, MINUTE, start } from './bot-channel.ts';

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
