import type { App } from '../../src/app/app.ts';
import type { Database } from '../../src/store/sqlite/database.ts';

/** The SQLite file of an app that has one. */
export function fileOf({ database }: Pick<App, 'database'>): Database {
  if (database === undefined) throw new Error('this app has no SQLite file');
  return database;
}
