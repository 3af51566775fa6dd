import { expect, test } from 'vitest';
import { runCli } from '../../support/cli.ts';
import { csvSettings } from '../../support/csv-settings.ts';
import { NO_POSTGRES, newDatabase } from '../../support/postgres.ts';

test.skipIf(NO_POSTGRES !== undefined)(
  'the doctor says of a database server what a person should know, a line each',
  async () => {
    const { url } = await newDatabase();
    const env = { ...(await csvSettings()), DATABASE_URL: url };
    const { code, out } = await runCli(['doctor'], env);
    const lines = out.split('\n').filter((line) => line.includes('database: '));
    expect(lines[0]).toMatch(/^ok {4}database: bell_\w+ on 127\.0\.0\.1:\d+ is sound; .* of \^RUT/);
    expect(lines[1]).toMatch(
      /^ok {4}database: PostgreSQL \d+\.\d+, (not )?encrypted.*, its clock agrees with this one$/,
    );
    expect(lines[2]).toMatch(/^ok {4}database: it has no replica: while this server is down nothing is monitored/);
    expect(out).not.toContain(decodeURIComponent(new URL(url).password));
    expect(code).toBe(0);
  },
);
