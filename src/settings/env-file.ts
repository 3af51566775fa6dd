import {
  accessSync,
  chownSync,
  constants,
  lstatSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { SettingsError } from '../channel/settings-error.ts';

/** Its owner alone may read it: it holds passwords. */
const MODE = 0o600;

/**
 * Writes `.env` below `root`, whole or not at all, for its owner alone. One that was there is kept beside it, under the
 * date, for its owner alone too. Where `.env` is a link, what it leads to is written.
 * @param date of the copy's name, ISO
 * @returns where the one before is kept; undefined: there was none
 * @throws {SettingsError} where it cannot be written; then nothing has changed
 */
export function writeEnvFile(root: string, text: string, date: string): string | undefined {
  const path = join(root, '.env');
  let kept: string | undefined;
  try {
    const target = lstatSync(path, { throwIfNoEntry: false }) === undefined ? path : realpathSync(path);
    kept = keepCopy(target, `${path}.${date}`);
    const unfinished = `${target}.${process.pid}.tmp`;
    try {
      // Left by a process of the same number.
      rmSync(unfinished, { force: true });
      writeOwn(unfinished, text, ownerOf(target));
      renameSync(unfinished, target);
    } catch (error) {
      rmSync(unfinished, { force: true });
      throw error;
    }
  } catch (error) {
    if (kept !== undefined) rmSync(kept, { force: true });
    throw notWritten(path, error);
  }
  return kept;
}

/** @throws {SettingsError} where `.env` below `root` could not be written */
export function requireWritable(root: string): void {
  const path = join(root, '.env');
  try {
    const exists = lstatSync(path, { throwIfNoEntry: false }) !== undefined;
    accessSync(root, constants.W_OK);
    accessSync(dirname(exists ? realpathSync(path) : path), constants.W_OK);
  } catch (error) {
    throw notWritten(path, error);
  }
}

interface Owner {
  readonly uid: number;
  readonly gid: number;
}

function ownerOf(path: string): Owner | undefined {
  return statSync(path, { throwIfNoEntry: false });
}

/** Copies a file to the first of these names that is free: `name`, `name-2`, `name-3` … */
function keepCopy(path: string, name: string): string | undefined {
  const owner = ownerOf(path);
  if (owner === undefined) return undefined;
  const bytes = readFileSync(path);
  for (let number = 1; ; number++) {
    const copy = number === 1 ? name : `${name}-${number}`;
    try {
      writeOwn(copy, bytes, owner);
      return copy;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
}

/** Writes a file that was not there, down to the disk. */
function writeOwn(path: string, content: string | Buffer, owner: Owner | undefined): void {
  writeFileSync(path, content, { mode: MODE, flag: 'wx', flush: true });
  // Root sets up what another user runs.
  if (owner !== undefined && process.getuid?.() === 0) chownSync(path, owner.uid, owner.gid);
}

function notWritten(path: string, error: unknown): SettingsError {
  const { code, message } = error as NodeJS.ErrnoException;
  return new SettingsError(
    `${path} cannot be written (${code ?? message}); make its folder writable for this user, or run this as the user it belongs to`,
    { cause: error },
  );
}
