import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import { whatElseLiesAt } from '../../market/regular-file.ts';
import { DatabaseError } from '../errors.ts';
import { markOf, rememberFile } from './database-file.ts';
import { explainDatabaseError } from './explain.ts';

export type { Database } from 'better-sqlite3';

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
        throw new DatabaseError(`${path} was replaced while it was being opened; try again`);
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

/** So much of it is kept in memory, in KB. */
const SCRATCH_CACHE = 16_000;

/** A database of this process alone, which goes with it: what does not fit into memory is in a file without a name. */
export function openScratch(): Database.Database {
  const database = new Database('');
  database.pragma('synchronous = OFF');
  database.pragma(`cache_size = -${SCRATCH_CACHE}`);
  migrate(database);
  return database;
}

/**
 * Opens a copy of a database to read it; nothing is made, migrated or changed.
 * @throws {DatabaseError} where there is no such file, or it is no database of this program or of a newer version
 */
export function openCopy(path: string): Database.Database {
  if (!existsSync(path)) throw new DatabaseError(`${path} does not exist; name a copy from the folder backups/`);
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
  throw new DatabaseError(`${path} belongs to another program; set DATABASE_PATH to another file`);
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
