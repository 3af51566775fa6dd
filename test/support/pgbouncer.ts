import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from './ports.ts';
import { startProgram } from './postgres-programs.ts';
import { own, serverFolder } from './postgres-server.ts';

/** Where Debian has it. */
const PGBOUNCER = '/usr/sbin/pgbouncer';

/** Why there is no pgbouncer for tests; undefined: there is one. */
export const NO_PGBOUNCER = existsSync(PGBOUNCER) ? undefined : `no ${PGBOUNCER}: apt-get install pgbouncer`;

/** A pool of connections before a server, as hosted databases have them. */
export interface Pgbouncer {
  /** The address of the same database through the pool. */
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Starts a pgbouncer before the server of an address, for its user: `await useStandIn(startPgbouncer(url))`. A connection has a
 * server's connection for one transaction only; what a session sets or prepares is another one's soon.
 * @param settings of pgbouncer: `{ default_pool_size: '2' }`
 */
export async function startPgbouncer(url: string, settings: Readonly<Record<string, string>> = {}): Promise<Pgbouncer> {
  const { folder, life } = serverFolder();
  const { hostname, port, username, password } = new URL(url);
  const [users, ini, itsPort] = [join(folder, 'users.txt'), join(folder, 'pgbouncer.ini'), await freePort()];
  writeFileSync(users, `"${decodeURIComponent(username)}" "${decodeURIComponent(password)}"\n`);
  const all = {
    listen_addr: '127.0.0.1',
    listen_port: String(itsPort),
    unix_socket_dir: '',
    auth_type: 'scram-sha-256',
    auth_file: users,
    pool_mode: 'transaction',
    ...settings,
  };
  const lines = Object.entries(all).map(([name, value]) => `${name} = ${value}\n`);
  writeFileSync(ini, `[databases]\n* = host=${hostname} port=${port || 5432}\n[pgbouncer]\n${lines.join('')}`);
  own(folder);
  const child = await startProgram(PGBOUNCER, [ini], folder, life, /process up/);
  if (typeof child === 'string') throw new Error(`pgbouncer does not start: ${child}`);
  return { url: Object.assign(new URL(url), { port: itsPort }).href, close: () => life.end() };
}
