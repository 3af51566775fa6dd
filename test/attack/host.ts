import { spawnSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { Lifeline } from '../support/lifeline.ts';
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy.ts';
import { Bell } from './bell.ts';
import { PACE } from './package.ts';
import type { Stage } from './stage.ts';

/** What starts a process under a hostname of its own, for root and for others; `$0` is the name. */
const NAMED = ['sh', '-c', 'hostname "$0" && exec "$@"'];
const UNSHARES = [
  ['unshare', '--uts'],
  ['unshare', '--map-root-user', '--uts'],
];

/** How to give a process a hostname of its own; undefined where the system does not let us. */
const UNSHARE = UNSHARES.find(([program = '', ...args]) => {
  const { status, stdout } = spawnSync(program, [...args, ...NAMED, 'bell-a', 'hostname'], { encoding: 'utf8' });
  return status === 0 && stdout.trim() === 'bell-a';
});

/** True where the hosts of a trial have different hostnames. */
export const HAVE_HOSTNAMES = UNSHARE !== undefined;

/** What the hosts of a trial share. */
interface Shared {
  readonly folder: string;
  readonly life: Lifeline;
}

/** A machine of its own as far as the program can tell: its name, its folder, its clock, and its way to the database. */
export class Host {
  readonly name: string;
  readonly daemon: Bell;
  readonly proxy: TcpProxy;
  readonly #skew: number;

  private constructor(name: string, daemon: Bell, proxy: TcpProxy, skew: number) {
    this.name = name;
    this.daemon = daemon;
    this.proxy = proxy;
    this.#skew = skew;
  }

  /** Starts a daemon on a host of its own. @param name `bell-a` @param life of whose folder it gets a part, and which ends it with the harness */
  static async start(stage: Stage, name: string, { folder: all, life }: Shared): Promise<Host> {
    const url = stage.database?.url ?? '';
    const proxy = await startTcpProxy(Number(new URL(url).port));
    const folder = join(all, name);
    mkdirSync(folder);
    const skewFile = join(folder, 'skew');
    const skew = openSync(skewFile, 'w');
    writeSync(skew, new Uint8Array(8), 0, 8, 0);
    const daemon = Bell.daemon(stage, {
      isOnItsOwn: false,
      pulse: 0,
      keepsLog: true,
      wrapper: UNSHARE === undefined ? [] : [...UNSHARE, ...NAMED, name],
      environment: {
        DATABASE_URL: proxy.before(url),
        DATABASE_PATH: join(folder, 'market.db'),
        LOG_LEVEL: 'info',
        BELL_PACE: String(PACE),
        BELL_SKEW: skewFile,
      },
    });
    life.holds(daemon.pid);
    void daemon.exit.then(() => life.drops(daemon.pid));
    return new Host(name, daemon, proxy, skew);
  }

  /** Sets the clock of this host wrong by so many milliseconds. The one that nobody sets goes on as before. */
  setClockWrong(milliseconds: number): void {
    writeSync(this.#skew, new Uint8Array(new Float64Array([milliseconds]).buffer), 0, 8, 0);
  }

  async close(): Promise<void> {
    closeSync(this.#skew);
    await this.proxy.close();
  }
}
