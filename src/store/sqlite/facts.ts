import { OtherSourceError } from '../errors.ts';
import type { Database } from './database.ts';
import { prepared } from './prepared.ts';

/**
 * Refuses a source other than the one whose closes the database holds: two sources would mix into a false record.
 * @throws {OtherSourceError}
 */
export function refuseOtherSource(database: Database, source: string, path: string): void {
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
export function rememberSource(database: Database, source: string, path: string): void {
  prepared(database, "insert or ignore into facts (name, value) values ('source', ?)").run(source);
  refuseOtherSource(database, source, path);
}

/** The source whose closes the database holds; undefined before the first reading. */
export function rememberedSource(database: Database): string | undefined {
  return prepared(database, "select value from facts where name = 'source'").pluck().get() as string | undefined;
}

/** True the first time that something is noted on a day. */
export function isFirstToday(database: Database, name: string, today: string): boolean {
  const sql =
    'insert into facts (name, value) values (?, ?) on conflict (name) do update set value = excluded.value where value <> excluded.value';
  return prepared(database, sql).run(name, today).changes === 1;
}

/** Counts what is decided to be told and every attempt to tell it: an older copy has come less far. */
export function countTold(database: Database): void {
  prepared(
    database,
    "insert into facts (name, value) values ('told', '1') on conflict (name) do update set value = cast(value as integer) + 1",
  ).run();
}

/** The channels that the newest run had which had any set up, by id. */
export function channelsBefore(database: Database): readonly string[] {
  const text = prepared(database, "select value from facts where name = 'channels'").pluck().get();
  return typeof text === 'string' ? (JSON.parse(text) as string[]) : [];
}

export function noteChannels(database: Database, ids: readonly string[]): void {
  const note = prepared(database, "insert or replace into facts (name, value) values ('channels', ?)");
  note.run(JSON.stringify(ids));
}
