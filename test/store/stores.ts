import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { createClosesStore } from '../../src/store/sqlite/closes.ts';
import { type Database, openDatabase } from '../../src/store/sqlite/database.ts';
import { createSqliteLedger } from '../../src/store/sqlite/ledger.ts';
import { NO_POSTGRES } from '../support/postgres.ts';
import { temporaryFolder } from '../support/temporary.ts';
import { POSTGRES } from './postgres-store.ts';
import type { Store } from './store.ts';

/** A SQLite file, opened until the test ends. @param path a new one by default */
export function openFile(path = join(temporaryFolder(), 'market.db')): { path: string; database: Database } {
  const database = openDatabase(path);
  onTestFinished(() => void database.close());
  return { path, database };
}

export const SQLITE: Store = {
  name: 'SQLite',
  openLedger: async () => {
    const { path, database } = openFile();
    return { ledger: createSqliteLedger(database), again: async () => createSqliteLedger(openFile(path).database) };
  },
  openCloses: async () => {
    const { path, database } = openFile();
    return { closes: createClosesStore(database), again: async () => createClosesStore(openFile(path).database) };
  },
};

/** All of them; where no PostgreSQL can be had, test/support/postgres.test.ts says so. */
export const STORES: readonly Store[] = NO_POSTGRES === undefined ? [SQLITE, POSTGRES] : [SQLITE];
