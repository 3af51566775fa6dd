import { statfs } from 'node:fs/promises';
import { createChannels } from '../channel/channels.ts';
import type { Settings } from '../settings/settings.ts';
import { configuredExchange } from '../settings/symbols.ts';
import { createClosesStore } from '../store/sqlite/closes.ts';
import { openDatabase } from '../store/sqlite/database.ts';
import { refuseOtherSource } from '../store/sqlite/facts.ts';
import { acknowledgeLedger, isLedgerLost } from '../store/sqlite/known-ledger.ts';
import { createSqliteLedger } from '../store/sqlite/ledger.ts';
import { closeToOthers } from '../store/sqlite/rights.ts';
import type { App } from './app.ts';
import type { Runtime } from './runtime.ts';
import { createSource, createWitness } from './sources.ts';

/**
 * Opens the database and puts everything together.
 * @throws {DatabaseError} where the database cannot be used, or holds closes of another source
 */
export async function openApp(settings: Settings, runtime: Runtime): Promise<App> {
  const { databasePath } = settings;
  const { anyLedger = false } = runtime;
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
  const { now, sleep, progress, stopping = new AbortController().signal } = runtime;
  const closes = createClosesStore(database, (symbol) => configuredExchange(settings, symbol));
  const host = { sleep, stopping, progress, freeBytes: runtime.freeBytes ?? freeBytes };
  return {
    settings,
    database,
    closes,
    ledger: createSqliteLedger(database),
    source: runtime.source ?? (await createSource(settings, { ...runtime, stopping })),
    witness: await createWitness(settings, { ...runtime, stopping }),
    channels: await createChannels(settings, runtime.timeout, now),
    now,
    draw:
      runtime.draw ??
      (async (message) => {
        const { drawPictures } = await import('./pictures.ts');
        return drawPictures({ settings, closes, host }, message);
      }),
    host,
    close: () => database.close(),
  };
}

async function freeBytes(path: string): Promise<number> {
  const { bavail, bsize } = await statfs(path);
  return bavail * bsize;
}
