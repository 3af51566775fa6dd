import type { Ledger } from '../../../src/store/ledger.ts';
import type { Database } from '../../../src/store/sqlite/database.ts';
import { createSqliteLedger } from '../../../src/store/sqlite/ledger.ts';
import { openFile } from '../stores.ts';

/** A ledger, and the file that it is in. */
export function newLedger(): { ledger: Ledger; database: Database; path: string } {
  const { database, path } = openFile();
  return { ledger: createSqliteLedger(database), database, path };
}
