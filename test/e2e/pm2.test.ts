import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import { VARIABLES } from '../../src/settings/environment.ts';
import { writeCloses } from '../support/closes-folder.ts';
import { temporaryFolder } from '../support/temporary.ts';

const ROOT = join(import.meta.dirname, '../..');
const PM2 = join(ROOT, 'node_modules/pm2/bin/pm2');

interface Listed {
  readonly pid: number;
  readonly pm2_env: { readonly status: string; readonly restart_time: number; readonly exec_interpreter: string };
}

test('under pm2 it starts, is ready, comes back after kill -9, reloads, and stops', async () => {
  const folder = temporaryFolder();
  await writeCloses(folder, '2025-09-17', '2020-01-01');
  const blank = Object.fromEntries(VARIABLES.map((name) => [name, '']));
  const env = {
    PATH: process.env.PATH,
    HOME: folder,
    ...blank,
    PM2_HOME: join(folder, 'pm2'),
    DATABASE_PATH: join(folder, 'market.db'),
    MARKET_SOURCE: 'csv',
    MARKET_CSV_DIR: folder,
    OUTBOX_DIR: join(folder, 'outbox'),
    DASHBOARD_PORT: '0',
    // What a shell holds beside it.
    AWS_SECRET_ACCESS_KEY: 'planted-secret-of-the-shell',
    GITHUB_TOKEN: 'planted-secret-of-the-shell',
    npm_config__auth: 'planted-secret-of-the-shell',
  };
  const pm2 = async (...args: string[]) =>
    (await promisify(execFile)(process.execPath, [PM2, ...args], { env, cwd: ROOT })).stdout;
  onTestFinished(async () => void (await pm2('kill')));
  const listed = async (): Promise<Listed> => JSON.parse((await pm2('jlist')).split('\n').at(-1) ?? '')[0];
  /** Looks until it is so; each look is a process of its own, so this waits without a clock. */
  const until = async (isSo: (app: Listed) => boolean): Promise<Listed> => {
    for (let look = 0; look < 60; look++) {
      const app = await listed();
      if (isSo(app)) return app;
    }
    throw new Error(`it never was: ${isSo}\n${logs()}`);
  };
  const logs = () => readFileSync(join(folder, 'pm2/logs/breakout-bell-error.log'), 'utf8');
  const counted = (words: string) => logs().split(`"msg":"${words}"`).length - 1;

  // What npm run daemon does. With wait_ready it ends when the process has said that it is ready.
  await pm2('startOrRestart', 'ecosystem.config.js', '--update-env');
  const first = await until(({ pm2_env }) => pm2_env.status === 'online');
  expect(first.pm2_env.exec_interpreter).toMatch(/node/);
  expect(counted('watching')).toBe(1);

  process.kill(first.pid, 'SIGKILL');
  const second = await until(({ pid, pm2_env }) => pm2_env.status === 'online' && pid !== first.pid && pid !== 0);
  expect(second.pm2_env.restart_time).toBe(1);
  await until(() => counted('watching') === 2);

  // Again, as after an update: for what runs already, pm2 takes another way to the environment.
  const dump = async () => {
    await pm2('save', '--force');
    return readFileSync(join(folder, 'pm2/dump.pm2'), 'utf8');
  };
  expect(await dump()).not.toContain('planted-secret');
  await pm2('startOrRestart', 'ecosystem.config.js', '--update-env');
  const saved = await dump();
  expect(saved).not.toContain('planted-secret');
  // A setting that comes from the shell goes on working, and comes back with `pm2 resurrect`.
  expect(JSON.parse(saved)[0]).toMatchObject({ OUTBOX_DIR: env.OUTBOX_DIR, env: { DATABASE_PATH: env.DATABASE_PATH } });
  expect(Object.keys(JSON.parse(saved)[0].env)).toEqual(expect.arrayContaining(VARIABLES));
  const restarted = await until(({ pid, pm2_env }) => pm2_env.status === 'online' && pid !== second.pid && pid !== 0);
  await until(() => counted('watching') === 3);

  // The start's check may still run: the reload waits for its end.
  await pm2('reload', 'breakout-bell');
  const third = await until(({ pid, pm2_env }) => pm2_env.status === 'online' && pid !== restarted.pid && pid !== 0);
  expect(counted('stopped')).toBe(2);

  await pm2('stop', 'breakout-bell');
  await until(({ pm2_env }) => pm2_env.status === 'stopped');
  expect(() => process.kill(third.pid, 0)).toThrow('ESRCH');
  expect(counted('stopped')).toBe(3);
  // Four starts over closes that end a year ago: the one warning about that, once.
  expect(readdirSync(join(folder, 'outbox')).filter((name) => name.endsWith('.txt'))).toEqual([
    'warning-closes-2025-09-18.txt',
  ]);
});
