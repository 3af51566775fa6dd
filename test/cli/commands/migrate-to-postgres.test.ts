import { expect, test } from 'vitest';
import { runCli } from '../../support/cli.ts';
import { csvSettings } from '../../support/csv-settings.ts';
import { NO_POSTGRES, newDatabase } from '../../support/postgres.ts';

test.skipIf(NO_POSTGRES !== undefined)(
  'the move says what it has done, where the file lies and how to go back',
  async () => {
    const env = await csvSettings('2025-09-18');
    await runCli(['check'], env);
    const unset = await runCli(['migrate-to-postgres'], env);
    expect(unset).toMatchObject({ code: 2, out: '', err: expect.stringMatching(/^DATABASE_URL is not set: /) });
    const there = { ...env, DATABASE_URL: (await newDatabase()).url };
    const { code, out } = await runCli(['migrate-to-postgres'], there);
    expect(out).toMatch(
      /Copied .*market\.db to bell_\w+ on .*: 2 symbols with [\d,]+ closes, \d+ events?, \d+ messages? with \d+ deliver(y|ies), 1 run\.\nChecked: every row matches\./,
    );
    const file = /The file is kept but no longer used: (.*\.db)\n/.exec(out)?.[1] ?? '';
    expect(out).toContain(`remove DATABASE_URL, then: npm run restore ${file}.`);
    expect(code).toBe(0);
    expect((await runCli(['status', '--json'], there)).code).toBe(0);
    const forgotten = await runCli(['check'], env);
    expect(forgotten).toMatchObject({
      code: 1,
      err: expect.stringContaining('set DATABASE_URL, so that nothing is sent twice'),
    });
    expect((await runCli(['restore', file], env)).code).toBe(0);
    expect((await runCli(['check'], env)).code).toBe(0);
  },
);
