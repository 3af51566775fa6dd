import { readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { clone, ownPm2 } from '../support/checkout.ts';
import { freePort } from '../support/ports.ts';

test('npm run daemon starts it, says what runs, and touches nothing where something is wrong', async () => {
  const port = await freePort();
  const { folder, write } = await clone({ DASHBOARD_PORT: `${port}` });
  const { bell, pidOf, saved, follow } = ownPm2();

  const started = await bell(folder, 'daemon');
  expect(started).toMatchObject({ code: 0 });
  const pid = await pidOf();
  expect(started.out).toMatch(
    new RegExp(`^Daemon {6}running since .* \\(process ${pid} on .*\\)$\nNext check {2}.* New York$`, 'm'),
  );
  expect(started.out).toContain(`127.0.0.1:${port}`);
  expect(started.out).toMatch(/^Log {9}.*breakout-bell-error\.log/m);
  expect(started.out + started.err).not.toMatch(/\[PM2\]|│/);
  expect((await bell(folder, 'status')).out).not.toContain('Note');

  // Newer than the daemon, and good: said, and loaded by the same command.
  const later = new Date(Date.now() + 1000);
  utimesSync(join(folder, 'config/schedule.json'), later, later);
  const newer = new RegExp(
    `config/schedule.json is newer than the running daemon \\(process ${pid}\\).*npm run daemon`,
  );
  expect((await bell(folder, 'status')).out).toMatch(newer);
  expect((await bell(folder, 'doctor')).out).toMatch(new RegExp(`^NOTE {2}daemon: ${newer.source}`, 'm'));
  expect((await bell(folder, 'drill')).err).toMatch(newer);

  // Bad: the daemon goes on.
  write({ LOG_LEVEL: 'loud' });
  const refused = await bell(folder, 'daemon');
  expect(refused).toMatchObject({ code: 2, out: '' });
  expect(refused.err).toMatch(/^LOG_LEVEL is 'loud'/);
  write({ DATABASE_PATH: folder });
  expect(await bell(folder, 'daemon')).toMatchObject({ code: 1, out: '' });
  expect(await pidOf()).toBe(pid);

  // Another folder's daemon of the same name is nobody's but its own.
  const second = await clone({ DASHBOARD_PORT: '0' });
  for (const args of [['daemon'], ['daemon', 'stop'], ['daemon', 'logs']]) {
    const { code, err } = await bell(second.folder, ...args);
    expect(code).toBe(1);
    expect(err).toContain(`pm2 already has breakout-bell from another folder, ${folder}, `);
    expect(err).toContain('PM2_HOME=');
  }
  // Nor is its port free.
  second.write({ DASHBOARD_PORT: `${port}` });
  expect((await bell(second.folder, 'status')).out).toMatch(
    new RegExp(
      `^Note {8}127.0.0.1:${port}, the port of the page, is taken by process ${pid} \\(node in ${folder}\\)`,
      'm',
    ),
  );
  expect((await bell(second.folder, 'doctor')).out).toContain(`FAIL  page: 127.0.0.1:${port}, the port of the page`);
  const other = ownPm2();
  const busy = await other.bell(second.folder, 'daemon');
  expect(busy).toMatchObject({ code: 1, out: '' });
  expect(busy.err).toMatch(/^127.0.0.1:\d+, the port of the page, is taken by process/);
  expect(await pidOf()).toBe(pid);

  expect(await follow(folder, 'watching')).toEqual({
    out: expect.stringMatching(/INFO \(\d+\): watching \{/),
    exit: [0, null],
  });
  expect(await saved()).not.toContain('planted-secret');
  write();
  const again = await bell(folder, 'daemon');
  expect(again.code).toBe(0);
  expect(await pidOf()).not.toBe(pid);
  expect((await bell(folder, 'daemon', 'status')).out).toMatch(/^pm2 {9}online, process \d+, restarted 1 time$/m);
  expect(await bell(folder, 'daemon', 'stop')).toMatchObject({ code: 0, out: expect.stringMatching(/^Stopped: /) });
  expect((await bell(folder, 'status')).out).toContain('Daemon      not running');
});

test('a daemon that does not come up is told with the end of its log', async () => {
  const { folder } = await clone({ DASHBOARD_PORT: '0' });
  const { bell } = ownPm2();
  const file = join(folder, 'src/daemon/daemon.ts');
  const code = readFileSync(file, 'utf8').replace(
    'const log = await',
    "throw new Error('planted');\n  const log = await",
  );
  writeFileSync(file, code);
  const { code: exit, err } = await bell(folder, 'daemon');
  expect(exit).toBe(1);
  expect(err).toContain('The daemon did not start. The end of its log:');
  expect(err).toContain('planted');
  expect(err).toContain('npm run daemon:stop ends that');
  expect(await bell(folder, 'daemon', 'stop')).toMatchObject({ code: 0 });
});
