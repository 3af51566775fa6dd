import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createDiscordWebhookChannel } from '../../../src/channel/discord-webhook/transport.ts';
import { exampleMessage, outgoing } from '../../support/examples.ts';
import { listen } from '../../support/http.ts';
import { useStandIn } from '../../support/temporary.ts';
import { refused } from './webhook-channel.ts';

/** A name with a part of over 63 letters, which no resolver ever asks for. */
const NO_HOST = `${'x'.repeat(64)}.invalid`;

/** The client of discord.js, by its path: a name would be a dependency of this project. */
const UNDICI = join(import.meta.dirname, '../../../node_modules/undici/index.js');

describe('what fails before the request was written surely sent nothing, and may be tried again', () => {
  const channelAt = (api: string, timeout = 3000) =>
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
      /\(the proxy answered HTTP 407\)$/,
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
