import { Routes, WebhookClient } from 'discord.js';
import { expect, test } from 'vitest';
import { discordError, INVALID_TOKEN, rateLimited } from './discord-answers.ts';
import { startDiscord } from './discord-server.ts';
import type { DiscordFault, DiscordStandIn } from './discord-stand-in.ts';
import { useStandIn } from './temporary.ts';

/** The real client, set up as the bot does: one POST for one send. */
function client({ id, token, url }: DiscordStandIn, timeout = 2000): WebhookClient {
  return new WebhookClient(
    { id, token },
    { rest: { api: url, version: '10', retries: 0, timeout, rejectOnRateLimit: () => true } },
  );
}

const PICTURE = { attachment: Buffer.from('picture'), name: 'record.png' };

test('takes a message and answers it with a growing id', async () => {
  const discord = await useStandIn(startDiscord());
  const before = Date.now();
  const first = await client(discord).send({ content: 'one', allowedMentions: { parse: [] } });
  const second = await client(discord).send('two');
  expect(first).toMatchObject({ content: 'one', author: { bot: true }, webhook_id: discord.id, attachments: [] });
  expect(BigInt(second.id) > BigInt(first.id)).toBe(true);
  expect(discord.messages).toMatchObject([
    { id: first.id, payload: { content: 'one', allowed_mentions: { parse: [] } }, files: [] },
    { id: second.id, payload: { content: 'two' } },
  ]);
  const at = Number(discord.messages[0]?.at);
  expect([before <= at, at <= Date.now()]).toEqual([true, true]);
});

test('takes an embed with a picture', async () => {
  const discord = await useStandIn(startDiscord());
  const embeds = [{ title: 'Record', image: { url: 'attachment://record.png' } }];
  const sent = await client(discord).send({ embeds, files: [PICTURE] });
  expect(sent.attachments).toEqual([]);
  expect(sent.embeds[0]?.image?.url).toMatch(/^https:\/\/cdn\.discordapp\.com\/attachments\/\d+\/\d+\/record\.png$/);
  expect(discord.messages).toMatchObject([{ payload: { embeds }, files: [{ name: 'record.png', size: 7 }] }]);
});

test('the webhook URL is one that discord.js accepts, and its token no other', async () => {
  const discord = await useStandIn(startDiscord());
  expect(new WebhookClient({ url: discord.webhookUrl })).toMatchObject({ id: discord.id, token: discord.token });
});

test('shows the webhook, but not for a wrong token', async () => {
  const discord = await useStandIn(startDiscord());
  const { rest } = client(discord);
  expect(await rest.get(Routes.webhook(discord.id, discord.token), { auth: false })).toMatchObject({ id: discord.id });
  await expect(rest.get(Routes.webhook(discord.id, 'wrong'), { auth: false })).rejects.toMatchObject({
    name: 'DiscordAPIError[10015]',
    status: 404,
  });
});

test('shows and edits a message', async () => {
  const discord = await useStandIn(startDiscord());
  const { id } = await client(discord).send({ content: 'before', files: [PICTURE] });
  expect(await client(discord).fetchMessage(id)).toMatchObject({ id, content: 'before' });
  await client(discord).editMessage(id, { content: 'after' });
  expect(discord.messages).toMatchObject([{ id, payload: { content: 'after' }, files: [{ name: 'record.png' }] }]);
  await client(discord).editMessage(id, { files: [{ ...PICTURE, name: 'new.png' }] });
  expect(discord.messages[0]?.files).toEqual([{ name: 'new.png', size: 7 }]);
  await expect(client(discord).fetchMessage('1')).rejects.toMatchObject({ code: 10008, status: 404 });
});

test.each([
  [{ content: '' }, 50006],
  [{ content: 'x'.repeat(2001) }, 50035],
  [{ embeds: Array.from({ length: 11 }, () => ({ title: 'x' })) }, 50035],
  [{ embeds: [{ title: 'x'.repeat(257) }] }, 50035],
  [{ embeds: [{ fields: [{ name: 'x', value: 'x'.repeat(1025) }] }] }, 50035],
  [{ embeds: [{ description: 'x'.repeat(4000) }, { description: 'x'.repeat(2001) }] }, 50035],
  [{ embeds: [{ url: 'attachment://record.png' }] }, 50035],
  [{ content: 'x', username: 'Discord Bell' }, 50035],
  [{ content: 'x', username: 'x'.repeat(81) }, 50035],
])('refuses a message over the limits, or of a bad address or name (%#)', async (message, code) => {
  const discord = await useStandIn(startDiscord());
  await expect(client(discord).send(message)).rejects.toMatchObject({ code, status: 400 });
  expect(discord.messages).toEqual([]);
});

const FAULTS: [fault: DiscordFault, accepted: number, error: object][] = [
  ['hang', 0, { name: 'AbortError' }],
  ['hang-before-body', 0, { name: 'AbortError' }],
  ['accept-then-hang', 1, { name: 'AbortError' }],
  ['reset', 0, { name: 'Error', code: 'ECONNRESET' }],
  ['accept-then-reset', 1, { name: 'Error', code: 'ECONNRESET' }],
  ['drop', 0, { name: 'SocketError', code: 'UND_ERR_SOCKET' }],
  ['truncate', 1, { name: 'SocketError', code: 'UND_ERR_SOCKET' }],
  [{ status: 500 }, 0, { name: 'HTTPError', status: 500 }],
  [{ status: 502, body: '<html>Bad Gateway</html>' }, 0, { name: 'HTTPError', status: 502 }],
  [{ status: 403, body: '<html>Cloudflare</html>' }, 0, { name: 'DiscordAPIError[undefined]', status: 403 }],
  [INVALID_TOKEN, 0, { name: 'DiscordAPIError[50027]', status: 401 }],
  [discordError(403, 50013, 'Missing Permissions'), 0, { name: 'DiscordAPIError[50013]', status: 403 }],
  [discordError(404, 10015, 'Unknown Webhook'), 0, { name: 'DiscordAPIError[10015]', status: 404 }],
  [rateLimited(2), 0, { name: 'RateLimitError[/webhooks/:id/:token]', retryAfter: 2050, global: false }],
  [rateLimited(2, true), 0, { name: 'RateLimitError[/webhooks/:id/:token]', retryAfter: 2050, global: true }],
];

test.each(FAULTS)('fault %j reaches the client after one request', async (fault, accepted, error) => {
  const discord = await useStandIn(startDiscord());
  discord.fault = () => fault;
  const timeout = String(fault).includes('hang') ? 40 : 2000;
  await expect(client(discord, timeout).send('ring')).rejects.toMatchObject(error);
  expect(discord.messages).toHaveLength(accepted);
  expect(discord.requests).toEqual([
    { method: 'POST', path: `/api/v10/webhooks/${discord.id}/${discord.token}`, count: 1 },
  ]);
  discord.fault = undefined;
  await client(discord).send('again');
  expect(discord.messages).toHaveLength(accepted + 1);
});

test('a stalled answer outlives the timeout of discord.js; only a signal of our own ends it', async () => {
  const discord = await useStandIn(startDiscord());
  discord.fault = () => 'stall';
  const sending = client(discord, 20).rest.post(Routes.webhook(discord.id, discord.token), {
    body: { content: 'ring' },
    query: new URLSearchParams({ wait: 'true' }),
    auth: false,
    signal: AbortSignal.timeout(80),
  });
  await expect(sending).rejects.toMatchObject({ name: 'AbortError' });
  expect(discord.messages).toHaveLength(1);
});

test('an answer that is no message resolves: the caller has to look for an id', async () => {
  const discord = await useStandIn(startDiscord());
  discord.fault = () => ({ body: '<html>Log in to this network</html>' });
  expect(await client(discord).send('ring')).toBeInstanceOf(ArrayBuffer);
  expect(discord.messages).toEqual([]);
});

test('without rejectOnRateLimit discord.js waits and sends again by itself, whatever retries says', async () => {
  const discord = await useStandIn(startDiscord());
  discord.fault = ({ count }) => (count === 1 ? rateLimited(0.01) : undefined);
  const rest = { api: discord.url, version: '10', retries: 0 };
  await new WebhookClient({ id: discord.id, token: discord.token }, { rest }).send('ring');
  expect(discord.requests).toHaveLength(2);
});
