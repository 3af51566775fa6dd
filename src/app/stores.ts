import type { Settings } from '../settings/settings.ts';
import { configuredExchange } from '../settings/symbols.ts';
import { OtherSourceError } from '../store/errors.ts';
import type { PostgresAddress } from '../store/postgres/address.ts';
import { createClosesStore } from '../store/sqlite/closes.ts';
import { openDatabase } from '../store/sqlite/database.ts';
import { refuseOtherSource } from '../store/sqlite/facts.ts';
import { acknowledgeLedger, isLedgerLost, refuseMoved } from '../store/sqlite/known-ledger.ts';
import { createSqliteLedger } from '../store/sqlite/ledger.ts';
import { closeToOthers } from '../store/sqlite/rights.ts';
import type { App } from './app.ts';
import type { Runtime } from './runtime.ts';

type Stores = Pick<App, 'database' | 'closes' | 'ledger' | 'close'>;

/**
 * Opens what is stored: a SQLite file, or a PostgreSQL where one is set up.
 * @throws {DatabaseError} where it cannot be used, or holds closes of another source
 */
export async function openStores(settings: Settings, runtime: Runtime): Promise<Stores> {
  const { postgres } = settings;
  return postgres === undefined ? openFile(settings, runtime) : openServer(postgres, settings, runtime);
}

function openFile(settings: Settings, runtime: Runtime): Stores {
  const { databasePath } = settings;
  const { anyLedger = false } = runtime;
  if (!anyLedger) refuseMoved(databasePath);
  const lost = !anyLedger && isLedgerLost(databasePath);
  // Before it is opened: SQLite gives its log the rights of the database.
  const open = closeToOthers(settings);
  const database = openDatabase(databasePath);
  try {
    refuseOtherSource(database, settings.source.name, databasePath);
    const other = anyLedger ? undefined : acknowledgeLedger(database, databasePath, lost, runtime.now());
    if (other !== undefined) runtime.progress(other);
    open.forEach(runtime.progress);
  } catch (error) {
    database.close();
    throw error;
  }
  return {
    database,
    closes: createClosesStore(database, (symbol) => configuredExchange(settings, symbol)),
    ledger: createSqliteLedger(database),
    close: () => database.close(),
  };
}

async function openServer(address: PostgresAddress, settings: Settings, runtime: Runtime): Promise<Stores> {
  closeToOthers(settings).forEach(runtime.progress);
  const { openPostgresStores } = await import('../store/postgres/stores.ts');
  const exchangeOf = (symbol: string) => configuredExchange(settings, symbol);
  const stores = await openPostgresStores(address, exchangeOf, runtime.progress);
  const known = stores.closes.noted('source');
  if (known === undefined || known === settings.source.name) return { database: undefined, ...stores };
  stores.close();
  throw new OtherSourceError(settings, known, settings.source.name);
}
