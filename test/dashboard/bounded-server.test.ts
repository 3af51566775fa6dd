import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { type Bounds, createBoundedServer, PAGE_BOUNDS } from '../../src/dashboard/bounded-server.ts';

/** Times as in the program, but for a test: milliseconds in the place of seconds. */
const SOON: Bounds = { connections: 4, headers: 60, request: 120, idle: 60, silence: 150, answer: 300, look: 10 };
/** Longer than any test. */
const NEVER: Bounds = { ...SOON, headers: 60_000, request: 60_000, idle: 60_000, silence: 60_000, answer: 60_000 };

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

async function serve(bounds: Bounds, answer: Answer = (_, response) => void response.end('well')) {
  const server = createBoundedServer(answer, bounds);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const opened: Socket[] = [];
  onTestFinished(() => opened.forEach((socket) => void socket.destroy()));
  return {
    /** How many connections the server has open. */
    held: () => new Promise<number>((resolve) => server.getConnections((_, count) => resolve(count))),
    open: async (text = '') => {
      const socket = connect(port, '127.0.0.1');
      opened.push(socket);
      socket.on('error', () => {});
      await once(socket, 'connect');
      if (text !== '') socket.write(text);
      return socket;
    },
    ask: async () => {
      const answer = await fetch(`http://127.0.0.1:${port}/`, { headers: { connection: 'close' } });
      return answer.text();
    },
  };
}

const HALF = 'GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: ';
const WHOLE = 'GET / HTTP/1.1\r\nHost: localhost\r\n\r\n';
/** Not `once` of node:events, which takes a reset for a failure of its own. */
const closed = (socket: Socket) =>
  socket.closed ? Promise.resolve() : new Promise<void>((resolve) => socket.once('close', () => resolve()));

test.each([
  ['nothing', ''],
  ['half a request', HALF],
])('however many connections send %s, few are open, and a request is answered at once', async (_, text) => {
  const page = await serve(NEVER);
  const sockets = [];
  for (let at = 0; at < 40; at++) sockets.push(await page.open(text));
  await expect.poll(page.held).toBeLessThanOrEqual(NEVER.connections);
  expect(await page.ask()).toBe('well');
  expect(await page.held()).toBeLessThanOrEqual(NEVER.connections);
});

test('a burst is bounded too', async () => {
  const page = await serve(NEVER);
  await Promise.all(Array.from({ length: 200 }, () => page.open(HALF)));
  await expect.poll(page.held).toBeLessThanOrEqual(NEVER.connections);
  expect(await page.ask()).toBe('well');
});

test.each<[string, string]>([
  ['that sends nothing', ''],
  ['that sends half a request', HALF],
  ['that asks and then says nothing more', WHOLE],
  ['whose body does not come', 'POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\nhalf'],
  [
    'whose body is endless in name',
    'POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n',
  ],
])('a connection %s is closed in time', async (_, text) => {
  const page = await serve(SOON);
  const socket = await page.open(text);
  socket.resume();
  await closed(socket);
  await expect.poll(page.held).toBe(0);
});

test('a header that comes letter by letter is closed in time', async () => {
  const page = await serve(SOON);
  const socket = await page.open(HALF);
  const drip = setInterval(() => socket.write('x'), 5);
  onTestFinished(() => clearInterval(drip));
  socket.resume();
  await closed(socket);
});

test('a client that does not take its answer, or takes it slowly, is closed in time', async () => {
  const page = await serve(SOON, (_, response) => void response.end(Buffer.alloc(20_000_000)));
  const silent = await page.open(WHOLE);
  silent.pause();
  const slow = await page.open(WHOLE);
  slow.pause();
  const sip = setInterval(() => slow.read(1000), 5);
  onTestFinished(() => clearInterval(sip));
  await expect.poll(page.held, { timeout: 5000 }).toBe(0);
});

test('an answer that is under way is not given up for a newcomer; one that has been idle for longest is', async () => {
  const waiting: ServerResponse[] = [];
  let released = false;
  const page = await serve(NEVER, (_, response) => void (released ? response.end('well') : waiting.push(response)));
  const asked = [];
  for (let at = 0; at < NEVER.connections - 1; at++) asked.push(await page.open(WHOLE));
  const idle = await page.open();
  await expect.poll(() => waiting.length).toBe(NEVER.connections - 1);
  const next = await page.open(WHOLE);
  await closed(idle);
  await expect.poll(() => waiting.length).toBe(NEVER.connections);
  // Now all are being answered: whoever comes is turned away.
  await closed(await page.open(WHOLE));
  expect([...asked, next].every((socket) => !socket.destroyed)).toBe(true);
  released = true;
  for (const response of waiting) response.end('well');
  await expect.poll(async () => page.ask().catch(() => '')).toBe('well');
});

test('a connection that cannot be accepted ends neither the server nor the process', async () => {
  const server = createBoundedServer((_, response) => void response.end('well'), NEVER);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  for (const code of ['ENFILE', 'EMFILE', 'ENOMEM']) {
    expect(() => server.emit('error', Object.assign(new Error(`accept ${code}`), { code }))).not.toThrow();
  }
  const { port } = server.address() as AddressInfo;
  const answer = await fetch(`http://127.0.0.1:${port}/`, { headers: { connection: 'close' } });
  expect(await answer.text()).toBe('well');
});

test('the page takes up a small part of 256 descriptors, and no connection is kept for minutes', () => {
  const { connections, headers, request, idle, silence, answer } = PAGE_BOUNDS;
  expect(connections).toBeLessThanOrEqual(256 / 4);
  expect(Math.max(headers, request, idle, silence, answer)).toBeLessThanOrEqual(60_000);
});
