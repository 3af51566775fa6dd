import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { createConnection, createServer } from 'node:net';
import { networkInterfaces } from 'node:os';
import { basename, join } from 'node:path';
import type { DashboardSettings } from '../settings/dashboard-settings.ts';

type Address = Pick<DashboardSettings, 'host' | 'port'>;

/** A port of this machine answers at once, in milliseconds. */
const PATIENCE_MS = 1_000;
/** Listening, in the table of the kernel. */
const LISTENS = '0A';

/**
 * What keeps the page from its port; undefined where nothing does, or it is not known whose the port is.
 * @param ours the processes that may have it: the daemons
 */
export async function portTrouble({ host, port }: Address, ours: readonly number[]): Promise<string | undefined> {
  if (port === 0 || !isOwnAddress(host) || !(await answers(host, port))) return undefined;
  const holders = listeners(port);
  if (holders.some((pid) => ours.includes(pid))) return undefined;
  if (holders.length === 0 && ours.some(isHidden)) return undefined;
  return `${host}:${port}, the port of the page, is taken by ${nameOf(holders[0])}; stop that, or set DASHBOARD_PORT in .env to a free port`;
}

/** What the system says against listening there; undefined: nothing. */
export async function whyNotListen({ host, port }: Address): Promise<string | undefined> {
  const server = createServer();
  const refusal = await new Promise<Error | undefined>((resolve) => {
    server.once('error', resolve);
    server.listen(port, host, () => resolve(undefined));
  });
  if (refusal !== undefined) {
    return `the page cannot listen on ${host}:${port} (${refusal.message}); set DASHBOARD_HOST and DASHBOARD_PORT to a free address and port`;
  }
  await new Promise((closed) => server.close(closed));
  return undefined;
}

/** Only this machine is asked: who answers at another one's address is not in the way of the page. */
function isOwnAddress(host: string): boolean {
  const own = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
  return ['0.0.0.0', '::', 'localhost', ...own.map(({ address }) => address)].includes(host);
}

/** Asked by connecting: whoever listens for a moment to find out is in the way of others who do. */
function answers(host: string, port: number): Promise<boolean> {
  const socket = createConnection({ host: { '0.0.0.0': '127.0.0.1', '::': '::1' }[host] ?? host, port });
  return new Promise((resolve) => {
    const end = (isBusy: boolean) => {
      socket.destroy();
      resolve(isBusy);
    };
    socket.setTimeout(PATIENCE_MS, () => end(false));
    socket.once('connect', () => end(true));
    socket.once('error', () => end(false));
  });
}

/** The processes that listen at a port, as far as this user may see them; Linux only. */
function listeners(port: number): number[] {
  const sockets = new Set(
    ['tcp', 'tcp6']
      .flatMap((table) => linesOf(`/proc/net/${table}`))
      .flatMap((line) => {
        const [, local = '', , state, , , , , , inode] = line.trim().split(/\s+/);
        return state === LISTENS && Number.parseInt(local.split(':')[1] ?? '', 16) === port
          ? [`socket:[${inode}]`]
          : [];
      }),
  );
  if (sockets.size === 0) return [];
  const pids = namesIn('/proc').filter((name) => /^\d+$/.test(name));
  return pids.filter((pid) => descriptorsOf(pid).some((link) => sockets.has(link))).map(Number);
}

function descriptorsOf(pid: string): string[] {
  const folder = `/proc/${pid}/fd`;
  return namesIn(folder).map((name) => linkOf(join(folder, name)));
}

/** True where nobody tells which ports a process has: another user's, or another system's. */
function isHidden(pid: number): boolean {
  return namesIn(`/proc/${pid}/fd`).length === 0;
}

function nameOf(pid: number | undefined): string {
  if (pid === undefined) return 'another program';
  // A program may have written words of its own over its arguments, as pm2 does for those that it starts.
  const [program = ''] = (linesOf(`/proc/${pid}/cmdline`)[0] ?? '').split(/[\0 ]/);
  const folder = linkOf(`/proc/${pid}/cwd`);
  return `process ${pid} (${basename(program) || 'unknown'}${folder === '' ? '' : ` in ${folder}`})`;
}

function linesOf(path: string): string[] {
  try {
    return readFileSync(path, 'utf8').split('\n');
  } catch {
    return [];
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function linkOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}
