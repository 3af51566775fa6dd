import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { runCli } from '../../support/cli.ts';
import { csvSettings } from '../../support/csv-settings.ts';

test('a backup is written where it says, and a restore puts it back and says what next', async () => {
  const env = await csvSettings('2025-09-17');
  await runCli(['check'], env);
  const made = await runCli(['backup'], env);
  const [, path = ''] = made.out.match(/^Backup written and checked: (.*)$/m) ?? [];
  expect(made.code).toBe(0);
  expect(existsSync(path)).toBe(true);
  const { code, out } = await runCli(['restore', path], env);
  expect(code).toBe(0);
  expect(out).toMatch(
    /^Restored .*market\.db; its newest entry is from \d+ \w+ \d{4}, \d\d:\d\d New York\.\nThe previous database is kept: /,
  );
  expect((await runCli(['status', '--json'], env)).code).toBe(0);
  const missing = await runCli(['restore', '/nowhere.db'], env);
  expect(missing).toMatchObject({ code: 1, err: '/nowhere.db does not exist; name a copy from the folder backups/\n' });
});
