import { createServer, type Socket } from 'node:net';
import { describe, expect, test } from 'vitest';
import type { Channel } from '../../src/channel/channel.ts';
import { listen } from '../support/http.ts';
import { useStandIn } from '../support/temporary.ts';
import { asked, WITH_PICTURE, WORDS } from './may-write.ts';

/** Hears what a client says, and gives an answer once a request is whole. */
async function startListener(answer: string) {
  let heard = '';
  let connections = 0;
  const server = createServer((socket: Socket) => {
    connections += 1;
    socket.on('error', () => {}); // A client that hangs up is what the tests are about.
    socket.on('data', (bytes) => {
      heard += bytes.toString('latin1');
      const [head = '', body = ''] = heard.split(/\r\n\r\n(.*)/s);
      if (body.length < Number(/content-length: (\d+)/i.exec(head)?.[1] ?? Number.NaN)) return;
      socket.end(
        `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(answer)}\r\n\r\n${answer}`,
      );
    });
  });
  const { port, close } = await listen(server);
  return {
    url: `http://127.0.0.1:${port}`,
    heard: () => heard,
    state: () => ({ connections, bytes: heard.length }),
    close,
  };
}

/** What a service answers to a message that it takes, and of what type its requests are. */
export interface Service {
  readonly answer: string;
  readonly words: RegExp;
  readonly picture: RegExp;
}

/**
 * @param channelAt the channel, with its service at an address
 * @param words a message that goes without any file
 */
export function asksBeforeItWrites(
  name: string,
  service: Service,
  channelAt: (url: string) => Channel,
  words = WORDS,
): void {
  describe(`a ${name}`, () => {
    test.each([
      ['words', words, service.words],
      ['words and a picture', WITH_PICTURE, service.picture],
    ])('asks once it is connected and nothing was written, and before the end: %s', async (_what, outgoing, type) => {
      const listener = await useStandIn(startListener(service.answer));
      const { mayWrite, seen } = asked(listener.state);
      expect(await channelAt(listener.url).send(outgoing, mayWrite)).toMatchObject({ state: 'sent' });
      const [head = ''] = listener.heard().split('\r\n\r\n');
      const total = head.length + 4 + Number(/content-length: (\d+)/i.exec(head)?.[1]);
      expect(seen).toEqual([
        { connections: 1, bytes: 0 },
        { connections: 1, bytes: total - 16 },
      ]);
      expect(head).toMatch(type);
      expect(head).not.toMatch(/transfer-encoding/i);
    });

    test('writes nothing where it may not, and nothing whole where it may not any more', async () => {
      const listener = await useStandIn(startListener(service.answer));
      const first = asked(listener.state, 1);
      expect(await channelAt(listener.url).send(WITH_PICTURE, first.mayWrite)).toMatchObject({ state: 'refused' });
      expect(listener.state()).toEqual({ connections: 1, bytes: 0 });
      const second = asked(listener.state, 2);
      expect(await channelAt(listener.url).send(WITH_PICTURE, second.mayWrite)).toMatchObject({ state: 'refused' });
      const [head = '', body = ''] = listener.heard().split(/\r\n\r\n(.*)/s);
      expect(body.length).toBe(Number(/content-length: (\d+)/i.exec(head)?.[1]) - 16);
    });
  });
}
