import { statfs } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';
import { createChannels } from '../channel/channels.ts';
import { createCboeWitness } from '../market/cboe.ts';
import { createCsvSource } from '../market/csv.ts';
import type { Source } from '../market/source.ts';
import type { Witness } from '../market/witness.ts';
import { createYahooSource } from '../market/yahoo.ts';
import { cleanWords } from '../settings/clean-words.ts';
import type { Settings } from '../settings/settings.ts';
import { configuredExchange, tradesAtWeekends } from '../settings/symbols.ts';
import { createClosesStore } from '../store/sqlite/closes.ts';
import { openDatabase } from '../store/sqlite/database.ts';
import { refuseOtherSource } from '../store/sqlite/facts.ts';
import { acknowledgeLedger, isLedgerLost } from '../store/sqlite/known-ledger.ts';
import { createSqliteLedger } from '../store/sqlite/ledger.ts';
import { closeToOthers } from '../store/sqlite/rights.ts';
import type { App } from './app.ts';

/** What tests and the demo replace. */
export interface Runtime {
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<void>;
  readonly random: () => number;
  readonly progress: (line: string) => void;
  readonly stopping?: AbortSignal;
  readonly freeBytes?: (path: string) => Promise<number>;
  readonly source?: Source;
  /** How long a service may take for one answer, in milliseconds; by default each one's own. */
  readonly timeout?: number;
  readonly draw?: App['draw'];
  /** Takes whatever database is there, or none: it is about to be replaced. */
  readonly anyLedger?: boolean;
}

const YAHOO_TIMEOUT = 15_000;
/** An alert waits for it. */
const WITNESS_TIMEOUT = 5_000;
const YAHOO_PATIENCE = { attempts: 3, firstDelay: 1_000, maxDelay: 10_000 };

/** The real clock, sleep and chance; progress goes to `progress`. A sleep ends early when the process is to stop. */
export function realRuntime(
  progress: (line: string) => void,
  stopping: AbortSignal = new AbortController().signal,
): Runtime {
  return {
    now: Date.now,
    sleep: (ms) => setTimeout(ms, undefined, { signal: stopping }).catch(() => undefined),
    random: Math.random,
    progress,
    stopping,
  };
}

async function freeBytes(path: string): Promise<number> {
  const { bavail, bsize } = await statfs(path);
  return bavail * bsize;
}

/**
 * Opens the database and puts everything together.
 * @throws {DatabaseError} where the database cannot be used, or holds closes of another source
 */
export function openApp(settings: Settings, runtime: Runtime): App {
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
  const clean = (text: string) => cleanWords(text, settings.secrets);
  return {
    settings,
    database,
    closes,
    ledger: createSqliteLedger(database),
    source: runtime.source ?? createSource(settings, { ...runtime, stopping }),
    witness: createWitness(settings, { ...runtime, stopping }),
    channels: createChannels(settings, runtime.timeout, now),
    now,
    sleep,
    progress,
    stopping,
    freeBytes: runtime.freeBytes ?? freeBytes,
    clean,
    draw:
      runtime.draw ??
      (async (message) => {
        const { drawPictures } = await import('./pictures.ts');
        return drawPictures({ settings, closes, progress, clean }, message);
      }),
    close: () => database.close(),
  };
}

/** The source that is set up. */
export function createSource(
  settings: Settings,
  { sleep, random, stopping, timeout = YAHOO_TIMEOUT }: Pick<Runtime, 'sleep' | 'random' | 'stopping' | 'timeout'>,
): Source {
  const { source } = settings;
  if (source.name === 'csv') {
    return createCsvSource(
      source.folder,
      (symbol) => configuredExchange(settings, symbol),
      (symbol) => tradesAtWeekends(settings, symbol),
    );
  }
  if (source.name === 'yahoo') {
    return createYahooSource({
      url: source.url,
      userAgent: source.userAgent,
      timeout,
      patience: { ...YAHOO_PATIENCE, sleep, random },
      ...(stopping === undefined ? {} : { stopping }),
    });
  }
  throw new TypeError(`the source '${source.name}' has to be handed in`);
}

/** The second source that is set up; undefined where none is. */
export function createWitness(
  { witness }: Pick<Settings, 'witness'>,
  { stopping, timeout = WITNESS_TIMEOUT }: Pick<Runtime, 'stopping' | 'timeout'>,
): Witness | undefined {
  if (witness === undefined) return undefined;
  return createCboeWitness({ url: witness.url, timeout, ...(stopping === undefined ? {} : { stopping }) });
}
