import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { existsSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { commandLine, IS_PACKAGE, pm2Line } from '../../message/command-line.ts';

/** The name in ecosystem.config.js: pm2 finds the process by it alone. */
export const NAME = 'breakout-bell';

/** How a person removes it from pm2's list. */
const DELETE = pm2Line(`delete ${NAME}`);

/** pm2 cannot do what is asked, or must not. */
export class BackgroundError extends Error {
  override name = 'BackgroundError';
}

/** A process as pm2 lists it, as far as it matters here. */
export interface Listed {
  readonly name: string;
  /** 0 where it does not run. */
  readonly pid: number;
  readonly pm2_env: {
    readonly status: string;
    readonly pm_cwd: string;
    /** The program that it starts. */
    readonly pm_exec_path: string;
    readonly pm_err_log_path: string;
    readonly restart_time: number;
  };
}

/** What pm2 printed, and how it ended. */
interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs one command of the program's own pm2 for the daemon of a home folder. */
export function pm2(root: string, args: readonly string[]): Promise<Ended> {
  const path = program();
  return new Promise((resolve) => {
    execFile(process.execPath, [path, ...args], { ...surroundings(root), maxBuffer: 2 ** 26 }, (error, out, err) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : 1;
      resolve({ code, out, err });
    });
  });
}

/** A command of pm2's that goes on until it is interrupted. */
export function pm2Follows(root: string, args: readonly string[]): ChildProcess {
  return spawn(process.execPath, [program(), ...args], { ...surroundings(root), stdio: ['ignore', 'pipe', 'pipe'] });
}

/** A command of pm2's that a person typed, with all that it asks and prints. @returns its exit code */
export function pm2Itself(root: string, args: readonly string[]): Promise<number> {
  const child = spawn(process.execPath, [program(), ...args], { ...surroundings(root), stdio: 'inherit' });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 1));
  });
}

/** ecosystem.config.js takes the home folder from it, wherever that lies, and hands it to the daemon. */
function surroundings(root: string) {
  return { cwd: root, env: { ...process.env, BREAKOUT_BELL_HOME: root } };
}

/** The same, that must work. @throws {BackgroundError} with pm2's own words */
export async function pm2MustDo(root: string, args: readonly string[]): Promise<void> {
  const { code, out, err } = await pm2(root, args);
  if (code !== 0) throw new BackgroundError(`pm2 ${args[0]} failed: ${lastWords(`${out}\n${err}`)}`);
}

/**
 * The process of this folder; undefined where pm2 has none.
 * @throws {BackgroundError} where the one of that name is another folder's, or pm2 does not answer
 */
export async function ownProcess(root: string): Promise<Listed | undefined> {
  const { code, out, err } = await pm2(root, ['jlist']);
  const all = code === 0 ? parseList(out) : undefined;
  if (all === undefined) throw new BackgroundError(`pm2 could not list its processes: ${lastWords(`${out}\n${err}`)}`);
  return ownOf(all, root);
}

/** The list in what `pm2 jlist` prints: the first time, it tells of its own start before it. */
export function parseList(out: string): Listed[] | undefined {
  for (const line of out.split('\n').reverse()) {
    if (!line.startsWith('[{') && line.trim() !== '[]') continue;
    try {
      return JSON.parse(line) as Listed[];
    } catch {
      // Words that only begin like one.
    }
  }
  return undefined;
}

/** The process of this folder among all of pm2's. @throws {BackgroundError} where another folder has one of that name */
export function ownOf(all: readonly Listed[], root: string): Listed | undefined {
  const named = all.filter(({ name }) => name === NAME);
  const other = named.find(({ pm2_env }) => !isSamePlace(pm2_env.pm_cwd, root));
  if (other === undefined) return named[0];
  const folder = other.pm2_env.pm_cwd;
  const remove = existsSync(join(folder, 'package.json')) ? `(cd ${folder} && ${DELETE})` : DELETE;
  throw new BackgroundError(
    `pm2 already has ${NAME} from another folder, ${folder}, and tells them apart by name alone, so it was left alone. To use this ` +
      `folder, ${root}, instead: ${remove}, then ${commandLine('daemon')}. To run both, give this one its own DASHBOARD_PORT and ` +
      `its own pm2: PM2_HOME=~/.pm2-second ${commandLine('daemon')}`,
  );
}

function program(): string {
  try {
    return fileURLToPath(import.meta.resolve('pm2/bin/pm2'));
  } catch (error) {
    throw new BackgroundError(
      `pm2 is missing. With a container or a service manager you do not need it; otherwise: ${IS_PACKAGE ? 'npm install -g breakout-bell' : 'npm ci'}`,
      { cause: error },
    );
  }
}

/** Whether two paths lead to one file or folder. */
export function isSamePlace(one: string, other: string): boolean {
  return real(one) === real(other);
}

/** A path without links; itself where it is gone. */
function real(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

function lastWords(text: string): string {
  return text.trim().split('\n').slice(-3).join(' · ') || 'no output';
}
