import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { type Channel, ChannelError } from '../../src/channel/channel.ts';
import { createDiscordBotChannel } from '../../src/channel/discord-bot/transport.ts';
import { createDiscordWebhookChannel } from '../../src/channel/discord-webhook/transport.ts';
import { createEmailChannel } from '../../src/channel/email/transport.ts';
import { createFolderChannel } from '../../src/channel/folder/transport.ts';
import type { Receipt } from '../../src/message/message.ts';
import {
  type DiscordFault,
  discordError,
  INVALID_TOKEN,
  rateLimited,
  startDiscord,
} from '../support/discord-server.ts';
import { exampleMessage, outgoing } from '../support/examples.ts';
import { type SmtpFault, startSmtp } from '../support/smtp-server.ts';
import { temporaryFolder, useStandIn } from '../support/temporary.ts';

/** A channel on a service of its own. */
interface Stage {
  readonly channel: Channel;
  /** All that arrived, as the service shows it. */
  arrived(): string[];
  /** What in the second of two arrivals leads to the first, and what it has to be. */
  reference(first: Receipt): { readonly found: unknown; readonly expected: unknown };
  /** Does something wrong from now on. */
  readonly faults: Readonly<Record<string, () => void>>;
  /** The same channel, set up wrongly. */
  readonly bad: readonly Channel[];
  readonly secrets: readonly string[];
}

async function folderStage(): Promise<Stage> {
  const parent = temporaryFolder();
  const folder = join(parent, 'outbox');
  const file = join(parent, 'file');
  writeFileSync(file, 'in the way');
  const names = () => readdirSync(folder).sort();
  return {
    channel: createFolderChannel(folder),
    arrived: () =>
      names()
        .filter((name) => name.endsWith('.txt'))
        .map((name) => readFileSync(join(folder, name), 'utf8')),
    // A folder has nothing to refer with but the names: they put the messages of one event side by side.
    reference: ({ file: first = '' }) => ({
      found: names().filter((name) => name.startsWith('2025-09-18-russell-2000-') && name.endsWith('.txt')),
      expected: expect.arrayContaining([first.slice(folder.length + 1), '2025-09-18-russell-2000-correction.txt']),
    }),
    faults: { 'a file is where the folder should be': () => writeFileSync(folder, 'in the way') },
    bad: [createFolderChannel(file), createFolderChannel(join(file, 'below'))],
    secrets: [],
  };
}

/** How long a channel waits for its service, in milliseconds: long where it answers, short where it does not. */
const PATIENT = 5000;
const SHORT = 50;

const DISCORD_FAULTS: Readonly<Record<string, DiscordFault>> = {
  hang: 'hang',
  'hang before the body': 'hang-before-body',
  reset: 'reset',
  drop: 'drop',
  truncate: 'truncate',
  stall: 'stall',
  'accept, then reset': 'accept-then-reset',
  'accept, then hang': 'accept-then-hang',
  400: discordError(400, 50035, 'Invalid Form Body'),
  401: INVALID_TOKEN,
  403: discordError(403, 50013, 'Missing Permissions'),
  404: discordError(404, 10015, 'Unknown Webhook'),
  429: rateLimited(30),
  '429 for all': rateLimited(30, true),
  '429 without a word': { status: 429 },
  500: { status: 500, body: '<html>Internal Server Error</html>' },
  '200 with a page': { body: '<html>Log in to this network</html>' },
  '200 with half of a JSON': { headers: { 'content-type': 'application/json' }, body: '{"id": ' },
  '200 with nothing': { status: 200 },
  204: { status: 204 },
};

async function discordStage(timeout: number): Promise<Stage> {
  const discord = await useStandIn(startDiscord());
  const settings = { id: discord.id, token: discord.token, threadId: undefined, api: discord.url };
  const bad = [{ token: 'wrong-but-secret' }, { api: 'http://127.0.0.1:1/api' }];
  return {
    channel: createDiscordWebhookChannel(settings, undefined, timeout),
    arrived: () => discord.messages.map(({ payload }) => JSON.stringify(payload)),
    reference: ({ channelId, messageId }) => ({
      found: discord.messages[1]?.payload.embeds?.[0]?.description,
      expected: expect.stringMatching(
        new RegExp(`\\(https://discord\\.com/channels/\\d+/${channelId}/${messageId}\\)$`),
      ),
    }),
    faults: Object.fromEntries(
      Object.entries(DISCORD_FAULTS).map(([name, fault]) => [
        name,
        () => Object.assign(discord, { fault: () => fault }),
      ]),
    ),
    bad: bad.map((wrong) => createDiscordWebhookChannel({ ...settings, ...wrong }, undefined, timeout)),
    secrets: [discord.token, 'wrong-but-secret', discord.webhookUrl],
  };
}

async function botStage(timeout: number): Promise<Stage> {
  const discord = await useStandIn(startDiscord());
  // Between any two of its looks at the clock Discord forgets what it knew: what its nonce does has a test of its own.
  let now = Date.parse('2025-09-18T20:45:00Z');
  discord.now = () => {
    now += 3_600_000;
    return now;
  };
  const settings = { token: discord.botToken, channelId: discord.channelId, api: discord.url };
  const bad = [{ token: 'wrong-but-secret' }, { channelId: '1' }, { api: 'http://127.0.0.1:1/api' }];
  return {
    channel: createDiscordBotChannel(settings, undefined, timeout),
    arrived: () => discord.messages.map(({ payload }) => JSON.stringify(payload)),
    reference: ({ messageId }) => ({
      found: discord.messages[1]?.payload.message_reference,
      expected: { message_id: messageId, fail_if_not_exists: false },
    }),
    faults: Object.fromEntries(
      Object.entries(DISCORD_FAULTS).map(([name, fault]) => [
        name,
        () => Object.assign(discord, { fault: () => fault }),
      ]),
    ),
    bad: bad.map((wrong) => createDiscordBotChannel({ ...settings, ...wrong }, undefined, timeout)),
    secrets: [discord.botToken, 'wrong-but-secret'],
  };
}

const ANN = 'ann@example.org';
const SMTP_FAULTS: Readonly<Record<string, SmtpFault>> = {
  stall: 'stall',
  'drop before data': 'drop-before-data',
  'drop in data': 'drop-in-data',
  'drop after data': 'drop-after-data',
  'stall after data': 'stall-after-data',
  '421 at connect': { connect: 421 },
  '554 at connect': { connect: 554 },
  '535 at login': { login: 535 },
  '454 at login': { login: 454 },
  '451 for the recipient': { recipients: { [ANN]: 451 } },
  '550 for the recipient': { recipients: { [ANN]: 550 } },
  '451 for the message': { data: 451 },
  '550 for the message': { data: 550 },
};

async function emailStage(timeout: number): Promise<Stage> {
  const smtp = await useStandIn(startSmtp());
  const settings = { smtpUrl: smtp.url, from: 'Bell <bell@example.org>', to: [ANN] };
  const create = (smtpUrl: string) => createEmailChannel({ ...settings, smtpUrl }, ANN, timeout);
  const wrong = [
    smtp.url.replace('secret', 'pass%2Fword'),
    smtp.url.replace(/:\d+\?/, ':1?'),
    smtp.url.replace('ignoreTLS', 'requireTLS'),
  ];
  return {
    channel: create(smtp.url),
    arrived: () => smtp.messages.map(({ subject, text, html }) => [subject, text, html].join('\n')),
    reference: ({ messageId }) => ({
      found: [smtp.messages[1]?.inReplyTo, smtp.messages[1]?.references],
      expected: [messageId, messageId],
    }),
    faults: Object.fromEntries(
      Object.entries(SMTP_FAULTS).map(([name, fault]) => [name, () => Object.assign(smtp, { fault: () => fault })]),
    ),
    bad: wrong.map(create),
    secrets: ['secret', 'pass%2Fword', 'pass/word', ...wrong, smtp.url],
  };
}

/** Everything that a log could show of a value: messages, stacks, causes and properties, hidden ones too. */
function allOf(value: unknown): string {
  return inspect(value, { depth: 20, showHidden: true, maxStringLength: null, maxArrayLength: null });
}

function expectNoSecret(value: unknown, { secrets }: Stage): void {
  const shown = allOf(value);
  // Base64 is how SMTP sends a login.
  const plain = Buffer.from('\0user\0secret').toString('base64');
  for (const secret of [...secrets, plain]) expect(shown).not.toContain(secret);
}

const LETTER = outgoing();
const CORRECTION = exampleMessage({
  id: 'russell-2000/2025-09-18/correction',
  kind: 'correction',
  refersTo: LETTER.message.id,
});

describe.each([
  ['folder', folderStage, 'folder', false],
  ['discord-webhook', discordStage, 'discord-webhook', true],
  ['discord-bot', botStage, 'discord-bot', true],
  ['email', emailStage, 'email:ann@example.org', true],
] as const)('the channel %s', (_, start, id, needsNetwork) => {
  test('has a name for the ledger, says whether it needs the network, and shows a mark of its settings', async () => {
    const { channel, bad } = await start(PATIENT);
    expect(channel).toMatchObject({ id, needsNetwork, fingerprint: expect.stringMatching(/^[0-9a-f]{12}$/) });
    const marks = [channel, ...bad].map(({ fingerprint }) => fingerprint);
    expect(new Set(marks).size).toBe(marks.length);
  });

  test('sends, and keeps what it takes to refer to the message', async () => {
    const stage = await start(PATIENT);
    const result = await stage.channel.send(LETTER);
    expect(result).toEqual({ state: 'sent', receipt: expect.any(Object) });
    if (result.state === 'sent') expect(JSON.parse(JSON.stringify(result.receipt))).toEqual(result.receipt);
    expect(stage.arrived()).toHaveLength(1);
    expectNoSecret(result, stage);
  });

  test('what arrives holds the id of the message, its title and its figures', async () => {
    const { channel, arrived } = await start(PATIENT);
    await channel.send(LETTER);
    expect(arrived()[0]).toContain('russell-2000/2025-09-18/alert');
    expect(arrived()[0]).toContain('Russell 2000: first record close in over a year');
    expect(arrived()[0]).toContain('−9.8%');
  });

  test('only a repeat says that it may be one', async () => {
    const { channel, arrived } = await start(PATIENT);
    await channel.send(LETTER);
    expect(arrived().at(-1)).not.toContain('may be a repeat');
    await channel.send({ ...LETTER, repeat: true });
    expect(arrived().at(-1)).toContain('may be a repeat');
  });

  test('a correction leads to the first message', async () => {
    const { channel, reference } = await start(PATIENT);
    const first = await channel.send(LETTER);
    if (first.state !== 'sent') throw new Error(first.reason);
    expect(await channel.send(outgoing(CORRECTION, { refersTo: first.receipt }))).toMatchObject({ state: 'sent' });
    const { found, expected } = reference(first.receipt);
    expect(found).toEqual(expected);
  });

  test('a correction goes its way where the first message is not known', async () => {
    const { channel, arrived } = await start(PATIENT);
    expect(await channel.send(outgoing(CORRECTION))).toMatchObject({ state: 'sent' });
    expect(await channel.send(outgoing(CORRECTION, { refersTo: {} }))).toMatchObject({ state: 'sent' });
    expect(arrived().at(-1)).not.toMatch(/undefined|null\b/);
  });

  test('text beyond ASCII arrives as it was', async () => {
    const { channel, arrived } = await start(PATIENT);
    const text = 'Größer − „Rekord" 指数 🔔 é';
    const sections = [{ heading: text, paragraphs: [text], table: null }];
    expect(await channel.send(outgoing(exampleMessage({ title: text, lead: text, sections })))).toMatchObject({
      state: 'sent',
    });
    expect(arrived()[0]?.split('Größer − „Rekord').length).toBeGreaterThan(3);
    expect(arrived()[0]).toContain('指数 🔔 é');
  });

  test('its test succeeds on a good set-up, in one line, and sends nothing', async () => {
    const stage = await start(PATIENT);
    const line = await stage.channel.test();
    expect(line).toMatch(/^\S.*\S$/);
    expectNoSecret(line, stage);
    await stage.channel.send(LETTER);
    expect(stage.arrived()).toHaveLength(1);
  });

  test('its test fails on a bad set-up with a ChannelError of one line', async () => {
    const { bad } = await start(PATIENT);
    for (const channel of bad) {
      const error = await channel.test().then(String, (thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(ChannelError);
      expect((error as ChannelError).message).toMatch(/^\S.*\S$/);
    }
  });

  test('a bad set-up is refused when it sends', async () => {
    const { bad } = await start(PATIENT);
    for (const channel of bad) expect(await channel.send(LETTER)).toMatchObject({ state: 'refused' });
  });

  test('it never throws and leaks no secret, whatever the service does', async () => {
    const stage = await start(SHORT);
    for (const [name, fail] of Object.entries(stage.faults)) {
      fail();
      const result = await stage.channel.send(outgoing(CORRECTION, { refersTo: { messageId: '1', channelId: '2' } }));
      expect.soft(result, name).toMatchObject({ reason: expect.stringMatching(/^\S.*\S$/) });
      expectNoSecret(result, stage);
    }
    for (const channel of stage.bad) expectNoSecret(await channel.send(LETTER), stage);
  });

  // The errors of a client hold its whole URL, so they must not be the cause of ours.
  test('an error of its test leaks no secret either, nor does the cause of it', async () => {
    const stage = await start(SHORT);
    const failing = [
      ...stage.bad.map((channel) => () => channel.test()),
      ...Object.values(stage.faults).map((fail) => () => {
        fail();
        return stage.channel.test();
      }),
    ];
    for (const fails of failing) {
      await fails().catch((error: unknown) => {
        expect(error).toBeInstanceOf(ChannelError);
        expectNoSecret(error, stage);
      });
    }
  });
});
