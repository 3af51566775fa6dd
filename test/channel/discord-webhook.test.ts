import { describe, expect, test } from 'vitest';
import type { Outcome } from '../../src/channel/channel.ts';
import { createDiscordWebhookChannel } from '../../src/channel/discord-webhook.ts';
import {
  type DiscordFault,
  type DiscordStandIn,
  discordError,
  INVALID_TOKEN,
  rateLimited,
  startDiscord,
} from '../support/discord-server.ts';
import { exampleMessage, letter } from '../support/examples.ts';
import { send, startHttp } from '../support/http.ts';
import { useStandIn } from '../support/temporary.ts';

/** A name with a part of over 63 letters, which no resolver ever asks for. */
const NO_HOST = `${'x'.repeat(64)}.invalid`;

const FIRST = { messageId: '1417934283201413999', channelId: '1417934283201413131' };

function channelOf(discord: DiscordStandIn, { mention, threadId, timeout = 5000 }: Options = {}) {
  const settings = { id: discord.id, token: discord.token, threadId, api: discord.url };
  return createDiscordWebhookChannel(settings, mention, timeout);
}

interface Options {
  readonly mention?: string;
  readonly threadId?: string;
  readonly timeout?: number;
}

const refused = (permanent: boolean, rest: object = {}) => ({ state: 'refused', permanent, ...rest });
const unknown = { state: 'unknown' };

/** Fault, how many messages it lets through unseen, and the outcome. */
const FAULTS: readonly (readonly [name: string, fault: DiscordFault, taken: number, outcome: object])[] = [
  ['401', INVALID_TOKEN, 0, refused(true, { reason: expect.stringContaining('set DISCORD_WEBHOOK_URL') })],
  [
    '403',
    discordError(403, 50013, 'Missing Permissions'),
    0,
    refused(true, { reason: expect.stringMatching(/403.*Missing Permissions/) }),
  ],
  ['403 of a proxy', { status: 403, body: '<html>Cloudflare</html>' }, 0, refused(true)],
  [
    '404',
    discordError(404, 10015, 'Unknown Webhook'),
    0,
    refused(true, { reason: expect.stringContaining('set DISCORD_WEBHOOK_URL') }),
  ],
  ['400', discordError(400, 50035, 'Invalid Form Body'), 0, refused(true)],
  ['429', rateLimited(2), 0, refused(false, { retryAfter: expect.closeTo(2000, -3) })],
  ['429 for half a minute', rateLimited(30), 0, refused(false, { retryAfter: expect.closeTo(30_000, -3) })],
  ['429 for all', rateLimited(2, true), 0, refused(false, { retryAfter: expect.closeTo(2000, -3) })],
  ['500', { status: 500 }, 0, refused(false)],
  ['502 with a page', { status: 502, body: '<html>Bad Gateway</html>' }, 0, refused(false)],
  ['503', { status: 503, body: '{}' }, 0, refused(false)],
  ['hang', 'hang', 0, unknown],
  ['hang before the body', 'hang-before-body', 0, unknown],
  ['accept, then hang', 'accept-then-hang', 1, unknown],
  ['reset', 'reset', 0, unknown],
  ['accept, then reset', 'accept-then-reset', 1, unknown],
  ['drop', 'drop', 0, unknown],
  ['truncate', 'truncate', 1, unknown],
  ['stall', 'stall', 1, unknown],
  ['200 with a page', { body: '<html>Log in to this network</html>' }, 0, unknown],
  ['200 with another JSON', { body: '{"ok": true}' }, 0, unknown],
  ['200 with half of a JSON', { headers: { 'content-type': 'application/json' }, body: '{"id": "1' }, 0, unknown],
  ['204', { status: 204 }, 0, unknown],
];

describe.each(FAULTS)('%s', (_, fault, taken, outcome) => {
  const timeout = ['hang', 'hang-before-body', 'accept-then-hang', 'stall'].includes(String(fault)) ? 50 : 5000;

  test('has its outcome after exactly one POST', async () => {
    const discord = await useStandIn(startDiscord());
    discord.fault = () => fault;
    expect(await channelOf(discord, { timeout }).send(letter())).toMatchObject(outcome);
    expect(discord.requests.map(({ method }) => method)).toEqual(['POST']);
    expect(discord.messages).toHaveLength(taken);
  });

  test('does not break the next send', async () => {
    const discord = await useStandIn(startDiscord());
    discord.fault = ({ count }) => (count === 1 ? fault : undefined);
    await channelOf(discord, { timeout }).send(letter());
    expect(await channelOf(discord).send(letter())).toMatchObject({ state: 'sent' });
    expect(discord.messages).toHaveLength(taken + 1);
  });
});

// The client makes 0 and NaN of them.
test.each([
  ['no Retry-After', { status: 429, body: '{"message": "slow down"}' }],
  ['a date as Retry-After', { status: 429, headers: { 'retry-after': 'Thu, 18 Sep 2025 20:45:00 GMT' } }],
])('429 with %s waits for a second rather than for nothing', async (_, fault) => {
  const discord = await useStandIn(startDiscord());
  discord.fault = () => fault;
  const outcome = await channelOf(discord).send(letter());
  expect(outcome).toMatchObject(refused(false, { reason: expect.not.stringContaining('NaN') }));
  expect(retryAfter(outcome)).toBeGreaterThanOrEqual(1000);
  expect(discord.requests).toHaveLength(1);
});

function retryAfter(outcome: Outcome): number | undefined {
  return outcome.state === 'refused' ? outcome.retryAfter : undefined;
}

test('a refused connection surely sent nothing and may be tried again', async () => {
  const discord = await useStandIn(startDiscord());
  await discord.close();
  expect(await channelOf(discord).send(letter())).toMatchObject(
    refused(false, { reason: expect.stringContaining('ECONNREFUSED') }),
  );
});

test('a host without an address surely got nothing', async () => {
  const discord = await useStandIn(startDiscord());
  const channel = channelOf({ ...discord, url: `http://${NO_HOST}/api` });
  expect(await channel.send(letter())).toMatchObject(refused(false));
});

test('the receipt is the id of message and channel, as Discord tells them', async () => {
  const discord = await useStandIn(startDiscord());
  expect(await channelOf(discord).send(letter())).toEqual({
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
  await createDiscordWebhookChannel(settings, undefined).send(letter());
  await createDiscordWebhookChannel({ ...settings, threadId: '34' }, undefined).send(letter());
  expect(asked).toEqual([
    'POST /api/v10/webhooks/12/token?wait=true',
    'POST /api/v10/webhooks/12/token?wait=true&thread_id=34',
  ]);
});

test('only what is said of an event, and a drill, mentions the role that is set up, and nothing else is mentioned', async () => {
  const discord = await useStandIn(startDiscord());
  const channel = channelOf(discord, { mention: '<@&123>' });
  const kinds = ['alert', 'correction', 'retraction', 'drill', 'follow-up', 'digest', 'warning', 'all-clear'] as const;
  for (const kind of kinds) await channel.send(letter(exampleMessage({ kind, lead: '@everyone' })));
  expect(discord.messages.map(({ payload }) => [payload.content, payload.allowed_mentions])).toEqual([
    ...Array.from({ length: 4 }, () => ['<@&123>', { parse: [], roles: ['123'] }]),
    ...Array.from({ length: 4 }, () => [undefined, { parse: [] }]),
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
    const channel = channelOf(discord, { timeout: fault === 'hang' ? 250 : 5000 });
    expect(await channel.send(letter(exampleMessage(), { refersTo: FIRST }))).toMatchObject({ state: 'sent' });
    expect(discord.requests.map(({ method }) => method)).toEqual(['GET', 'POST']);
    expect(discord.messages[0]?.payload.embeds?.[0]?.description).not.toContain('discord.com/channels');
  });

  test('asks for nothing when nothing is known of the first one', async () => {
    const discord = await useStandIn(startDiscord());
    await channelOf(discord).send(letter());
    expect(discord.requests).toHaveLength(1);
  });
});

test('its test reads the webhook and posts nothing', async () => {
  const discord = await useStandIn(startDiscord());
  expect(await channelOf(discord).test()).toBe("webhook 'Breakout Bell' is there");
  expect(discord.requests.map(({ method }) => method)).toEqual(['GET']);
});

test.each<[string, DiscordFault, RegExp]>([
  ['a webhook that is gone', discordError(404, 10015, 'Unknown Webhook'), /make a new one and set DISCORD_WEBHOOK_URL/],
  ['a wrong token', INVALID_TOKEN, /make a new one and set DISCORD_WEBHOOK_URL/],
  ['a rate limit', rateLimited(2), /slow down/],
  ['a service that is down', { status: 503 }, /HTTP 503/],
  ['a service that hangs', 'hang', /did not answer in time/],
  [
    'a page instead of a webhook',
    { body: '<html>Log in to this network</html>' },
    /is not a webhook; check DISCORD_WEBHOOK_URL/,
  ],
])('its test names %s', async (_, fault, words) => {
  const discord = await useStandIn(startDiscord());
  discord.fault = () => fault;
  const channel = channelOf(discord, { timeout: fault === 'hang' ? 50 : 5000 });
  await expect(channel.test()).rejects.toThrow(words);
});

test('the mark of its settings changes with each of them', async () => {
  const discord = await useStandIn(startDiscord());
  const settings = { id: '1', token: 'a', threadId: undefined, api: discord.url };
  const marks = [
    createDiscordWebhookChannel(settings, undefined),
    createDiscordWebhookChannel({ ...settings, id: '2' }, undefined),
    createDiscordWebhookChannel({ ...settings, token: 'b' }, undefined),
    createDiscordWebhookChannel({ ...settings, threadId: '3' }, undefined),
    createDiscordWebhookChannel({ ...settings, api: 'http://127.0.0.1/api' }, undefined),
    createDiscordWebhookChannel(settings, '<@&1>'),
  ].map((channel) => channel.settings);
  expect(new Set(marks).size).toBe(marks.length);
  expect(createDiscordWebhookChannel({ ...settings }, undefined).settings).toBe(marks[0]);
});
