import { accessSync, constants, existsSync, statfsSync } from 'node:fs';
import { dirname } from 'node:path';
import { commandLine } from '../../message/command-line.ts';

/** What an error of SQLite means for its file, and what to do: one line. */
export function explainDatabaseError(error: Error, path: string): string {
  const { code = '', message } = error as Error & { code?: string };
  const [, told = ''] = code.match(/^SQLITE_([A-Z]+)/) ?? [];
  const kind = ['IOERR', 'CANTOPEN', ''].includes(told) ? (diskFault(path) ?? told) : told;
  if (kind === 'BUSY' || kind === 'LOCKED')
    return `${path} is locked by another program (${message}). Close that program; stored data is safe, and the next run continues.`;
  if (kind === 'FULL')
    return `${path} cannot grow: the disk is full. Free some space; stored data is safe, and the next run continues.`;
  if (kind === 'READONLY')
    return `${path} cannot be written (${message}). Give the user that runs this write permission for it and its folder.`;
  if (kind === 'CORRUPT' || kind === 'NOTADB')
    return `${path} is damaged or not a database (${message}). Stop the daemon and restore a copy: ${commandLine('restore')} FILE.`;
  if (kind === 'IOERR')
    return `${path} cannot be read or written (${message}). Check the disk; stored data is safe, and the next run continues.`;
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
