import type Database from 'better-sqlite3';
import { OtherSourceError } from '../errors.ts';
import { prepared } from './prepared.ts';

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
