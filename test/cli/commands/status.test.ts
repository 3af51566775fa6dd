import { expect, test } from 'vitest';
import { runCli } from '../../support/cli.ts';
import { csvSettings } from '../../support/csv-settings.ts';

test('status says whether a daemon watches, when it looks next, and what is wrong', async () => {
  const env = await csvSettings('2025-09-17');
  await runCli(['check'], env);
  const { out } = await runCli(['status'], env);
  expect(out).toContain('Daemon      not running, so nothing is monitored; to start it: npm run daemon\n');
  expect(out).toMatch(/^Last run {4}.* New York: check$/m);
  expect(out).toMatch(/^Trouble {5}No close of \^RUT or \^GSPC for /m);
  expect(JSON.parse((await runCli(['status', '--json'], env)).out)).toMatchObject({
    daemon: null,
    lastRun: { command: 'check' },
    nextRun: expect.stringMatching(/Z$/),
    troubles: [expect.stringMatching(/^No close/)],
  });
});
