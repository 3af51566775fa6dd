import { type ExecFileException, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, readFileSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { VARIABLES } from '../../src/settings/environment.ts';
import { writeCloses } from './closes-folder.ts';
import { temporaryFolder } from './temporary.ts';

const ROOT = join(import.meta.dirname, '../..');
const PM2 = join(ROOT, 'node_modules/pm2/bin/pm2');

interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** A checkout of its own, with an `.env` of its own. */
export async function clone(settings: Readonly<Record<string, string>>) {
  const folder = realpathSync(temporaryFolder());
  for (const name of [
    'src',
    'bin',
    'config',
    'data/before-yahoo.csv',
    'package.json',
    'ecosystem.config.js',
    '.env.example',
  ]) {
    cpSync(join(ROOT, name), join(folder, name), { recursive: true });
  }
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  await writeCloses(folder, '2025-09-17', '2020-01-01');
  const write = (more: Readonly<Record<string, string>> = {}) => {
    const all = {
      MARKET_SOURCE: 'csv',
      MARKET_CSV_DIR: folder,
      OUTBOX_DIR: join(folder, 'outbox'),
      ...settings,
      ...more,
    };
    const lines = Object.entries(all).map(([name, value]) => `${name}=${value}\n`);
    writeFileSync(join(folder, '.env'), lines.join(''), { mode: 0o600 });
  };
  write();
  return { folder, write };
}

/** A pm2 of its own, ended with the test, and the commands of a checkout that use it. */
export function ownPm2() {
  const home = temporaryFolder();
  const unset = Object.fromEntries(VARIABLES.map((name) => [name, undefined]));
  const env = {
    PATH: process.env.PATH,
    HOME: home,
    PM2_HOME: join(home, 'pm2'),
    ...unset,
    GITHUB_TOKEN: 'planted-secret',
  };
  const run = (cwd: string, ...args: string[]): Promise<Ended> =>
    new Promise((resolve) => {
      execFile(process.execPath, args, { env, cwd }, (error: ExecFileException | null, out, err) =>
        resolve({ code: Number(error?.code ?? 0), out, err }),
      );
    });
  onTestFinished(async () => void (await run(home, PM2, 'kill')));
  const pidOf = async () => JSON.parse((await run(home, PM2, 'jlist')).out.trim().split('\n').at(-1) ?? '')[0].pid;
  const saved = async () => {
    await run(home, PM2, 'save', '--force');
    return readFileSync(join(home, 'pm2/dump.pm2'), 'utf8');
  };
  /** The log as it is followed, up to some words. */
  const follow = async (folder: string, words: string) => {
    const child = spawn(process.execPath, ['src/launch.js', 'daemon', 'logs'], { env, cwd: folder });
    let out = '';
    for await (const chunk of child.stdout) {
      out += chunk;
      if (out.includes(words)) break;
    }
    const exit = once(child, 'exit');
    child.kill('SIGTERM');
    return { out, exit: await exit };
  };
  const bell = (folder: string, ...args: string[]) => run(folder, 'src/launch.js', ...args);
  return { env, bell, pidOf, saved, follow };
}
