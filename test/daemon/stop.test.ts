import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { isEcho } from '../../src/daemon/stop.ts';
import { csvWorld, Running } from '../support/running-daemon.ts';
import { temporaryFolder, useStandIn } from '../support/temporary.ts';
import { startYahoo } from '../support/yahoo-server.ts';

describe('npm start', () => {
  test('told to stop while it reads ends soon, and the next start does what was left', async () => {
    const yahoo = await useStandIn(startYahoo());
    const asked = new Promise<void>((resolve) => {
      yahoo.fault = () => {
        resolve();
        return 'hang';
      };
    });
    const daemon = new Running({ DATABASE_PATH: join(temporaryFolder(), 'market.db'), YAHOO_FINANCE_URL: yahoo.url });
    await asked;
    daemon.child.kill('SIGINT');
    expect(await daemon.exit).toEqual([0, null]);
    expect(daemon.lines.some(({ problems }) => String(problems).includes('the request was interrupted'))).toBe(true);
  });

  test('a second signal ends it at once', async () => {
    const env = await csvWorld();
    const server = createServer(() => {}); // A heartbeat that never answers keeps the round from ending.
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    onTestFinished(() => void server.closeAllConnections());
    const { port } = server.address() as AddressInfo;
    const daemon = new Running({ ...env, HEARTBEAT_URL: `http://127.0.0.1:${port}/secret` });
    await once(server, 'request');
    daemon.child.kill('SIGTERM');
    await daemon.says('stopping');
    daemon.child.kill('SIGINT');
    expect(await daemon.exit).toEqual([1, null]);
    expect(daemon.lines.at(-1)?.msg).toBe('told twice: ending at once');
    server.close();
  });

  test('one keystroke that arrives twice is one: npm passes on what the terminal has sent already', () => {
    const told = { signal: 'SIGINT', at: 1000 };
    expect(isEcho(told, 'SIGINT', 1020)).toBe(true);
    expect(isEcho(told, 'SIGTERM', 1020)).toBe(false);
    expect(isEcho(told, 'SIGINT', 1500)).toBe(false);
  });
});
