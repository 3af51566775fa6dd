import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { TOLD_IN_A_LINE } from '../../src/cli/errors.ts';
import { newYorkDate } from '../../src/market/new-york.ts';
import { runCli } from '../support/cli.ts';
import { csvSettings } from '../support/csv-settings.ts';
import { temporaryFolder } from '../support/temporary.ts';

const TODAY = newYorkDate(Date.now());
const SOURCE = join(import.meta.dirname, '../../src');

describe('a call that cannot be carried out', () => {
  test.each([
    [['chekc'], {}, "unknown command 'chekc'"],
    [['check', '--dryrun'], {}, "unknown option '--dryrun'"],
    [['check', '--as-of', '2025-02-30'], {}, "'2025-02-30' is not a date"],
    [
      ['check', '--as-of', '2099-01-02'],
      {},
      `--as-of is '2099-01-02'; allowed: a date up to today, ${TODAY} in New York`,
    ],
    [['study', '--as-of', '2099-01-02'], {}, "--as-of is '2099-01-02'; allowed: a date up to today"],
    [['replay', '--from', '2099-01-02'], {}, "--from is '2099-01-02'; allowed: a date up to today"],
    [['replay', '--to', '2099-01-02'], {}, "--to is '2099-01-02'; allowed: a date up to today"],
    [['check', '2020-01-01'], {}, "too many arguments for 'check'"],
    [['study', '--signal', 'dax'], {}, "--signal is 'dax'; allowed: russell-2000"],
    [['import', '^RUT'], {}, 'import needs a symbol and a file'],
    [['pause', 'telegram'], {}, "there is no channel 'telegram'; allowed: folder"],
    [['pause', 'folder', '--until', '2020-01-01'], {}, "--until is '2020-01-01'; allowed: a date after today"],
    [['pause', 'folder', '--until', 'friday'], {}, "'friday' is not a date"],
    [['resume', 'telegram'], {}, "there is no channel 'telegram'"],
    [['check'], { MARKET_SOURCE: 'bloomberg' }, "MARKET_SOURCE is 'bloomberg'; allowed: yahoo, csv"],
  ])('%j ends with 2 and says why', async (args, env, message) => {
    const { code, out, err } = await runCli(args, { DATABASE_PATH: join(temporaryFolder(), 'market.db'), ...env });
    expect(err).toContain(message);
    expect(out).toBe('');
    expect(code).toBe(2);
  });

  test('a database of another source is refused with the cure', async () => {
    const env = await csvSettings();
    await runCli(['check'], env);
    const { code, err } = await runCli(['check'], { ...env, MARKET_SOURCE: 'yahoo' });
    expect(code).toBe(2);
    expect(err).toContain(
      "contains closes from the source 'csv', but MARKET_SOURCE is 'yahoo'; set MARKET_SOURCE=csv, or DATABASE_PATH",
    );
  });
});

test('every error that is told in a line is one of the program, by its name', () => {
  const sources = globSync('**/*.ts', { cwd: SOURCE }).map((file) => readFileSync(join(SOURCE, file), 'utf8'));
  const names = sources.flatMap((code) => [...code.matchAll(/override name = '(\w+)'/g)].map(([, name]) => name));
  expect([...TOLD_IN_A_LINE.keys()].filter((name) => !names.includes(name))).toEqual([]);
});
