import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { App } from '../app/app.ts';
import { newYorkDate } from '../market/new-york.ts';
import { addDays } from '../market/session.ts';
import { BackupError, copies, copyWhole, IN_POSTGRES, placeOf } from './copies.ts';

/** Copies that are kept, the newest ones. */
const KEPT = 4;
const EVERY_DAYS = 7;

/**
 * Copies the database, as it is at one moment, to `backups/` beside it, checks the copy and keeps the last 4. A second
 * copy on one New York date takes the place of the first.
 * @returns the path of the copy
 * @throws {BackupError}
 */
export function backup({ database, settings, now }: Pick<App, 'settings' | 'database' | 'now'>): string {
  if (database === undefined) throw new BackupError(IN_POSTGRES);
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
export function isBackupDue({
  database,
  settings,
  closes,
  now,
}: Pick<App, 'settings' | 'database' | 'closes' | 'now'>): boolean {
  if (database === undefined) return false;
  if (settings.signals.every(({ index }) => closes.first(index) === undefined)) return false;
  const today = newYorkDate(now());
  const newest = copies(settings, today).find(({ date }) => date <= today)?.date;
  return newest === undefined || addDays(newest, EVERY_DAYS) <= today;
}
