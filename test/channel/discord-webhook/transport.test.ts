import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { AttemptResult } from '../../../src/channel/channel.ts';
import { createDiscordWebhookChannel } from '../../../src/channel/discord-webhook/transport.ts';
import { discordError, INVALID_TOKEN, rateLimited } from '../../support/discord-answers.ts';
import { startDiscord } from '../../support/discord-server.ts';
import type { DiscordFault, DiscordStandIn } from '../../support/discord-stand-in.ts';
import { exampleMessage, outgoing } from '../../support/examples.ts';
import { listen, send, startHttp } from '../../support/http.ts';
import { useStandIn } from '../../support/temporary.ts';

/** A name with a part of over 63 letters, which no resolver ever asks for. */
const NO_HOST = `${'x'.repeat(64)}.invalid`;

/** The client of discord.js, by its path: a name would be a dependency of this project. */
const UNDICI = join(import.meta.dirname, '../../../node_modules/undici/index.js');

const FIRST = { messageId: '1417934283201413999', channelId: '1417934283201413131' };

function channelOf(discord: DiscordStandIn, { mention, threadId, threadName, bot, timeout = 5000 }: Options = {}) {
  const settings = { id: discord.id, token: discord.token, threadId, threadName, api: discord.url };
  return createDiscordWebhookChannel(settings, mention, timeout, bot ? { token: discord.botToken } : undefined);
}

interface Options {
  readonly mention?: string;
  readonly threadId?: string;
  readonly threadName?: string;
  /** A bot of the same server is set up too. */
  readonly bot?: boolean;
  readonly timeout?: number;
}

const refused = (permanent: boolean, rest: object = {}) => ({ state: 'refused', permanent, ...rest });
const unknown = { state: 'unknown' };

/** Fault, how many messages it lets through unseen, and the outcome. */
const FAULTS: readonly (readonly [name: string, fault: DiscordFault, taken: number, result: object])[] = [
  ['401', INVALID_TOKEN, 0, refused(true, { reason: expect.stringContaining('set DISCORD_WEBHOOK_URL') })],
  [
    '403',
    discordError(403, 50013, 'Missing Permissions'),
    0,
    refused(true, { reason: expect.stringMatching(/403.*Missing Permissions/) }),
  ],
  [
    '403 of a proxy',
    { status: 403, body: '<html>Cloudflare</html>' },
    0,
    refused(false, { reason: expect.stringMatching(/is not Discord \(HTTP 403: a page\), so it was not sent/) }),
  ],
  ['404 of a proxy', { status: 404, body: '<h1>Not Found</h1>' }, 0, refused(false)],
  ['403 with a JSON of somebody', { status: 403, body: '{"error": "blocked"}' }, 0, refused(false)],
  [
    '407',
    { status: 407, body: '<html>Login</html>' },
    0,
    refused(false, { reason: expect.stringMatching(/a proxy asks for a login/) }),
  ],
  [
    '511',
    { status: 511, body: '<html>Login</html>' },
    0,
    refused(false, { reason: expect.stringMatching(/the network asks for a login/) }),
  ],
  [
    '400 of single fields',
    { status: 400, body: '{"embeds": ["0"]}' },
    0,
    refused(true, { reason: expect.stringMatching(/^Discord refused it/) }),
  ],
  [
    'a redirect to a login',
    { status: 302, headers: { location: 'http://127.0.0.1:1/login' } },
    0,
    refused(false, { reason: expect.stringMatching(/redirects elsewhere/) }),
  ],
  // Cloudflare's own, before Discord: "error code: 1015".
  [
    '429 with a page',
    { status: 429, headers: { 'retry-after': '60' }, body: '<html>1015</html>' },
    0,
    refused(false, { retryAfter: 60_050 }),
  ],
  ['429 of the resource', discordError(429, 40062, 'Service resource is being rate limited.'), 0, refused(false)],
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
  // A gateway in time-out has handed it over; one with a bad answer, or with no server, says so.
  ['504 with a page', { status: 504, body: '<html>Gateway Time-out</html>' }, 0, unknown],
  ['524, as Cloudflare says it', { status: 524, body: 'error code: 524' }, 0, unknown],
  ['hang', 'hang', 0, unknown],
  ['hang before the body', 'hang-before-body', 0, unknown],
  ['accept, then hang', 'accept-then-hang', 1, unknown],
  ['reset', 'reset', 0, unknown],
  ['accept, then reset', 'accept-then-reset', 1, unknown],
  ['drop', 'drop', 0, unknown],
  ['truncate', 'truncate', 1, unknown],
  ['stall', 'stall', 1, unknown],
  [
    '200 with a page',
    { body: '<html>Log in to this network</html>' },
    0,
    refused(false, { reason: expect.stringMatching(/is not Discord/) }),
  ],
  ['200 with words', { headers: { 'content-type': 'text/plain' }, body: 'Please log in.' }, 0, refused(false)],
  [
    '200 with another JSON',
    { body: '{"ok": true}' },
    0,
    refused(false, { reason: expect.stringMatching(/an answer of another service/) }),
  ],
  ['200 with an id of another service', { body: '{"id": "a1", "channel_id": "b2"}' }, 0, refused(false)],
  ['200 with a list', { body: '[]' }, 0, refused(false)],
  ['200 with half of a JSON', { headers: { 'content-type': 'application/json' }, body: '{"id": "1' }, 0, unknown],
  ['204', { status: 204 }, 0, unknown],
];

describe.each(FAULTS)('%s', (_, fault, taken, result) => {
  const timeout = ['hang', 'hang-before-body', 'accept-then-hang', 'stall'].includes(String(fault)) ? 400 : 5000;

  test('has its outcome after exactly one POST', async () => {
    const discord = await useStandIn(startDiscord());
    discord.fault = () => fault;
    expect(await channelOf(discord, { timeout }).send(outgoing())).toMatchObject(result);
    expect(discord.requests.map(({ method }) => method)).toEqual(['POST']);
    expect(discord.messages).toHaveLength(taken);
  });

  test('does not break the next send', async () => {
    const discord = await useStandIn(startDiscord());
    discord.fault = ({ count }) => (count === 1 ? fault : undefined);
    await channelOf(discord, { timeout }).send(outgoing());
    expect(await channelOf(discord).send(outgoing())).toMatchObject({ state: 'sent' });
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
  const result = await channelOf(discord).send(outgoing());
  expect(result).toMatchObject(refused(false, { reason: expect.not.stringContaining('NaN') }));
  expect(retryAfter(result)).toBeGreaterThanOrEqual(1000);
  expect(discord.requests).toHaveLength(1);
});

function retryAfter(result: AttemptResult): number | undefined {
  return result.state === 'refused' ? result.retryAfter : undefined;
}

describe('what fails before the request was written surely sent nothing, and may be tried again', () => {
  const channelAt = (api: string, timeout = 400) =>
    createDiscordWebhookChannel({ id: '1', token: 'secret-token', threadId: undefined, api }, undefined, timeout);
  /** A server that does this to every connection, and writes no HTTP by itself. */
  const serverThat = (act: (socket: import('node:net').Socket) => void) =>
    useStandIn(
      listen(
        createServer((socket) => {
          socket.on('error', () => undefined);
          act(socket);
        }),
      ),
    );
  const silent = () => serverThat(() => undefined);
  const closing = () => serverThat((socket) => socket.destroy());

  test.each<[string, () => Promise<string>, RegExp]>([
    ['no connection', async () => 'http://127.0.0.1:1/api', /cannot be reached \(ECONNREFUSED\)$/],
    // Both families of localhost are tried: an AggregateError.
    ['none at any address', async () => 'http://localhost:1/api', /cannot be reached \(ECONNREFUSED\)$/],
    ['no address', async () => `http://${NO_HOST}/api`, /cannot be reached \((ENOTFOUND|EAI_AGAIN)\)$/],
    ['TLS hangs', async () => `https://127.0.0.1:${(await silent()).port}/api`, /\(not sent in time\)$/],
    ['TLS is cut', async () => `https://127.0.0.1:${(await closing()).port}/api`, /cannot be reached \(ECONNRESET\)$/],
    [
      'no TLS at all',
      async () => {
        const { port } = await serverThat((socket) => socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\n\r\n')));
        return `https://127.0.0.1:${port}/api`;
      },
      /no trusted connection to Discord \(ERR_SSL_\w+\)$/,
    ],
  ])('%s', async (_, start, reason) => {
    const result = await channelAt(await start()).send(outgoing());
    expect(result).toMatchObject(refused(false, { reason: expect.stringMatching(reason) }));
  });

  // undici's own: a proxy that is asked for the way to Discord.
  test.each<[string, (socket: import('node:net').Socket) => void, RegExp]>([
    [
      'refuses',
      (socket) =>
        socket.once('data', () =>
          socket.end('HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\n\r\n'),
        ),
      /\(the proxy answers HTTP 407\)$/,
    ],
    ['hangs', () => undefined, /\(not sent in time\)$/],
    ['resets', (socket) => socket.once('data', () => socket.resetAndDestroy()), /\(ECONNRESET\)$/],
  ])('a proxy that %s', async (_, act, reason) => {
    const { port } = await serverThat(act);
    const key = Symbol.for('undici.globalDispatcher.1');
    const { ProxyAgent } = (await import(UNDICI)) as { ProxyAgent: new (url: string) => object };
    const known = Reflect.get(globalThis, key);
    Reflect.set(globalThis, key, new ProxyAgent(`http://127.0.0.1:${port}`));
    onTestFinished(() => void Reflect.set(globalThis, key, known));
    const result = await channelAt('https://discord.com/api').send(outgoing());
    expect(result).toMatchObject(refused(false, { reason: expect.stringMatching(reason) }));
  });

  test('a body of which only a part was taken', async () => {
    // Reads nothing: the buffers of both ends take some megabytes.
    const { port } = await serverThat((socket) => socket.pause());
    const picture = { name: 'record', alt: 'a chart', png: new Uint8Array(30_000_000) } as const;
    const result = await channelAt(`http://127.0.0.1:${port}/api`, 1500).send(
      outgoing(exampleMessage(), { pictures: [picture] }),
    );
    expect(result).toMatchObject(refused(false, { reason: expect.stringMatching(/not sent in time/) }));
  });
});

describe('a refusal that the text alone may pass', () => {
  test.each<[string, DiscordFault, boolean]>([
    ['413', discordError(413, 40005, 'Request entity too large'), true],
    ['413 of a gateway', { status: 413, body: '<html>413 Request Entity Too Large</html>' }, true],
    ['400 for explicit content', discordError(400, 20009, 'Explicit content cannot be sent'), true],
    ['400 for its form', discordError(400, 50035, 'Invalid Form Body'), true],
    ['400 for a file', discordError(400, 50046, 'Invalid file uploaded'), true],
    ['403 for Attach Files', discordError(403, 50013, 'Missing Permissions'), true],
    [
      '403 for limited uploads',
      discordError(403, 400001, 'Access to file uploads has been limited for this guild'),
      true,
    ],
    ['a code that nobody knows', discordError(400, 999_999, 'Something new'), true],
    ['500', { status: 500 }, true],
    ['503', discordError(503, 0, '503: Service Unavailable'), true],
    ['401', INVALID_TOKEN, false],
    ['404', discordError(404, 10015, 'Unknown Webhook'), false],
    ['404 for the thread', discordError(404, 10003, 'Unknown Channel'), false],
    ['403 for the channel', discordError(403, 50001, 'Missing Access'), false],
    [
      '400 for a forum',
      discordError(400, 220001, 'Webhooks posted to forum channels must have a thread_name or thread_id'),
      false,
    ],
    ['429', rateLimited(2), false],
    ['407', { status: 407, body: '<html>Login</html>' }, false],
  ])('%s', async (_, fault, expected) => {
    const discord = await useStandIn(startDiscord());
    discord.fault = () => fault;
    const result = await channelOf(discord).send(outgoing());
    expect(result.state === 'refused' && result.perhapsPictures === true).toBe(expected);
  });

  test('the text alone refers to no attachment', async () => {
    const discord = await useStandIn(startDiscord());
    await channelOf(discord).send(outgoing(exampleMessage(), { lacking: 'not taken' }));
    const posted = JSON.stringify(discord.messages[0]?.payload);
    expect(posted).not.toContain('attachment');
    expect(posted).toContain('The pictures could not be attached; they are on the page');
    expect(discord.messages[0]?.files).toEqual([]);
  });
});

describe("Discord's own code decides the sentence", () => {
  test.each([
    [
      404,
      10003,
      'Unknown Channel',
      /^the channel or thread is gone; set another thread_id in DISCORD_WEBHOOK_URL, or make a new webhook/,
    ],
    [404, 10015, 'Unknown Webhook', /^Discord does not know this webhook; make a new one/],
    [400, 220001, 'Webhooks posted to forum channels must have a thread_name or thread_id', /append \?thread_name=/],
    [400, 50083, 'Thread is archived', /^the thread is archived/],
    [403, 160005, 'Thread is locked', /^the thread is locked/],
    [401, 50027, 'Invalid Webhook Token', /make a new one/],
    [403, 999_999, 'Something new', /^the webhook may not do this; .*Something new, code 999999$/],
  ])('%i %i', async (status, code, words, sentence) => {
    const discord = await useStandIn(startDiscord());
    discord.fault = () => discordError(status, code, words);
    expect(await channelOf(discord).send(outgoing())).toMatchObject(
      refused(true, { reason: expect.stringMatching(sentence) }),
    );
  });

  test.each([20016, 40004, 40062])('%i passes by itself', async (code) => {
    const discord = await useStandIn(startDiscord());
    discord.fault = () => discordError(400, code, 'Later');
    expect(await channelOf(discord).send(outgoing())).toMatchObject(refused(false));
  });
});

describe('a webhook of a forum', () => {
  const forum = async () => Object.assign(await useStandIn(startDiscord()), { channel: { type: 15 } });

  test('is refused without a name or an id, and makes a post with a name', async () => {
    const discord = await forum();
    expect(await channelOf(discord).send(outgoing())).toMatchObject(
      refused(true, { reason: expect.stringContaining('the webhook is of a forum') }),
    );
    expect(await channelOf(discord, { threadName: 'Breakout Bell' }).send(outgoing())).toMatchObject({ state: 'sent' });
    expect(discord.messages[0]?.payload).toMatchObject({ thread_name: 'Breakout Bell' });
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
    await expect(channelOf(discord, { bot: true }).test()).rejects.toThrow(/^the webhook is of a forum/);
    expect(await channelOf(discord, { bot: true, threadName: 'x' }).test()).toMatch(/is there$/);
    discord.channel = { type: 0 };
    await expect(channelOf(discord, { bot: true, threadName: 'x' }).test()).rejects.toThrow(
      /for webhooks of a forum only/,
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
  const kinds = ['alert', 'correction', 'retraction', 'drill', 'follow-up', 'digest', 'warning', 'all-clear'] as const;
  for (const kind of kinds) await channel.send(outgoing(exampleMessage({ kind, lead: '@everyone' })));
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
    /what answered is not Discord .*DISCORD_API_URL/,
  ],
])('its test names %s', async (_, fault, words) => {
  const discord = await useStandIn(startDiscord());
  discord.fault = () => fault;
  const channel = channelOf(discord, { timeout: fault === 'hang' ? 400 : 5000 });
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
  ].map((channel) => channel.fingerprint);
  expect(new Set(marks).size).toBe(marks.length);
  expect(createDiscordWebhookChannel({ ...settings }, undefined).fingerprint).toBe(marks[0]);
});
