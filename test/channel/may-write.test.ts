import { readdirSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import type { MayWrite } from '../../src/channel/channel.ts';
import { createDiscordBotChannel } from '../../src/channel/discord-bot/transport.ts';
import { createDiscordWebhookChannel } from '../../src/channel/discord-webhook/transport.ts';
import { createEmailChannel } from '../../src/channel/email/transport.ts';
import { createFolderChannel } from '../../src/channel/folder/transport.ts';
import type { Outgoing } from '../../src/message/message.ts';
import { startDiscord } from '../support/discord-server.ts';
import { exampleMessage } from '../support/examples.ts';
import { listen } from '../support/http.ts';
import { startSmtp } from '../support/smtp-server.ts';
import { temporaryFolder, useStandIn } from '../support/temporary.ts';

const PNG = new Uint8Array(3000);
const WORDS: Outgoing = { message: exampleMessage(), repeat: false, refersTo: null };
const WITH_PICTURE: Outgoing = { ...WORDS, pictures: [{ name: 'record', png: PNG, alt: 'the record' } as never] };

class LostError extends Error {
  override name = 'LostError';
}

/** What is asked before a message is written: throws at its nth call, and notes what was written by then. */
function asked<T>(look: () => T, throwAt?: number): { mayWrite: MayWrite; seen: T[] } {
  const seen: T[] = [];
  const mayWrite = async () => {
    // What was written meanwhile has arrived.
    await setTimeout(20);
    seen.push(look());
    if (seen.length === throwAt) throw new LostError();
  };
  return { mayWrite, seen };
}

/** Hears what a client says, and answers as Discord does once a request is whole. */
async function startListener() {
  let heard = '';
  let connections = 0;
  const server = createServer((socket: Socket) => {
    connections += 1;
    socket.on('error', () => {}); // A client that hangs up is what the tests are about.
    socket.on('data', (bytes) => {
      heard += bytes.toString('latin1');
      const [head = '', body = ''] = heard.split(/\r\n\r\n(.*)/s);
      if (body.length < Number(/content-length: (\d+)/i.exec(head)?.[1] ?? Number.NaN)) return;
      const answer = JSON.stringify({ id: '1', channel_id: '2' });
      socket.end(
        `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${answer.length}\r\n\r\n${answer}`,
      );
    });
  });
  const { port, close } = await listen(server);
  return {
    url: `http://127.0.0.1:${port}/api`,
    heard: () => heard,
    state: () => ({ connections, bytes: heard.length }),
    close,
  };
}

const webhookAt = (api: string) =>
  createDiscordWebhookChannel({ id: '1', token: 't', threadId: undefined, api }, undefined, 2000);
const botAt = (api: string) => createDiscordBotChannel({ token: 't', channelId: '2', api }, undefined, 2000);

describe.each([
  ['Discord webhook', webhookAt],
  ['Discord bot', botAt],
])('a %s', (_, channelAt) => {
  test.each([
    ['words', WORDS, /application\/json/],
    ['words and a picture', WITH_PICTURE, /multipart\/form-data; boundary=/],
  ])('asks once it is connected and nothing was written, and before the end: %s', async (_what, outgoing, type) => {
    const listener = await useStandIn(startListener());
    const { mayWrite, seen } = asked(listener.state);
    expect(await channelAt(listener.url).send(outgoing, mayWrite)).toMatchObject({ state: 'sent' });
    const total = listener.heard().length;
    expect(seen).toEqual([
      { connections: 1, bytes: 0 },
      { connections: 1, bytes: total - 16 },
    ]);
    const [head = ''] = listener.heard().split('\r\n\r\n');
    expect(head).toMatch(/content-length: \d+/i);
    expect(head).toMatch(type);
    expect(head).not.toMatch(/transfer-encoding/i);
  });

  test('writes nothing where it may not, and nothing whole where it may not any more', async () => {
    const listener = await useStandIn(startListener());
    const first = asked(listener.state, 1);
    expect(await channelAt(listener.url).send(WITH_PICTURE, first.mayWrite)).toMatchObject({ state: 'refused' });
    expect(listener.state()).toEqual({ connections: 1, bytes: 0 });
    const second = asked(listener.state, 2);
    expect(await channelAt(listener.url).send(WITH_PICTURE, second.mayWrite)).toMatchObject({ state: 'refused' });
    const [head = '', body = ''] = listener.heard().split(/\r\n\r\n(.*)/s);
    expect(body.length).toBe(Number(/content-length: (\d+)/i.exec(head)?.[1]) - 16);
  });
});

test('Discord takes what was written so', async () => {
  const discord = await useStandIn(startDiscord());
  const { id, token, url: api } = discord;
  const channel = createDiscordWebhookChannel({ id, token, threadId: undefined, api }, undefined, 2000);
  expect(await channel.send(WITH_PICTURE, asked(() => 0).mayWrite)).toMatchObject({ state: 'sent' });
  expect(await channel.send(WITH_PICTURE, asked(() => 0, 1).mayWrite)).toMatchObject({ state: 'refused' });
  expect(await channel.send(WITH_PICTURE, asked(() => 0, 2).mayWrite)).toMatchObject({ state: 'refused' });
  expect(discord.messages.map(({ files }) => files)).toEqual([[{ name: 'record.png', size: PNG.length }]]);
});

describe('a mail', () => {
  const EMAIL = { from: 'bell@example.com', to: ['ann@example.com'] };

  test('asks once the server has said 354, and before the end of the message', async () => {
    const smtp = await useStandIn(startSmtp());
    const steps: string[] = [];
    smtp.watch = (step) => void steps.push(step);
    const channel = createEmailChannel({ ...EMAIL, smtpUrl: smtp.url }, 'ann@example.com', 2000);
    const { mayWrite, seen } = asked(() => steps.at(-1));
    expect(await channel.send(WITH_PICTURE, mayWrite)).toMatchObject({ state: 'sent' });
    expect(seen).toEqual(['data', 'data']);
    await channel.server?.rest();
    expect(smtp.messages).toHaveLength(1);
  });

  test.each([1, 2])('ends without the message where it may not be written (call %i)', async (call) => {
    const smtp = await useStandIn(startSmtp());
    const channel = createEmailChannel({ ...EMAIL, smtpUrl: smtp.url }, 'ann@example.com', 2000);
    await channel.send(WITH_PICTURE, asked(() => 0, call).mayWrite);
    expect(smtp.messages).toEqual([]);
    expect(smtp.connections).toBe(1);
    // The connection is not used again.
    expect(await channel.send(WORDS, asked(() => 0).mayWrite)).toMatchObject({ state: 'sent' });
    await channel.server?.rest();
    expect([smtp.connections, smtp.messages.length]).toEqual([2, 1]);
  });
});

describe('a folder', () => {
  test('asks before each file takes its place, and leaves nothing half behind', async () => {
    const folder = temporaryFolder();
    const channel = createFolderChannel(folder);
    const files = () => readdirSync(folder).filter((name) => !name.endsWith('.tmp'));
    expect(await channel.send(WITH_PICTURE, asked(files, 1).mayWrite)).toMatchObject({ state: 'refused' });
    expect(readdirSync(folder)).toEqual([]);
    const { mayWrite, seen } = asked(files);
    expect(await channel.send(WITH_PICTURE, mayWrite)).toMatchObject({ state: 'sent' });
    expect(seen.map((names) => names.length)).toEqual([0, 1, 2, 3]);
    expect(readdirSync(folder)).toHaveLength(4);
  });
});
