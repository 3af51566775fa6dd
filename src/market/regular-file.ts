import { closeSync, constants, fstatSync, openSync, readFileSync, type Stats, statSync } from 'node:fs';

const MB = 1_048_576;

/** What a path leads to where it is no plain file: `a folder`, `a device or a pipe`, `a socket`; undefined: it is one. */
function notAFile(stats: Stats): string | undefined {
  if (stats.isFile()) return undefined;
  if (stats.isDirectory()) return 'a folder';
  return stats.isSocket() ? 'a socket' : 'a device or a pipe';
}

/** The same of what lies at a path, links followed; undefined too where there is nothing. */
export function whatElseLiesAt(path: string): string | undefined {
  const stats = statSync(path, { throwIfNoEntry: false });
  return stats && notAFile(stats);
}

/**
 * Reads a plain file. A pipe would wait for a writer for ever, and a device never ends: they are refused unread.
 * @param mostMB how big it may be
 * @param needed what is needed instead of what is no file
 * @param tooBig what to do about one that is bigger, for its error
 * @throws {Error} saying what it is instead, or the system's error
 */
export function readRegularFile(path: string, mostMB: number, needed = 'a file', tooBig = ''): Buffer {
  // Without O_NONBLOCK, which Windows does not have, opening a pipe waits.
  const descriptor = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  try {
    const stats = fstatSync(descriptor);
    const other = notAFile(stats);
    if (other !== undefined) throw new NotReadError(`is ${other}; ${needed} is needed`);
    if (stats.size > mostMB * MB) {
      throw new NotReadError(`has ${Math.ceil(stats.size / MB)} MB; allowed: at most ${mostMB} MB${tooBig}`);
    }
    return readFileSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** Why a file is not read: the end of a sentence that begins with its path. */
export class NotReadError extends Error {
  override name = 'NotReadError';
}
