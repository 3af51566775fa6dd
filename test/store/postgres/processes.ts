import { onTestFinished } from 'vitest';
import { readPostgres } from '../../../src/settings/postgres-settings.ts';
import type { ClosesStore } from '../../../src/store/closes.ts';
import type { Ledger } from '../../../src/store/ledger.ts';
import type { PostgresAddress } from '../../../src/store/postgres/address.ts';
import { createPostgresCloses } from '../../../src/store/postgres/closes.ts';
import type { Opened } from '../../../src/store/postgres/guards.ts';
import { createPostgresLedger } from '../../../src/store/postgres/ledger.ts';
import { openPostgres } from '../../../src/store/postgres/open.ts';
import { connectPostgres, type Postgres } from '../../../src/store/postgres/postgres.ts';
import { inDatabase } from '../../support/postgres-server.ts';

/** What one process of a host has open. */
export interface Process {
  readonly postgres: Postgres;
  readonly ledger: Ledger;
  readonly opened: Opened;
  readonly closes: ClosesStore;
  /** What it has told a person. */
  readonly told: readonly string[];
}

/** An address as DATABASE_URL names it. Loopback is not encrypted unless it says so. */
export function addressOf(url: string): PostgresAddress {
  const address = readPostgres({ DATABASE_URL: url }, '');
  if (address === undefined) throw new TypeError('it is not empty');
  return address;
}

/**
 * Opens ledger and closes with connections of its own, until the test ends. The schema is made where it is missing.
 * @param by another way to the same database
 */
export async function openProcess(url: string, by = (postgres: Postgres) => postgres): Promise<Process> {
  const postgres = await openPostgres(addressOf(url));
  onTestFinished(() => postgres.close());
  const used = by(postgres);
  const told: string[] = [];
  const { ledger, opened } = await createPostgresLedger(used, (line) => told.push(line));
  return { postgres: used, ledger, opened, closes: await createPostgresCloses(opened), told };
}

/** Connections to a database, until the test ends. */
export function connect(url: string, tryForMs?: number): Postgres {
  const postgres = connectPostgres(addressOf(url), tryForMs);
  onTestFinished(() => postgres.close());
  return postgres;
}

/** The first column of the first row that a connection of its own gets. */
export async function one(url: string, sql: string): Promise<unknown> {
  const { rows = [] } = await inDatabase(url, (client) => client.query(sql));
  return Object.values(rows[0] ?? {})[0];
}

/** Waits until a question has the answer that is waited for. */
export async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isSo())) await new Promise((resolve) => setTimeout(resolve, 10));
}

/** Waits until so many questions of a database wait for a lock. */
export function untilWaiting(url: string, count = 1): Promise<void> {
  const sql =
    "select count(*)::int from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'";
  return until(async () => Number(await one(url, sql)) >= count);
}

/** Lets the lease of a run end, as 30 seconds of silence do. */
export async function expire(url: string, name: 'writer' | 'leader' = 'writer'): Promise<void> {
  await one(url, `update lease set expires_at = clock_timestamp() - interval '1 second' where name = '${name}'`);
}
