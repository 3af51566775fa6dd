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

/** Removes a folder. A process that was killed may have been about to write into it. */
export function removeFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}
