import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { NO_PROGRAMS } from '../support/postgres-programs.ts';
import { inDatabase, type PostgresServer, startServer } from '../support/postgres-server.ts';
import { commandLine, DAEMON_FLAGS, ownProcess, settingsBelow } from './commands.ts';
import { type Figure, middle } from './figures.ts';

const ROOT = join(import.meta.dirname, '../..');
const SIGNALS = 1000;
const NIGHTS = 5;

/**
 * The same in PostgreSQL as in a SQLite file: a check of the two full series, the copy of a long watch list, a night of it side
 * by side with the file, and the memory of a daemon that stands by.
 * @param folder with the closes of the commands
 */
export async function postgres(folder: string): Promise<Figure[]> {
  if (NO_PROGRAMS !== undefined) {
    process.stderr.write(`PostgreSQL is not measured: ${NO_PROGRAMS}\n`);
    return [];
  }
  // As a server is that must not lose anything in a power cut.
  const server = await startServer({ settings: { fsync: 'on' } });
  try {
    return [
      commandLine(folder, 'check', '--offline'),
      await checkOf(server, folder),
      await standby(server, folder),
      ...(await nights(server, folder)),
    ];
  } finally {
    await server.close();
  }
}

async function checkOf(server: PostgresServer, folder: string): Promise<Figure> {
  const url = await database(server, 'check');
  call('check', { ...settingsBelow(folder), DATABASE_URL: url });
  return inPostgres(url, () => ({
    ...commandLine(folder, 'check', '--offline'),
    name: 'check --offline, in PostgreSQL',
  }));
}

/** Copies a watch list, and lives a night with it, in turn with the same in its file. */
async function nights(server: PostgresServer, folder: string): Promise<Figure[]> {
  const root = join(folder, `watch-list-${SIGNALS}-of-hosts`);
  const file = ownProcess('backfill', root, SIGNALS);
  const url = await database(server, 'night');
  const settings = { DATABASE_PATH: join(root, 'market.db'), OUTBOX_DIR: root };
  const began = performance.now();
  call('migrate-to-postgres', { ...settings, DATABASE_URL: url });
  const copied = performance.now() - began;
  rmSync(`${settings.DATABASE_PATH}.known`, { force: true });
  rmSync(root, { recursive: true });
  ownProcess('backfill', root, SIGNALS);
  const both = Array.from({ length: NIGHTS }, () => ({
    file: ownProcess('night', root),
    server: inPostgres(url, () => ownProcess('night', root)),
  }));
  rmSync(root, { recursive: true });
  const figure = (name: string, runs: readonly { ms: number; megabytes: number }[]) => ({
    name,
    ms: middle(runs.map(({ ms }) => ms)),
    megabytes: Math.max(...runs.map(({ megabytes }) => megabytes)),
  });
  return [
    { name: `backfill of ${SIGNALS} symbols`, ...file },
    { name: `their copy, npm run migrate-to-postgres`, ms: copied },
    figure(
      `night of ${SIGNALS} signals`,
      both.map((night) => night.file),
    ),
    figure(
      `night of ${SIGNALS} signals, in PostgreSQL`,
      both.map((night) => night.server),
    ),
  ];
}

/** Two daemons; the memory of the one that waits. */
async function standby(server: PostgresServer, folder: string): Promise<Figure> {
  const url = await database(server, 'standby');
  const env = { ...process.env, ...settingsBelow(folder), DATABASE_URL: url, DASHBOARD_PORT: '0' };
  const start = async () => {
    const began = performance.now();
    const child = spawn(process.execPath, [...DAEMON_FLAGS, join(ROOT, 'src/launch.js'), 'start'], {
      env,
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    await once(child, 'message');
    return { child, ms: performance.now() - began };
  };
  const leader = await start();
  const waiting = await start();
  const rss = readFileSync(`/proc/${waiting.child.pid}/status`, 'utf8').match(/VmRSS:\s+(\d+)/)?.[1];
  for (const { child } of [waiting, leader]) {
    const exit = once(child, 'exit');
    child.kill('SIGTERM');
    await exit;
  }
  return {
    name: 'start of a standby, until ready; its memory',
    ms: waiting.ms,
    megabytes: (Number(rss) * 1.024) / 1000,
  };
}

async function database({ superuserUrl, url }: PostgresServer, name: string): Promise<string> {
  const place = new URL(url);
  await inDatabase(superuserUrl, (client) => client.query(`create database bench_${name} owner ${place.username}`));
  place.pathname = `bench_${name}`;
  return place.href;
}

function call(command: string, settings: Readonly<Record<string, string>>): void {
  const { status, stderr } = spawnSync(process.execPath, [join(ROOT, 'src/launch.js'), command], {
    env: { ...process.env, ...settings },
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`${command} ended with ${status}: ${stderr}`);
}

/** What is called inside finds its ledger there. */
function inPostgres<T>(url: string, act: () => T): T {
  process.env.DATABASE_URL = url;
  try {
    return act();
  } finally {
    delete process.env.DATABASE_URL;
  }
}
