import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '../..');
/** In memory where the machine has it: a kill of a process loses nothing that only a kill of the machine would. */
const FAST = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();

/** A folder of its own for data that come and go, removed by whoever asked for it. */
export function makeFolder(): string {
  return mkdtempSync(join(FAST, 'breakout-bell-'));
}

/**
 * The program in a package root of its own, whose configuration can be changed without touching anybody's.
 * @param wholeHistory false: the signal needs no records of before its history, which may then be short; its runs are quick
 * @returns its root
 */
export function makePackage(folder: string, wholeHistory: boolean): string {
  const root = join(folder, 'package');
  mkdirSync(root);
  for (const name of ['src', 'config', 'package.json']) cpSync(join(ROOT, name), join(root, name), { recursive: true });
  mkdirSync(join(root, 'data'));
  cpSync(join(ROOT, 'data/before-yahoo.csv'), join(root, 'data/before-yahoo.csv'));
  symlinkSync(join(ROOT, 'node_modules'), join(root, 'node_modules'));
  if (wholeHistory) return root;
  const path = join(root, 'config/signals.json');
  const { signals, ...rest } = JSON.parse(readFileSync(path, 'utf8'));
  const [{ beforeHistory: _, ...signal }] = signals;
  writeFileSync(path, JSON.stringify({ ...rest, signals: [signal] }));
  return root;
}

/** Where PostgreSQL is played, the clock that all share goes so many times as fast as the real one. */
export const PACE = 10;
/** What PostgreSQL measures by timers of its own, which nobody can steer: in real time it is a tenth. */
const TIMEOUTS = [
  ["set local statement_timeout = '9s'", "set local statement_timeout = '900ms'"],
  ["set local lock_timeout = '5s'", "set local lock_timeout = '500ms'"],
  ["set local idle_in_transaction_session_timeout = '10s'", "set local idle_in_transaction_session_timeout = '1s'"],
] as const;

/** Lets the timeouts of PostgreSQL in a package go with a clock that is `PACE` times as fast. It is the one thing that is changed in it. */
export function quickenPostgres(root: string): void {
  const path = join(root, 'src/store/postgres/postgres.ts');
  for (const [slow, quick] of TIMEOUTS) replaceIn(path, slow, quick);
}

const EARLIEST = "NO_EARLIER = Date.parse('2020-01-01T00:00:00Z')";

/**
 * Lets a package believe a clock of before 2020, which it takes for that of a machine without a battery otherwise: years of
 * real closes cannot be lived without. It is the one thing that is changed in it.
 */
export function believeEarlierClocks(root: string): void {
  const path = join(root, 'src/market/stamp.ts');
  replaceIn(path, EARLIEST, "NO_EARLIER = Date.parse('1980-01-01T00:00:00Z')");
}

function replaceIn(path: string, before: string, after: string): void {
  const code = readFileSync(path, 'utf8');
  if (!code.includes(before)) throw new Error(`${path} has no '${before}' any more: find what says so now`);
  writeFileSync(path, code.replace(before, after));
}

/** Removes a folder. A process that was killed may have been about to write into it. */
export function removeFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}
