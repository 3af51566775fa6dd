import { existsSync, mkdirSync, realpathSync, renameSync, rmSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { openApp } from '../app/open.ts';
import type { Runtime } from '../app/runtime.ts';
import { commandLine } from '../message/command-line.ts';
import type { Settings } from '../settings/settings.ts';
import { type Database, openCopy, openDatabase } from '../store/sqlite/database.ts';
import { refuseOtherSource } from '../store/sqlite/facts.ts';
import { knownLedgerPath } from '../store/sqlite/known-ledger.ts';
import { openElsewhere } from '../store/sqlite/open-elsewhere.ts';
import { markRestored } from '../store/sqlite/restored.ts';
import { isDamage, requireSound } from '../store/sqlite/soundness.ts';
import { takeAlone } from './alone.ts';
import { BackupError, copyWhole, IN_POSTGRES, placeOf } from './copies.ts';

export interface Restored {
  /** When the copy was made is not known to it; this is the newest thing that it knows of, ISO instant. */
  readonly until: string;
  /** Where the database that was replaced lies now; null where there was nothing in it. */
  readonly kept: string | null;
}

/**
 * Puts a copy in the place of the database, which is kept beside the copies. What was to be sent, or may have been sent
 * since the copy was made, says from then on that it may be a repeat.
 * @throws {BackupError} or {DatabaseError} where the copy cannot be used or somebody works with the database; then
 * nothing is changed
 */
export async function restore(settings: Settings, runtime: Runtime, file: string): Promise<Restored> {
  if (settings.postgres !== undefined) throw new BackupError(IN_POSTGRES);
  const { databasePath } = settings;
  const stamp = new Date(runtime.now()).toISOString();
  const prepared = `${databasePath}.restoring`;
  try {
    const until = prepare(resolve(file), prepared, settings, stamp);
    const kept = await replace(settings, runtime, prepared, stamp.replace(/[:.]/g, '-'));
    // From here on this is the ledger that is kept here.
    rmSync(knownLedgerPath(databasePath), { force: true });
    return { until, kept };
  } finally {
    for (const suffix of ['', '-wal', '-shm']) rmSync(`${prepared}${suffix}`, { force: true });
  }
}

/** A copy of the copy, brought to this version and marked; the copy itself is not touched. */
function prepare(file: string, prepared: string, settings: Settings, now: string): string {
  mkdirSync(dirname(prepared), { recursive: true });
  const copy = openCopy(file);
  try {
    requireSound(copy, file);
    rmSync(prepared, { force: true });
    copy.prepare('vacuum into ?').run(prepared);
  } finally {
    copy.close();
  }
  const database = openDatabase(prepared);
  try {
    refuseOtherSource(database, settings.source.name, file);
    const until = database
      .prepare(
        'select max(at) from (select max(evaluated_at) as at from signals union select max(changed_at) from deliveries)',
      )
      .pluck()
      .get() as string | null;
    markRestored(database, now);
    // Everything in one file: it may be moved.
    database.pragma('journal_mode = DELETE');
    return until ?? now;
  } finally {
    database.close();
  }
}

async function replace(settings: Settings, runtime: Runtime, prepared: string, stamp: string): Promise<string | null> {
  const { databasePath } = settings;
  const { folder, name } = placeOf(settings);
  mkdirSync(folder, { recursive: true });
  try {
    const app = await openApp(settings, { ...runtime, anyLedger: true });
    try {
      const { database } = app;
      if (database === undefined) throw new BackupError(IN_POSTGRES);
      await takeAlone(app);
      requireSound(database, databasePath);
      const kept = isEmpty(database) ? null : join(folder, `${name}-before-restore-${stamp}.db`);
      if (kept !== null) copyWhole(database, kept);
      // Page by page through SQLite's locks: who reads meanwhile sees the old or the new one, never a mixture.
      const source = openDatabase(prepared);
      await source.backup(databasePath).finally(() => source.close());
      return kept;
    } finally {
      app.close();
    }
  } catch (error) {
    if (!isDamage(error)) throw error;
    // Of a damaged ledger nobody can ask whether a daemon runs.
    const other = openElsewhere(realpathSync(databasePath));
    if (other !== undefined) {
      throw new BackupError(`process ${other} has ${databasePath} open; stop it first: ${commandLine('daemon stop')}`);
    }
    const kept = join(folder, `${name}-damaged-${stamp}.db`);
    for (const suffix of ['', '-wal', '-shm']) {
      if (existsSync(`${databasePath}${suffix}`)) renameSync(`${databasePath}${suffix}`, `${kept}${suffix}`);
    }
    renameSync(prepared, databasePath);
    return kept;
  }
}

function isEmpty(database: Database): boolean {
  // A copy of an earlier version has fewer tables.
  const tables = database
    .prepare("select name from sqlite_master where name in ('closes', 'packed_closes', 'messages')")
    .pluck()
    .all() as string[];
  return tables.every((table) => database.prepare(`select exists (select 1 from ${table})`).pluck().get() === 0);
}
