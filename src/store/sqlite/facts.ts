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
  throw new OtherSourceError({ databasePath: path, postgres: undefined }, known, source);
}

/** The source whose closes the database holds; undefined before the first reading. */
export function rememberedSource(database: Database): string | undefined {
  return factOf(database, 'source');
}

/** A single value by name; undefined: none is noted. */
export function factOf(database: Database, name: string): string | undefined {
  return prepared(database, 'select value from facts where name = ?').pluck().get(name) as string | undefined;
}

/** @param value null: none any more. @returns false where it was that already */
export function noteFact(database: Database, name: string, value: string | null): boolean {
  if (value === null) return prepared(database, 'delete from facts where name = ?').run(name).changes === 1;
  const sql =
    'insert into facts (name, value) values (?, ?) on conflict (name) do update set value = excluded.value where value <> excluded.value';
  return prepared(database, sql).run(name, value).changes === 1;
}

/** Notes a value where none is noted. @returns the one that is noted from now on */
export function keepFact(database: Database, name: string, value: string): string {
  prepared(database, 'insert into facts (name, value) values (?, ?) on conflict (name) do nothing').run(name, value);
  return factOf(database, name) ?? value;
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
  const text = factOf(database, 'channels');
  return text === undefined ? [] : (JSON.parse(text) as string[]);
}

export function noteChannels(database: Database, ids: readonly string[]): void {
  noteFact(database, 'channels', JSON.stringify(ids));
}
