import { readdirSync, statSync } from 'node:fs';
import { hostname } from 'node:os';
import { join, resolve } from 'node:path';
import type { App } from '../app/app.ts';
import { runningDaemon } from '../app/lease.ts';
import { isDead, isNeighbour } from '../app/this-process.ts';
import { commandLine } from '../message/command-line.ts';
import type { Daemon } from '../store/runs.ts';
import { portTrouble } from './page-port.ts';

type Asked = Pick<App, 'ledger' | 'now' | 'settings'>;

/** What a person at this machine should know of its daemon. */
export interface Notices {
  /** Settings that the daemon has not read yet, and how it does, a line each. */
  readonly notLoaded: readonly string[];
  /** What keeps the page from its port. */
  readonly port: string | undefined;
}

/** @param root the folder of `.env` and `config/` */
export async function noticesOf(app: Asked, root: string): Promise<Notices> {
  const running = await runningDaemon(app);
  const daemons = await daemonsHere(app, running);
  const isElsewhere = running !== undefined && daemons.length === 0;
  const pids = daemons.map(({ pid }) => pid);
  return {
    notLoaded: daemons.flatMap((daemon) => notLoadedBy(daemon, root, app.settings.configDir ?? 'config')),
    port: isElsewhere ? undefined : await portTrouble(app.settings.dashboard, pids),
  };
}

/** All of them as lines: what is not loaded first. */
export function noticeLines({ notLoaded, port }: Notices): string[] {
  return [...notLoaded, ...(port === undefined ? [] : [port])];
}

/** The daemons of this ledger that live on this machine: the one that leads, and those that stand by. */
async function daemonsHere({ ledger }: Asked, running: Daemon | undefined): Promise<Daemon[]> {
  const standbys = (await ledger.instances()).filter(({ id }) => id !== running?.id);
  return [...(running === undefined ? [] : [running]), ...standbys].filter(isHere);
}

function isHere(daemon: Daemon): boolean {
  // Where no system tells of boots and pids, the name of the machine has to do.
  if (daemon.processStarted !== null) return isNeighbour(daemon) && !isDead(daemon);
  return daemon.host === hostname() && !daemon.gone && isAlive(daemon.pid);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function notLoadedBy({ pid, startedAt }: Daemon, root: string, configDir: string): string[] {
  const started = Date.parse(startedAt);
  const newer = settingsFiles(root, configDir).filter((name) => changedAt(resolve(root, name)) > started);
  if (newer.length === 0) return [];
  const are = newer.length === 1 ? 'is' : 'are';
  return [
    `${newer.join(' and ')} ${are} newer than the running daemon (process ${pid}), which still has the old settings; ` +
      `to load the new ones: ${commandLine('daemon')} (or restart it where a service manager or a terminal runs it)`,
  ];
}

/** As people name them: relative to the package where they lie in it. */
function settingsFiles(root: string, configDir: string): string[] {
  let config: string[] = [];
  try {
    config = readdirSync(resolve(root, configDir)).filter(
      (name) => name.endsWith('.json') && !name.endsWith('.schema.json'),
    );
  } catch {
    // That it is missing, the settings tell.
  }
  return ['.env', ...config.sort().map((name) => join(configDir, name))];
}

/** Epoch milliseconds; never, where there is no such file. */
function changedAt(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
