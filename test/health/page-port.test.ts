import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { portTrouble, whyNotListen } from '../../src/health/page-port.ts';
import { freePort } from '../support/ports.ts';

async function busyPort(): Promise<number> {
  const port = await freePort();
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return port;
}

test('a port is nobody else’s where it is free, any, or a daemon’s own', async () => {
  const port = await freePort();
  expect(await portTrouble({ host: '127.0.0.1', port }, [])).toBeUndefined();
  expect(await whyNotListen({ host: '127.0.0.1', port })).toBeUndefined();
  expect(await portTrouble({ host: '127.0.0.1', port: 0 }, [])).toBeUndefined();
  expect(await portTrouble({ host: '127.0.0.1', port: await busyPort() }, [process.pid])).toBeUndefined();
});

test.skipIf(!existsSync('/proc/net/tcp')).each(['127.0.0.1', '0.0.0.0', 'localhost'])(
  'a port that is taken is told with the process that has it, asked for at %s',
  async (host) => {
    const port = await busyPort();
    // Another process of this user, that has no port.
    const child = spawn('sleep', ['60']);
    onTestFinished(() => void child.kill());
    const told = `${host}:${port}, the port of the page, is taken by process ${process.pid} (`;
    expect(await portTrouble({ host, port }, [])).toContain(told);
    expect(await portTrouble({ host, port }, [child.pid ?? 0])).toMatch(
      / in \/.*\); stop that, or set DASHBOARD_PORT in \.env/,
    );
  },
);

test.each([
  ['192.0.2.1', /^the page cannot listen on 192\.0\.2\.1:\d+ \(.*EADDRNOTAVAIL.*\); set DASHBOARD_HOST/],
  ['127.0.0.1', /EADDRINUSE/],
])('what the system says against listening at %s is told', async (host, words) => {
  expect(await whyNotListen({ host, port: await busyPort() })).toMatch(words);
});
