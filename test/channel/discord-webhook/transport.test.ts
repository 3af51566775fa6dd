import { describe, expect, test } from 'vitest';
import type { AttemptResult } from '../../../src/channel/channel.ts';
import { createDiscordWebhookChannel } from '../../../src/channel/discord-webhook/transport.ts';
import { discordError, INVALID_TOKEN, rateLimited } from '../../support/discord-answers.ts';
import { startDiscord } from '../../support/discord-server.ts';
import type { DiscordFault } from '../../support/discord-stand-in.ts';
import { exampleMessage, outgoing } from '../../support/examples.ts';
import { useStandIn } from '../../support/temporary.ts';
import { channelOf, refused } from './webhook-channel.ts';

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
    refused(false, {
      reason: expect.stringMatching(/did not come from Discord \(HTTP 403: a page\), so it was not sent/),
    }),
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
    refused(false, { reason: expect.stringMatching(/did not come from Discord/) }),
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
    expect(posted).not.toMatch(/attachment:|"attachments"|evidence\.txt/);
    expect(posted).toContain('The attachments were refused; the charts are on the page.');
    // The file with the evidence is gone too: it is in the message then.
    expect(posted).toContain('−9.8%');
    expect(discord.messages[0]?.files).toEqual([]);
  });

  test('a refused message says whether a file went with it, so that it is tried without', async () => {
    const discord = await useStandIn(startDiscord());
    discord.fault = () => discordError(413, 40005, 'Request entity too large');
    const channel = channelOf(discord);
    expect(await channel.send(outgoing())).toMatchObject({ attached: true });
    for (const bare of [
      outgoing(exampleMessage({ sections: [] })),
      outgoing(exampleMessage(), { lacking: 'not taken' }),
    ]) {
      expect(await channel.send(bare)).not.toHaveProperty('attached');
    }
  });
});

describe("Discord's own code decides the sentence", () => {
  test.each([
    [
      404,
      10003,
      'Unknown Channel',
      /^the channel or thread is gone; set another thread_id in DISCORD_WEBHOOK_URL, or create a new webhook/,
    ],
    [404, 10015, 'Unknown Webhook', /^Discord does not know this webhook; create a new one/],
    [400, 220001, 'Webhooks posted to forum channels must have a thread_name or thread_id', /append \?thread_name=/],
    [400, 50083, 'Thread is archived', /^the thread is archived/],
    [403, 160005, 'Thread is locked', /^the thread is locked/],
    [401, 50027, 'Invalid Webhook Token', /create a new one/],
    [403, 999_999, 'Something new', /^the webhook lacks permission; .*Something new, code 999999$/],
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

test('its test reads the webhook and posts nothing', async () => {
  const discord = await useStandIn(startDiscord());
  expect(await channelOf(discord).test()).toBe("webhook 'Breakout Bell' is there");
  expect(discord.requests.map(({ method }) => method)).toEqual(['GET']);
});

test.each<[string, DiscordFault, RegExp]>([
  [
    'a webhook that is gone',
    discordError(404, 10015, 'Unknown Webhook'),
    /create a new one and set DISCORD_WEBHOOK_URL/,
  ],
  ['a wrong token', INVALID_TOKEN, /create a new one and set DISCORD_WEBHOOK_URL/],
  ['a rate limit', rateLimited(2), /slow down/],
  ['a service that is down', { status: 503 }, /HTTP 503/],
  ['a service that hangs', 'hang', /did not answer in time/],
  [
    'a page instead of a webhook',
    { body: '<html>Log in to this network</html>' },
    /the answer did not come from Discord .*DISCORD_API_URL/,
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
