import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runCli } from '../../support/cli.ts';
import { csvSettings } from '../../support/csv-settings.ts';

test('a paused channel is in status, keeps its alert, and gets it when it is resumed', async () => {
  const env = await csvSettings('2025-09-17');
  await runCli(['check'], env);
  const paused = await runCli(['pause', 'folder', '--until', '2099-01-01'], env);
  expect(paused).toMatchObject({ code: 0, out: 'folder: paused until 1 Jan 2099; alerts are kept.\n' });
  writeFileSync(join(env.MARKET_CSV_DIR ?? '', '^RUT.csv'), 'session,close\n2025-09-17,2407.34\n2025-09-18,2467.70\n');
  const check = JSON.parse((await runCli(['check', '--json'], env)).out);
  expect(check).toMatchObject({
    fired: ['russell-2000/2025-09-18'],
    deliveries: [{ channel: 'folder', state: 'pending', attempts: 0 }],
    paused: [{ channel: 'folder', until: '2099-01-01T05:00:00.000Z' }],
  });
  expect((await runCli(['status'], env)).out).toContain(
    'Paused      folder: paused until 1 Jan 2099, 00:00 New York; alerts are kept\n',
  );
  expect((await runCli(['drill'], env)).code).toBe(1);
  const resumed = await runCli(['resume'], env);
  expect(resumed).toMatchObject({
    code: 0,
    out: 'folder: resumed.\nDelivery    russell-2000/2025-09-18/alert to folder: sent\n',
  });
  expect(await runCli(['resume'], env)).toMatchObject({ code: 0, out: 'No channel is paused.\n' });
  expect(readdirSync(env.OUTBOX_DIR ?? '')).toContain('2025-09-18-russell-2000-alert.txt');
});

test('a bare date ends a pause as --until does, and two that differ are refused', async () => {
  const env = await csvSettings('2025-09-17');
  const bare = await runCli(['pause', 'folder', '2099-02-01'], env);
  expect(bare.out).toBe('folder: paused until 1 Feb 2099; alerts are kept.\n');
  const same = await runCli(['pause', 'folder', '2099-02-01', '--until', '2099-02-01'], env);
  expect(same.code).toBe(0);
  const two = await runCli(['pause', 'folder', '2099-02-01', '--until', '2099-03-01'], env);
  expect(two).toMatchObject({ code: 2, out: '' });
  expect(two.err).toBe("two end dates were given, '2099-02-01' and --until '2099-03-01'; give one\n");
});
