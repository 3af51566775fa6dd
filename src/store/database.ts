import { accessSync, constants, existsSync, mkdirSync, readdirSync, readFileSync, statfsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import { whatElseLiesAt } from '../market/regular-file.ts';
import { markOf, rememberFile } from './database-file.ts';
import { prepared } from './prepared.ts';

export type { Database } from 'better-sqlite3';

/** The database cannot be used as it is: one line that says why and what to do. */
export class DatabaseError extends Error {
  override name = 'DatabaseError';
}

/** The database holds closes of another source than the one that is set. */
export class OtherSourceError extends DatabaseError {
  override name = 'OtherSourceError';
}

/** The file that is open is not the one that others open, or its content is not what was written to it. */
export class DatabaseGoneError extends DatabaseError {
  override name = 'DatabaseGoneError';
}

const MIGRATIONS = join(import.meta.dirname, 'migrations');
/** How long a write waits for another process's, in milliseconds. */
const BUSY_TIMEOUT = 10_000;

/**
 * Opens the SQLite file, makes it where it is missing, and applies the migrations that it has not seen yet.
 * @param path a file, or ':memory:'
 * @throws {DatabaseError} where the file is no database, cannot be opened, or was written by a newer version
 */
export function openDatabase(path: string): Database.Database {
  try {
    mkdirSync(dirname(path), { recursive: true });
    refuseOtherThanFile(path);
    const before = path === ':memory:' ? undefined : markOf(path);
    const database = new Database(path, { timeout: BUSY_TIMEOUT });
    try {
      // Before anything else, as even the journal mode is written into the file.
      refuseNewer(database, path);
      refuseForeign(database, path);
      useWal(database);
      // A decision must survive a power cut: WAL alone would lose the last transactions.
      database.pragma('synchronous = FULL');
      // What is committed goes into the file itself at once, so that a WAL that is lost takes nothing with it; unless another
      // program is just reading. Copies are for `npm run backup` all the same.
      database.pragma('wal_autocheckpoint = 1');
      database.pragma('foreign_keys = ON');
      migrate(database);
      if (!rememberFile(database, path, before)) {
        throw new DatabaseError(`${path} was replaced just while it was opened; try again`);
      }
      return database;
    } catch (error) {
      database.close();
      throw error;
    }
  } catch (error) {
    if (error instanceof DatabaseError) throw error;
    throw new DatabaseError(explainDatabaseError(error as Error, path), { cause: error });
  }
}

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
    return `${path} is damaged or no database (${message}). Stop the daemon and put a copy back: npm run restore FILE.`;
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

/**
 * Opens a copy of a database to read it; nothing is made, migrated or changed.
 * @throws {DatabaseError} where there is no such file, or it is no database of this program or of a newer version
 */
export function openCopy(path: string): Database.Database {
  if (!existsSync(path)) throw new DatabaseError(`${path} is not there; name a copy from the folder backups/`);
  refuseOtherThanFile(path);
  let database: Database.Database | undefined;
  try {
    database = new Database(path, { readonly: true, fileMustExist: true });
    refuseNewer(database, path);
    if (database.pragma('application_id', { simple: true }) !== APPLICATION_ID) {
      throw new DatabaseError(`${path} is not a database of Breakout Bell`);
    }
    return database;
  } catch (error) {
    database?.close();
    if (error instanceof DatabaseError) throw error;
    throw new DatabaseError(`${path} cannot be read as a copy: ${(error as Error).message}`);
  }
}

/** SQLite would wait for a pipe's writer for ever, and read a device without an end. */
function refuseOtherThanFile(path: string): void {
  const other = path === ':memory:' ? undefined : whatElseLiesAt(path);
  if (other !== undefined) throw new DatabaseError(`${path} is ${other}; a database is a file`);
}

function refuseNewer(database: Database.Database, path: string): void {
  const [version, known] = [schemaVersion(database), migrations().length];
  if (version <= known) return;
  throw new DatabaseError(
    `${path} was written by a newer version (schema ${version}, this one knows ${known}); update Breakout Bell`,
  );
}

/** Written by the first migration: tells this program's files from others'. */
const APPLICATION_ID = 0x42656c6c;

function refuseForeign(database: Database.Database, path: string): void {
  // In this order: another process may write both in between, and tables come with the id.
  const tables = database.prepare('select count(*) from sqlite_master').pluck().get();
  if (tables === 0 || database.pragma('application_id', { simple: true }) === APPLICATION_ID) return;
  throw new DatabaseError(`${path} is a database of another program; set DATABASE_PATH to another file`);
}

/** Processes that make the file together get in each other's way here, and SQLite does not wait for this lock itself. */
function useWal(database: Database.Database): void {
  const end = performance.now() + BUSY_TIMEOUT;
  for (;;) {
    try {
      database.pragma('journal_mode = WAL');
      return;
    } catch (error) {
      if ((error as { code?: string }).code !== 'SQLITE_BUSY' || performance.now() > end) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 25);
    }
  }
}

function migrate(database: Database.Database): void {
  const files = migrations();
  if (schemaVersion(database) === files.length) return;
  database
    .transaction(() => {
      // Read again inside the lock: another process may have migrated meanwhile.
      for (const [index, file] of files.entries()) {
        if (index < schemaVersion(database)) continue;
        database.exec(readFileSync(join(MIGRATIONS, file), 'utf8'));
        database.pragma(`user_version = ${index + 1}`);
      }
    })
    .immediate();
}

/** The migrations in their order; the schema's version is how many of them were applied. */
function migrations(): string[] {
  return readdirSync(MIGRATIONS)
    .filter((name) => name.endsWith('.sql'))
    .sort();
}

function schemaVersion(database: Database.Database): number {
  return database.pragma('user_version', { simple: true }) as number;
}

/**
 * Refuses a source other than the one whose closes the database holds: two sources would mix into a false record.
 * @throws {OtherSourceError}
 */
export function refuseOtherSource(database: Database.Database, source: string, path: string): void {
  const known = rememberedSource(database);
  if (known === undefined || known === source) return;
  throw new OtherSourceError(
    `${path} holds closes of the source '${known}', but MARKET_SOURCE is '${source}'; set MARKET_SOURCE=${known}, or DATABASE_PATH to another file`,
  );
}

/**
 * Notes the source before the first reading.
 * @throws {OtherSourceError} as `refuseOtherSource`
 */
export function rememberSource(database: Database.Database, source: string, path: string): void {
  prepared(database, "insert or ignore into facts (name, value) values ('source', ?)").run(source);
  refuseOtherSource(database, source, path);
}

/** The source whose closes the database holds; undefined before the first reading. */
export function rememberedSource(database: Database.Database): string | undefined {
  return prepared(database, "select value from facts where name = 'source'").pluck().get() as string | undefined;
}

/** True the first time that something is noted on a day. */
export function isFirstToday(database: Database.Database, name: string, today: string): boolean {
  const sql =
    'insert into facts (name, value) values (?, ?) on conflict (name) do update set value = excluded.value where value <> excluded.value';
  return prepared(database, sql).run(name, today).changes === 1;
}
