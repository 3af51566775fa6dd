import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { openDatabase } from '../../src/store/sqlite/database.ts';
import { createSqliteLedger } from '../../src/store/sqlite/ledger.ts';
import { csvWorld, Running } from '../support/running-daemon.ts';

describe('npm start', () => {
  test('answers /healthz and /metrics, and is in status, until it stops', async () => {
    const env = await csvWorld();
    const daemon = new Running(env);
    const { page } = await daemon.says('watching');
    await daemon.says(/^check done/);
    const health = await fetch(`${page}/healthz`);
    expect(health.status).toBe(503);
    expect(await health.json()).toMatchObject({
      ok: false,
      evaluated: '2025-09-17',
      reasons: [expect.stringMatching(/^No close of \^RUT or \^GSPC for \d+ sessions from 18 Sep 2025 to /)],
    });
    const metrics = await (await fetch(`${page}/metrics`)).text();
    expect(metrics).toMatch(/^breakout_bell_armed\{signal="russell-2000"\} 1$/m);
    const database = openDatabase(env.DATABASE_PATH ?? '');
    const ledger = createSqliteLedger(database);
    expect(await ledger.daemon()).toMatchObject({ pid: daemon.child.pid });
    daemon.child.kill('SIGINT');
    await daemon.exit;
    expect(await ledger.daemon()).toBeUndefined();
    database.close();
  });

  test('watches on where its page is closed for want of a token, says so, and tells its health check ok or not', async () => {
    const daemon = new Running({ ...(await csvWorld()), DASHBOARD_HOST: '0.0.0.0' });
    const { page = '' } = await daemon.says('watching');
    await daemon.says(/^check done/);
    expect(daemon.lines.map(({ msg }) => msg)).toContainEqual(
      expect.stringMatching(/^the page is closed: other machines can reach 0\.0\.0\.0, .*set DASHBOARD_TOKEN/),
    );
    const own = page.replace('0.0.0.0', '127.0.0.1');
    // As the image's health check asks.
    const health = await fetch(`${own}/healthz`);
    expect([health.status, await health.text()]).toEqual([503, '{"ok":false}']);
    const closed = await fetch(`${own}/metrics`);
    expect([closed.status, await closed.text()]).toEqual([403, expect.stringMatching(/^The page is closed: /)]);
    daemon.child.kill('SIGTERM');
    expect(await daemon.exit).toEqual([0, null]);
  });

  test('watches on where the port of its page is taken, and says what to set', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    onTestFinished(() => void server.close());
    const { port } = server.address() as AddressInfo;
    const daemon = new Running({ ...(await csvWorld()), DASHBOARD_PORT: String(port) });
    await daemon.says(/^check done/);
    expect(daemon.lines[0]?.msg).toMatch(
      /EADDRINUSE.*; set DASHBOARD_HOST and DASHBOARD_PORT to a free address and port$/,
    );
    daemon.child.kill('SIGTERM');
    expect(await daemon.exit).toEqual([0, null]);
  });
});
