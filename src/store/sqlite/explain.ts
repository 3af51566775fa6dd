import { accessSync, constants, existsSync, statfsSync } from 'node:fs';
import { dirname } from 'node:path';
import { commandLine } from '../../message/command-line.ts';

/** What an error of SQLite means for its file, and what to do: one line. */
export function explainDatabaseError(error: Error, path: string): string {
  const { code = '', message } = error as Error & { code?: string };
  const [, told = ''] = code.match(/^SQLITE_([A-Z]+)/) ?? [];
  const kind = ['IOERR', 'CANTOPEN', ''].includes(told) ? (diskFault(path) ?? told) : told;
  if (kind === 'BUSY' || kind === 'LOCKED')
    return `${path} is locked by another program (${message}). End it; what is stored stays, and the next run goes on.`;
  if (kind === 'FULL')
    return `${path} cannot grow: the disk is full. Make room; what is stored stays, and the next run goes on.`;
  if (kind === 'READONLY')
    return `${path} cannot be written (${message}). Give the user who runs this the right to write it and its folder.`;
  if (kind === 'CORRUPT' || kind === 'NOTADB')
    return `${path} is damaged or no database (${message}). Stop the daemon and put a copy back: ${commandLine('restore')} FILE.`;
  if (kind === 'IOERR')
    return `${path} cannot be read or written (${message}). Look at the disk; what is stored stays, and the next run goes on.`;
  return `${path} cannot be opened as a database: ${message}`;
}

/** What the disk itself says: SQLite calls a full or a read-only one an I/O error, or a file that it cannot open. */
function diskFault(path: string): 'FULL' | 'READONLY' | undefined {
  const folder = dirname(path);
  try {
    if (statfsSync(folder).bavail === 0) return 'FULL';
    accessSync(folder, constants.W_OK);
    if (existsSync(path)) accessSync(path, constants.W_OK);
    return undefined;
  } catch (error) {
    return /^(EROFS|EACCES|EPERM)$/.test((error as NodeJS.ErrnoException).code ?? '') ? 'READONLY' : undefined;
  }
}
