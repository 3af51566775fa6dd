import { existsSync, mkdirSync, realpathSync, renameSync, statSync } from 'node:fs';
import { basename, dirname, extname, join } from 'node:path';
import type { Runtime } from '../app/runtime.ts';
import { openStores } from '../app/stores.ts';
import { SettingsError } from '../channel/settings-error.ts';
import { commandLine } from '../message/command-line.ts';
import type { Settings } from '../settings/settings.ts';
import { UnreachableError } from '../store/errors.ts';
import { copyFile } from '../store/postgres/copy-file.ts';
import { openPostgres } from '../store/postgres/open.ts';
import type { Database } from '../store/sqlite/database.ts';
import { ledgerMark } from '../store/sqlite/database-file.ts';
import { knownLedgerPath, noteMoved, refuseMoved } from '../store/sqlite/known-ledger.ts';
import { giveBackLease } from '../store/sqlite/lease.ts';
import { openElsewhere } from '../store/sqlite/open-elsewhere.ts';
import { requireSound } from '../store/sqlite/soundness.ts';
import { takeAlone } from './alone.ts';
import { BackupError } from './copies.ts';

/** What a file holds, in numbers that people know. */
export interface Contents {
  readonly symbols: number;
  readonly closes: number;
  readonly events: number;
  readonly messages: number;
  readonly deliveries: number;
  readonly runs: number;
}

export interface Moved {
  /** Where the file was, and where the ledger is now. */
  readonly from: string;
  readonly to: string;
  /** Where the file lies now. */
  readonly kept: string;
  readonly contents: Contents;
}

/**
 * Copies the SQLite file whole into the PostgreSQL at `DATABASE_URL`, checks every row, and puts the file away. From then on no
 * process goes on in a file there: what one tells in PostgreSQL, another one would tell again.
 * @throws {SettingsError}, {BackupError} or {DatabaseError} where it cannot be done; then nothing is changed
 */
export async function migrateToPostgres(settings: Settings, runtime: Runtime): Promise<Moved> {
  const { postgres: address, databasePath } = settings;
  if (address === undefined) {
    throw new SettingsError(
      'DATABASE_URL is not set: it names the empty database to move to; put it into .env, for instance DATABASE_URL=postgres://user:password@db.example.com:5432/bell',
    );
  }
  refuseMoved(databasePath);
  refuseNothing(databasePath);
  const { database, ledger, close } = await openStores({ ...settings, postgres: undefined }, runtime);
  try {
    if (database === undefined) throw new TypeError('a file was opened');
    requireSound(database, databasePath);
    refuseReaders(databasePath);
    const owner = await takeAlone({ ledger, now: runtime.now });
    try {
      const contents = contentsOf(database);
      runtime.progress(`Copies ${databasePath} to ${address.shown} …`);
      await copyUnchanged(database, address);
      await ledger.keepLease(owner, runtime.now());
      noteWhere(database, address.shown);
      const kept = putAway(database, databasePath, address.shown, runtime.now());
      return { from: databasePath, to: address.shown, kept, contents };
    } catch (error) {
      // Closed, it is put away, and nobody asks for its lease any more.
      if (database.open) database.transaction(() => giveBackLease(database, owner)).immediate();
      throw error;
    }
  } finally {
    close();
  }
}

function refuseNothing(path: string): void {
  if ((statSync(path, { throwIfNoEntry: false })?.size ?? 0) > 0) return;
  throw new BackupError(
    `${path} is missing or empty, so there is nothing to move. Set DATABASE_PATH to the file that holds the ledger, or start a new one in PostgreSQL: ${commandLine('check')}`,
  );
}

/** Who only reads would go on showing a file that is none any more. */
function refuseReaders(path: string): void {
  const other = openElsewhere(realpathSync(path));
  if (other === undefined) return;
  throw new BackupError(
    `process ${other} has ${path} open; stop it first, or try again when it has ended (${commandLine('dashboard')} shows the page of a file until Ctrl-C)`,
  );
}

async function copyUnchanged(database: Database, address: NonNullable<Settings['postgres']>): Promise<void> {
  const postgres = await openPostgres(address);
  try {
    // What needs no lease, such as a pause, waits too, or is told that the file is in use.
    database.exec('begin immediate');
    await copyFile(postgres, database);
  } catch (error) {
    if (!(error instanceof UnreachableError)) throw error;
    // The very last answer may be the one that was lost.
    throw new UnreachableError(
      `${error.message}. Then run this again: what has been copied completely is not copied twice`,
      {
        cause: error,
      },
    );
  } finally {
    if (database.inTransaction) database.exec('rollback');
    await postgres.close();
  }
}

function noteWhere(database: Database, to: string): void {
  const { name } = database;
  const mark = ledgerMark(database);
  const failure = mark === undefined ? 'the file has no name of its own' : noteMoved(name, mark, to);
  if (failure === undefined) return;
  throw new BackupError(
    `${name} was copied to ${to}, but ${knownLedgerPath(name)} cannot be written (${failure}), so a process without DATABASE_URL would keep using the file. Fix that, then run this again`,
  );
}

/** Moves the file to the copies, beside the file itself, whatever link leads to it. @returns where it lies now */
function putAway(database: Database, path: string, to: string, now: number): string {
  const real = realpathSync(path);
  const stamp = new Date(now).toISOString().replace(/[:.]/g, '-');
  const folder = join(dirname(real), 'backups');
  const kept = join(folder, `${basename(real, extname(real))}-moved-to-postgres-${stamp}.db`);
  try {
    asOneFile(database);
    database.close();
    mkdirSync(folder, { recursive: true });
    for (const suffix of ['', '-wal', '-shm']) {
      if (existsSync(`${real}${suffix}`)) renameSync(`${real}${suffix}`, `${kept}${suffix}`);
    }
    return kept;
  } catch (error) {
    throw new BackupError(
      `${path} was copied to ${to} and checked, and is no longer used, but it could not be moved to ${kept} (${(error as Error).message}); move it yourself`,
      { cause: error },
    );
  }
}

function asOneFile(database: Database): void {
  try {
    database.pragma('journal_mode = DELETE');
  } catch (error) {
    // Who has opened it just now sees that it is moved, and stops; its log is moved with it.
    if (!(error as { code?: string }).code?.startsWith('SQLITE_BUSY')) throw error;
  }
}

function contentsOf(database: Database): Contents {
  return database
    .prepare(
      `select (select count(*) from (select symbol from closes union select symbol from packed_closes)) as symbols,
         (select count(*) from closes) + (select coalesce(sum(json_array_length(closes)), 0) from packed_closes) as closes,
         (select count(*) from events) as events, (select count(*) from messages) as messages,
         (select count(*) from deliveries) as deliveries, (select count(*) from runs) as runs`,
    )
    .get() as Contents;
}
