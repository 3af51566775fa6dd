import { existsSync, mkdirSync, readdirSync, readlinkSync, realpathSync, renameSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, extname, join, resolve } from 'node:path';
import type { App } from '../app/app.ts';
import { isDead, runningDaemon, thisProcess } from '../app/lease.ts';
import { openApp, type Runtime } from '../app/open.ts';
import type { Session } from '../market/close.ts';
import { newYorkDate } from '../market/new-york.ts';
import { addDays, isDate } from '../market/session.ts';
import type { Settings } from '../settings/settings.ts';
import { DatabaseError } from '../store/errors.ts';
import { type Database, openCopy, openDatabase } from '../store/sqlite/database.ts';
import { refuseOtherSource } from '../store/sqlite/facts.ts';
import { knownLedgerPath } from '../store/sqlite/known-ledger.ts';
import { markRestored } from '../store/sqlite/restored.ts';

/** Copies that are kept, the newest ones. */
const KEPT = 4;
const EVERY_DAYS = 7;

/** A copy of the database could not be made or put back: says why and what to do. */
class BackupError extends Error {
  override name = 'BackupError';
}

/**
 * Copies the database, as it is at one moment, to `backups/` beside it, checks the copy and keeps the last 4. A second
 * copy on one New York date takes the place of the first.
 * @returns the path of the copy
 * @throws {BackupError}
 */
export function backup({ database, settings, now }: Pick<App, 'settings' | 'database' | 'now'>): string {
  const { folder, name } = placeOf(settings);
  const path = join(folder, `${name}-${newYorkDate(now())}.db`);
  try {
    mkdirSync(folder, { recursive: true });
    copyWhole(database, path);
    for (const { file } of copies(settings, newYorkDate(now())).slice(KEPT)) rmSync(join(folder, file));
  } catch (error) {
    throw new BackupError(`${path} could not be written: ${(error as Error).message}`, { cause: error });
  }
  return path;
}

/** True when there is something to copy and the newest copy is a week old. */
export function isBackupDue({ settings, closes, now }: Pick<App, 'settings' | 'closes' | 'now'>): boolean {
  if (settings.signals.every(({ index }) => closes.first(index) === undefined)) return false;
  const today = newYorkDate(now());
  const newest = copies(settings, today).find(({ date }) => date <= today)?.date;
  return newest === undefined || addDays(newest, EVERY_DAYS) <= today;
}

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
    const app = openApp(settings, { ...runtime, anyLedger: true });
    try {
      await refuseBusy(app);
      requireSound(app.database, databasePath);
      const kept = isEmpty(app.database) ? null : join(folder, `${name}-before-restore-${stamp}.db`);
      if (kept !== null) copyWhole(app.database, kept);
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
    const other = holderOf(realpathSync(databasePath));
    if (other !== undefined) {
      throw new BackupError(`process ${other} has ${databasePath} open; stop it first: npm run daemon:stop`);
    }
    const kept = join(folder, `${name}-damaged-${stamp}.db`);
    for (const suffix of ['', '-wal', '-shm']) {
      if (existsSync(`${databasePath}${suffix}`)) renameSync(`${databasePath}${suffix}`, `${kept}${suffix}`);
    }
    renameSync(prepared, databasePath);
    return kept;
  }
}

async function refuseBusy(app: Pick<App, 'ledger' | 'now'>): Promise<void> {
  const daemon = await runningDaemon(app);
  if (daemon !== undefined) {
    throw new BackupError(
      `the daemon is running (process ${daemon.pid} on ${daemon.host}); stop it first: npm run daemon:stop, or Ctrl-C where npm start runs`,
    );
  }
  const other = await app.ledger.takeLease(thisProcess(), app.now(), isDead);
  if (other !== undefined) {
    throw new BackupError(`a check is running (process ${other.pid} on ${other.host}); try again when it has ended`);
  }
}

/** The pid of another process that has a file open, where /proc tells it; undefined: none, or not known. */
function holderOf(path: string): number | undefined {
  const pids = existsSync('/proc/self/fd') ? readdirSync('/proc').filter((name) => /^\d+$/.test(name)) : [];
  return pids.map(Number).find((pid) => pid !== process.pid && hasOpen(pid, path));
}

function hasOpen(pid: number, path: string): boolean {
  try {
    return readdirSync(`/proc/${pid}/fd`).some((fd) => readlinkOf(`/proc/${pid}/fd/${fd}`) === path);
  } catch {
    return false; // It has ended meanwhile, or belongs to somebody else.
  }
}

function readlinkOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}

/** Writes a checked copy under another name first: at `path` there is a whole copy or none. */
function copyWhole(database: Database, path: string): void {
  const unfinished = `${path}.tmp`;
  try {
    rmSync(unfinished, { force: true });
    database.prepare('vacuum into ?').run(unfinished);
    const copy = openCopy(unfinished);
    try {
      requireSound(copy, unfinished);
    } finally {
      copy.close();
    }
    renameSync(unfinished, path);
  } finally {
    rmSync(unfinished, { force: true });
  }
}

/** A database whose pages do not fit together. */
class DamagedError extends DatabaseError {
  override name = 'DamagedError';
}

function requireSound(database: Database, path: string): void {
  const health = database.pragma('integrity_check(1)', { simple: true });
  if (health !== 'ok') throw new DamagedError(`${path} is damaged: ${String(health).split('\n')[0]}; use another copy`);
}

function isDamage(error: unknown): boolean {
  const { code = '' } = ((error as Error).cause ?? error) as { code?: string };
  return error instanceof DamagedError || /^SQLITE_(CORRUPT|NOTADB)/.test(code);
}

function isEmpty(database: Database): boolean {
  // A copy of an earlier version has fewer tables.
  const tables = database
    .prepare("select name from sqlite_master where name in ('closes', 'packed_closes', 'messages')")
    .pluck()
    .all() as string[];
  return tables.every((table) => database.prepare(`select exists (select 1 from ${table})`).pluck().get() === 0);
}

/** The copies by date, the newest first; those from the future, which a wrong clock has made, after all others. */
function copies(settings: Settings, today: Session): { readonly file: string; readonly date: string }[] {
  const { folder, name } = placeOf(settings);
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return [];
  return readdirSync(folder)
    .map((file) => ({ file, date: file.slice(name.length + 1, -'.db'.length) }))
    .filter(({ file, date }) => file === `${name}-${date}.db` && isDate(date))
    .sort((a, b) => Number(a.date > today) - Number(b.date > today) || (a.date < b.date ? 1 : -1));
}

function placeOf({ databasePath }: Settings): { readonly folder: string; readonly name: string } {
  return { folder: join(dirname(databasePath), 'backups'), name: basename(databasePath, extname(databasePath)) };
}
