import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseError } from '../errors.ts';
import type { PostgresAddress } from './address.ts';
import { connectPostgres, type Postgres, type Queries } from './postgres.ts';

const MIGRATIONS = join(import.meta.dirname, 'migrations');
/** Only one process at a time migrates: 'Bell'. */
const MIGRATION_LOCK = 0x42656c6c;
/** The oldest that the statements are written for. */
const OLDEST = 15;

/**
 * Connects to a PostgreSQL and applies the migrations that it has not seen yet.
 * @throws {DatabaseError} where it cannot be reached or used, holds another program's tables, or was written by a newer version
 */
export async function openPostgres(address: PostgresAddress): Promise<Postgres> {
  const postgres = connectPostgres(address);
  try {
    // Whoever starts is told at once.
    await postgres.ping();
    await refuseUnusable(postgres);
    const version = await schemaVersion(postgres);
    if (version !== migrations().length) await postgres.transaction(migrate(address));
    return postgres;
  } catch (error) {
    await postgres.close();
    throw error;
  }
}

async function refuseUnusable({ row, address }: Postgres): Promise<void> {
  const server = await row<{ version: number; readOnly: boolean }>(
    `select current_setting('server_version_num')::integer / 10000 as version,
       pg_is_in_recovery() or current_setting('transaction_read_only')::boolean as "readOnly"`,
  );
  if (server === undefined) return;
  if (server.version < OLDEST) {
    throw new DatabaseError(
      `the database ${address.shown} is PostgreSQL ${server.version}; ${OLDEST} or newer is needed`,
    );
  }
  if (server.readOnly) {
    throw new DatabaseError(`the database ${address.shown} is a read-only replica; point DATABASE_URL to the primary`);
  }
}

/** @returns how many migrations were applied; undefined where there are no tables of ours */
async function schemaVersion({ row }: Queries): Promise<number | undefined> {
  // Not by its name alone: a connection remembers that there was none, and does not hear that another one has made it.
  const there = await row(
    "select 1 from pg_tables where schemaname = current_schema() and tablename = 'breakout_bell'",
  );
  if (there === undefined) return undefined;
  const found = await row<{ version: number }>('select schema_version as version from breakout_bell');
  return found?.version ?? 0;
}

function migrate({ shown }: PostgresAddress) {
  return async (queries: Queries): Promise<void> => {
    await queries.rows('select pg_advisory_xact_lock($1)', MIGRATION_LOCK);
    // Read again inside the lock: another process may have migrated meanwhile.
    const version = await schemaVersion(queries);
    const files = migrations();
    if (version === undefined) await refuseForeign(queries, shown);
    if (version !== undefined && version > files.length) {
      throw new DatabaseError(
        `the database ${shown} was written by a newer version (schema ${version}, this one knows ${files.length}); update Breakout Bell`,
      );
    }
    for (const file of files.slice(version ?? 0)) await queries.rows(readFileSync(join(MIGRATIONS, file), 'utf8'));
    await queries.rows('delete from breakout_bell');
    await queries.rows('insert into breakout_bell values ($1)', files.length);
  };
}

async function refuseForeign({ row }: Queries, shown: string): Promise<void> {
  const found = await row<{ name: string }>(
    'select tablename as name from pg_tables where schemaname = current_schema() order by tablename limit 1',
  );
  if (found === undefined) return;
  throw new DatabaseError(
    `the database ${shown} belongs to another program (it has a table ${found.name}); point DATABASE_URL to an empty one`,
  );
}

/** The migrations in their order; the schema's version is how many of them were applied. */
function migrations(): string[] {
  return readdirSync(MIGRATIONS)
    .filter((name) => name.endsWith('.sql'))
    .sort();
}
