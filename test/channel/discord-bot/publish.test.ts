import { describe, expect, test } from 'vitest';
import type { Receipt } from '../../../src/message/message.ts';
import { discordError, rateLimited } from '../../support/discord-answers.ts';
import { BOT_ROLE, GUILD_ID } from '../../support/discord-stand-in.ts';
import { exampleMessage, outgoing } from '../../support/examples.ts';
import { channelOf, LETTER, start } from './bot-channel.ts';

/** A channel of announcements with one message in it. */
async function posted(type = 5) {
  const { discord, channel } = await start();
  discord.channel = { type };
  const sent = await channel.send(LETTER);
  if (sent.state !== 'sent') throw new Error('it was not sent');
  return { discord, channel, receipt: sent.receipt };
}

const CORRECTION = exampleMessage({ id: 'russell-2000/2025-09-18/correction', kind: 'correction', refersTo: 'x' });

describe('what is published', () => {
  test('is a message in a channel of announcements, once', async () => {
    const { discord, channel, receipt } = await posted();
    expect(await channel.publish?.(receipt)).toEqual({ state: 'published' });
    expect(discord.crossposts).toEqual([receipt.messageId]);
    // Also where nobody noted that it was.
    expect(await channel.publish?.(receipt)).toEqual({ state: 'published' });
    expect(discord.crossposts).toEqual([receipt.messageId]);
  });

  test('is nothing in another channel, which is not even asked for it', async () => {
    const { discord, channel, receipt } = await posted(0);
    expect(await channel.publish?.(receipt)).toEqual({ state: 'left' });
    expect(discord.requests.filter(({ path }) => path.endsWith('/crosspost'))).toEqual([]);
  });

  test('is where it was posted, also when another channel is set up since', async () => {
    const { discord, receipt } = await posted();
    const moved = channelOf(Object.assign(Object.create(discord), { channelId: '1417934283201410000' }));
    expect(await moved.publish?.(receipt)).toEqual({ state: 'published' });
  });

  test('is no reply: a message that refers to another one leads there by a link', async () => {
    const { discord, channel, receipt } = await posted();
    const sent = await channel.send({ ...outgoing(CORRECTION), refersTo: receipt });
    expect(discord.messages[1]?.payload.message_reference).toBeUndefined();
    expect(discord.messages[1]?.payload.embeds?.[0]?.description).toContain(
      `[The message this refers to](https://discord.com/channels/${GUILD_ID}/${discord.channelId}/${receipt.messageId})`,
    );
    if (sent.state === 'sent') expect(await channel.publish?.(sent.receipt)).toEqual({ state: 'published' });
    expect(discord.crossposts).toHaveLength(1);
  });

  test('a reply elsewhere stays one, and so it does where Discord does not say what the channel is', async () => {
    for (const type of [0, 5]) {
      const { discord, channel, receipt } = await posted(type);
      if (type === 5) discord.fault = ({ method }) => (method === 'GET' ? discordError(500, 0, 'Oops') : undefined);
      await channel.send({ ...outgoing(CORRECTION), refersTo: receipt });
      expect(discord.messages[1]?.payload.message_reference).toMatchObject({ message_id: receipt.messageId });
    }
  });
});

describe('what cannot be published', () => {
  const crosspost = ({ path }: { path: string }) => path.endsWith('/crosspost');

  test.each([
    ['at the limit of an hour', rateLimited(1800), { state: 'refused' }, /slow down .* for 180\d s/],
    ['without the right to', discordError(403, 50013, 'Missing Permissions'), { state: 'refused' }, /50013/],
    ['while Discord has a fault', discordError(502, 0, 'Bad Gateway'), { state: 'refused' }, /HTTP 502/],
    ['once it is gone', discordError(404, 10008, 'Unknown Message'), { state: 'left' }, /10008/],
    ['as a reply', discordError(400, 50068, 'Invalid message type'), { state: 'left' }, /50068/],
  ])('%s, it says why, and whether to try again', async (_what, answer, result, reason) => {
    const { discord, channel, receipt } = await posted();
    discord.fault = (request) => (crosspost(request) ? answer : undefined);
    const refused = await channel.publish?.(receipt);
    expect(refused).toMatchObject({ ...result, reason: expect.stringMatching(reason) });
  });

  test.each(['reset', 'accept-then-reset'] as const)('a connection that breaks (%s) is tried again', async (fault) => {
    const { discord, channel, receipt } = await posted();
    discord.fault = (request) => (crosspost(request) ? fault : undefined);
    expect(await channel.publish?.(receipt)).toMatchObject({ state: 'refused' });
    discord.fault = undefined;
    expect(await channel.publish?.(receipt)).toEqual({ state: 'published' });
    expect(discord.crossposts).toHaveLength(1);
  });

  test('by Discord’s own rules: ten an hour, and its own messages with Send Messages alone', async () => {
    const { discord, channel } = await posted();
    const receipts: Receipt[] = [];
    for (let n = 0; n < 11; n++) {
      const sent = await channel.send(outgoing(exampleMessage({ id: `s/2025-09-18/${n}` })));
      if (sent.state === 'sent') receipts.push(sent.receipt);
    }
    const results = [];
    for (const receipt of receipts) results.push((await channel.publish?.(receipt))?.state);
    expect(results).toEqual([...Array(10).fill('published'), 'refused']);
    const send = 1n << 11n;
    const denied = { id: BOT_ROLE, type: 0 as const, allow: '0', deny: String(send) };
    discord.permissions = { everyone: send, role: 0n, overwrites: [denied] };
    expect(await channel.publish?.(receipts[10] ?? {})).toMatchObject({ reason: expect.stringContaining('50013') });
  });
});

test('its test says that the channel is one for announcements', async () => {
  const { channel } = await posted();
  expect(await channel.test()).toBe(
    "the bot sees its channel 'alerts'; it is an announcement channel, and what belongs to an event is published to its followers",
  );
});
