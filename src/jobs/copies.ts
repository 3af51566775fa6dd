import { readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, extname, join } from 'node:path';
import type { Session } from '../market/close.ts';
import { isDate } from '../market/session.ts';
import type { Settings } from '../settings/settings.ts';
import { type Database, openCopy } from '../store/sqlite/database.ts';
import { requireSound } from '../store/sqlite/soundness.ts';

/** A copy of the database could not be made or put back, or the database not be moved: says why and what to do. */
export class BackupError extends Error {
  override name = 'BackupError';
}

/** Said where there is no file to copy. */
export const IN_POSTGRES =
  'the ledger is in PostgreSQL (DATABASE_URL): copy it with pg_dump, and restore a copy with pg_restore into a new database; see docs/two-machines.md';

/** Writes a checked copy under another name first: at `path` there is a whole copy or none. */
export function copyWhole(database: Database, path: string): void {
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

/** The copies by date, the newest first; those from the future, which a wrong clock has made, after all others. */
export function copies(settings: Settings, today: Session): { readonly file: string; readonly date: string }[] {
  const { folder, name } = placeOf(settings);
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return [];
  return readdirSync(folder)
    .map((file) => ({ file, date: file.slice(name.length + 1, -'.db'.length) }))
    .filter(({ file, date }) => file === `${name}-${date}.db` && isDate(date))
    .sort((a, b) => Number(a.date > today) - Number(b.date > today) || (a.date < b.date ? 1 : -1));
}

/** The folder of the copies, and how their names begin. */
export function placeOf({ databasePath }: Settings): { readonly folder: string; readonly name: string } {
  return { folder: join(dirname(databasePath), 'backups'), name: basename(databasePath, extname(databasePath)) };
}
