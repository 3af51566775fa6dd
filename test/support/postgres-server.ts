import { type ChildProcess, execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { selfSigned } from './certificate.ts';
import { type Lifeline, lifeline } from './lifeline.ts';
import { freePort } from './ports.ts';
import { programs, RUNS_AS, runProgram, startProgram } from './postgres-programs.ts';

/** The ordinary user that owns the databases, as an address has it. The password is one that must be encoded there. */
const USER = { name: 'bell', password: 'p@ss/wörd' };
const SUPERUSER = { name: 'postgres', password: 'super' };

/** Small, quick and not safe against a loss of power; nothing of it changes what a client sees. */
const SETTINGS: Readonly<Record<string, string>> = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  fsync: 'off',
  full_page_writes: 'off',
  shared_buffers: '16MB',
  max_wal_size: '64MB',
  min_wal_size: '2MB',
  // What a standby asks for that was away for a while.
  wal_keep_size: '64MB',
  wal_retrieve_retry_interval: '100ms',
  autovacuum: 'off',
  log_checkpoints: 'off',
};

export interface ServerOptions {
  /** Offers TLS with a certificate that nobody has signed, for these hosts. Needs openssl. */
  readonly tls?: readonly string[];
  /** Settings of the server: `{ max_connections: '10' }`. */
  readonly settings?: Readonly<Record<string, string>>;
}

/** A PostgreSQL on loopback with data of its own. */
export interface PostgresServer {
  /** A database that an ordinary user owns. */
  readonly url: string;
  /** The same database, as the superuser. */
  readonly superuserUrl: string;
  readonly port: number;
  /** Where its data are. */
  readonly folder: string;
  /** Path of the certificate to trust; undefined without TLS. */
  readonly certificate: string | undefined;
  /** Starts it again at the same port, with the same data. */
  start(): Promise<void>;
  /** Stops it in order: connections are told and closed, and standbys have got everything. */
  stop(): Promise<void>;
  /** Kills all of its processes at once, as a loss of power does. */
  kill(): Promise<void>;
  /** Ends it for good and removes its data. */
  close(): Promise<void>;
}

/** A new folder for a server and its files, which the server may read and write. It goes with the lifeline. */
export function serverFolder(): { folder: string; life: Lifeline } {
  const folder = mkdtempSync(join(tmpdir(), 'breakout-bell-server-'));
  own(folder);
  return { folder, life: lifeline(folder) };
}

/** Gives files to whom servers run as. */
export function own(...paths: readonly string[]): void {
  const { uid, gid } = RUNS_AS;
  if (uid !== undefined) execFileSync('chown', ['-R', `${uid}:${gid}`, ...paths]);
}

/**
 * Starts a server of a test's own: `const server = await useStandIn(startServer())`. Where the tests have none (`NO_POSTGRES` in
 * postgres.ts), it throws.
 */
export async function startServer({ tls, settings = {} }: ServerOptions = {}): Promise<PostgresServer> {
  const { folder, life } = serverFolder();
  const data = join(folder, 'data');
  const password = join(folder, 'password');
  writeFileSync(password, SUPERUSER.password);
  own(password);
  runProgram(
    'initdb',
    [
      ...['-D', data, '--auth=scram-sha-256', `--username=${SUPERUSER.name}`, `--pwfile=${password}`, '--locale=C'],
      ...['--encoding=UTF8', '--no-sync', '--no-instructions', '--wal-segsize=1'],
    ],
    folder,
  );
  const files = tls === undefined ? undefined : selfSigned(folder, tls);
  if (files !== undefined) own(files.certificate, files.key);
  const ssl = files === undefined ? {} : { ssl: 'on', ssl_cert_file: files.certificate, ssl_key_file: files.key };
  const server = serve(data, await freePort(), life, { ...ssl, ...settings }, files?.certificate);
  await server.start();
  await inDatabase(addressOf(SUPERUSER, server.port, 'postgres'), async (client) => {
    await client.query(`create role ${USER.name} login password ${client.escapeLiteral(USER.password)}`);
    await client.query(`create database ${USER.name} owner ${USER.name}`);
  });
  return server;
}

/** A server over data that are there, not started yet. */
export function serve(
  data: string,
  port: number,
  life: Lifeline,
  settings: Readonly<Record<string, string>>,
  certificate?: string,
): PostgresServer {
  let running: ChildProcess | undefined;
  const ended = async (signal: NodeJS.Signals, act = () => {}) => {
    if (running === undefined) return;
    const exit = once(running, 'exit');
    running.ref();
    act();
    running.kill(signal);
    await exit;
    running = undefined;
  };
  return {
    url: addressOf(USER, port),
    superuserUrl: addressOf(SUPERUSER, port),
    port,
    folder: data,
    certificate,
    start: async () => {
      running ??= await launch(data, { ...SETTINGS, ...settings, port: String(port) }, life);
    },
    stop: () => ended('SIGINT'),
    kill: () => ended('SIGKILL', () => killAllOf(running?.pid ?? 0)),
    close: () => life.end(),
  };
}

/** The address of a database: by default that of the user's name. */
function addressOf({ name, password }: typeof USER, port: number, database = USER.name): string {
  return `postgres://${name}:${encodeURIComponent(password)}@127.0.0.1:${port}/${database}`;
}

/** Does something in a database by a connection of its own. */
export async function inDatabase<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

async function launch(data: string, settings: Readonly<Record<string, string>>, life: Lifeline): Promise<ChildProcess> {
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const isReady = /ready to accept (read-only )?connections/;
  for (;;) {
    const child = await startProgram(join(programs(), 'postgres'), ['-D', data, ...flags], data, life, isReady);
    if (typeof child !== 'string') return child;
    // Those of a killed server may take a moment to go.
    if (!/pre-existing shared memory block/.test(child)) throw new Error(`PostgreSQL does not start: ${child}`);
  }
}

/** Its children stay while it is stopped, and cannot be mistaken for others. */
function killAllOf(pid: number): void {
  process.kill(pid, 'SIGSTOP');
  for (const child of childrenOf(pid)) process.kill(child, 'SIGKILL');
}

/** Where the system does not tell, they end by themselves as soon as they see that it is gone. */
function childrenOf(pid: number): number[] {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number);
  } catch {
    return [];
  }
}
