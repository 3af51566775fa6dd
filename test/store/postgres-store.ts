import { onTestFinished } from 'vitest';
import { readPostgres } from '../../src/settings/postgres-settings.ts';
import { createPostgresCloses } from '../../src/store/postgres/closes.ts';
import { createPostgresLedger } from '../../src/store/postgres/ledger.ts';
import { openPostgres } from '../../src/store/postgres/open.ts';
import type { Postgres } from '../../src/store/postgres/postgres.ts';
import { newDatabase } from '../support/postgres.ts';
import type { Store } from './store.ts';

/** A PostgreSQL, opened until the test ends. */
export async function openServer(url: string): Promise<Postgres> {
  const address = readPostgres({ DATABASE_URL: url }, '');
  if (address === undefined) throw new TypeError('it is not empty');
  const postgres = await openPostgres(address);
  onTestFinished(() => postgres.close());
  return postgres;
}

/** The same as SQLite's, with connections of its own for each that is opened. */
export const POSTGRES: Store = {
  name: 'PostgreSQL',
  openLedger: async () => {
    const { url } = await newDatabase();
    const again = async () => (await createPostgresLedger(await openServer(url))).ledger;
    return { ledger: await again(), again };
  },
  openCloses: async () => {
    const { url } = await newDatabase();
    const again = async () => createPostgresCloses((await createPostgresLedger(await openServer(url))).opened);
    return { closes: await again(), again };
  },
};
