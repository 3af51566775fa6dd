import type { Database, Statement } from 'better-sqlite3';

const statements = new WeakMap<Database, Map<string, Statement>>();

/** The statement of a text, prepared once for each database: that takes longer than most of them run. */
export function prepared(database: Database, sql: string): Statement {
  const known = statements.get(database) ?? new Map<string, Statement>();
  statements.set(database, known);
  const statement = known.get(sql) ?? database.prepare(sql);
  known.set(sql, statement);
  return statement;
}

/** What an aggregate of no rows says, without its null. */
export function orUndefined<T>(value: unknown): T | undefined {
  return value === null ? undefined : (value as T | undefined);
}
