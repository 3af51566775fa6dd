import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { readConfig } from '../../src/settings/config-files.ts';
import { VARIABLES } from '../../src/settings/environment.ts';
import { ScheduleFile } from '../../src/settings/schedule-file.ts';
import { loadSettings } from '../../src/settings/settings.ts';
import { openDatabase } from '../../src/store/sqlite/database.ts';
import { temporaryFolder } from '../support/temporary.ts';

const LAUNCH = join(import.meta.dirname, '../../src/launch.js');

/** What may lie where a file should be, by what it is called in an error. */
async function things(folder: string): Promise<[path: string, called: string][]> {
  const at = (name: string) => join(folder, name);
  execFileSync('mkfifo', [at('fifo')]);
  symlinkSync(at('fifo'), at('link-to-fifo'));
  symlinkSync('/dev/zero', at('link-to-zero'));
  mkdirSync(at('folder'));
  const server = createServer().listen(at('socket'));
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return [
    [at('fifo'), 'a device or a pipe'],
    [at('link-to-fifo'), 'a device or a pipe'],
    ['/dev/zero', 'a device or a pipe'],
    [at('link-to-zero'), 'a device or a pipe'],
    [at('folder'), 'a folder'],
  ];
}

/** Runs a command that must end by itself, with one line. */
async function run(args: readonly string[], environment: Record<string, string>): Promise<[number | null, string]> {
  const blank = Object.fromEntries(VARIABLES.map((name) => [name, '']));
  const env = { PATH: process.env.PATH, ...blank, MARKET_SOURCE: 'csv', ...environment };
  const child = spawn(process.execPath, [LAUNCH, ...args], { env, cwd: '/', stdio: ['ignore', 'ignore', 'pipe'] });
  // A hang is the fault that is looked for; the test's own time-out would leave the process behind.
  onTestFinished(() => void child.kill('SIGKILL'));
  let said = '';
  child.stderr.on('data', (chunk) => {
    said += chunk;
  });
  const [code] = await once(child, 'close');
  return [code, said];
}

test('restore and import refuse what is no file, at once, in a line', async () => {
  const folder = temporaryFolder();
  const environment = { DATABASE_PATH: join(folder, 'market.db'), MARKET_CSV_DIR: folder };
  for (const [path, called] of await things(folder)) {
    expect(await run(['restore', path], environment)).toEqual([1, `${path} is ${called}; a database is a file\n`]);
    const imported = await run(['import', '^RUT', path], environment);
    expect(imported).toEqual([1, `${path} is ${called}; a CSV file is needed\n`]);
  }
});

test('a database is a file', async () => {
  const folder = temporaryFolder();
  for (const [path, called] of await things(folder)) {
    expect(() => openDatabase(path)).toThrow(`${path} is ${called}; a database is a file`);
  }
  expect(() => openDatabase(join(folder, 'socket'))).toThrow(`${folder}/socket is a socket; a database is a file`);
});

test('.env and config/ are files of a size', async () => {
  const folder = temporaryFolder();
  for (const [path, called] of await things(folder)) {
    expect(() => readConfig(ScheduleFile, path, '')).toThrow(
      `${path}: cannot be read as JSON: is ${called}; a file is needed`,
    );
    const root = temporaryFolder();
    symlinkSync(path, join(root, '.env'));
    expect(() => loadSettings(root, {})).toThrow(`.env is ${called}; a file is needed`);
  }
  const huge = join(folder, 'huge.json');
  writeFileSync(huge, '{');
  truncateSync(huge, 5_000_000_000);
  expect(() => readConfig(ScheduleFile, huge, '')).toThrow('has 4769 MB; allowed: at most 8 MB');
});
