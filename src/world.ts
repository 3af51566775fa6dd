import { statfs } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';
import type { Channel } from './channel/channel.ts';
import { createChannels } from './channel/channels.ts';
import { createCboeWitness } from './market/cboe.ts';
import { createCsvSource } from './market/csv.ts';
import type { Source } from './market/source.ts';
import type { Witness } from './market/witness.ts';
import { createYahooSource } from './market/yahoo.ts';
import type { Message, Picture } from './message/message.ts';
import { cleanWords, configuredExchange, type Settings, tradesAtWeekends } from './settings.ts';
import { type ClosesStore, createClosesStore } from './store/closes.ts';
import { type Database, openDatabase, refuseOtherSource } from './store/database.ts';
import { acknowledgeLedger, isLedgerLost } from './store/known-ledger.ts';
import type { Ledger } from './store/ledger.ts';
import { closeToOthers } from './store/rights.ts';
import { createSqliteLedger } from './store/sqlite-ledger.ts';

/** Everything that a command works with. Clock, randomness and network come in here and nowhere else. */
export interface World {
  readonly settings: Settings;
  readonly database: Database;
  readonly closes: ClosesStore;
  readonly ledger: Ledger;
  readonly source: Source;
  /** Asked where much hangs on one close; undefined: no second source is set up. */
  readonly witness: Witness | undefined;
  readonly channels: readonly Channel[];
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<void>;
  /** Tells a person what takes a while. */
  readonly progress: (line: string) => void;
  /** Aborted once the process is told to stop: nothing new is begun. */
  readonly stopping: AbortSignal;
  /** Bytes that are free where a file or folder lies. */
  readonly freeBytes: (path: string) => Promise<number>;
  /** Takes the secrets out of a text. */
  readonly clean: (text: string) => string;
  /** Draws the pictures beside a message; undefined where they cannot be drawn. */
  readonly draw: (message: Message) => Promise<readonly Picture[] | undefined>;
  close(): void;
}

/** What tests and the demo replace. */
export interface Surroundings {
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<void>;
  readonly random: () => number;
  readonly progress: (line: string) => void;
  readonly stopping?: AbortSignal;
  readonly freeBytes?: (path: string) => Promise<number>;
  readonly source?: Source;
  /** How long a service may take for one answer, in milliseconds; by default each one's own. */
  readonly timeout?: number;
  readonly draw?: World['draw'];
  /** Takes whatever database is there, or none: it is about to be replaced. */
  readonly anyLedger?: boolean;
}

const YAHOO_TIMEOUT = 15_000;
/** An alert waits for it. */
const WITNESS_TIMEOUT = 5_000;
const YAHOO_PATIENCE = { attempts: 3, firstDelay: 1_000, maxDelay: 10_000 };

/** The real clock, sleep and chance; progress goes to `progress`. A sleep ends early when the process is to stop. */
export function realSurroundings(
  progress: (line: string) => void,
  stopping: AbortSignal = new AbortController().signal,
): Surroundings {
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
export function openWorld(settings: Settings, surroundings: Surroundings): World {
  const { databasePath } = settings;
  const { anyLedger = false } = surroundings;
  const lost = !anyLedger && isLedgerLost(databasePath);
  // Before it is opened: SQLite gives its log the rights of the database.
  const open = closeToOthers(settings);
  const database = openDatabase(databasePath);
  try {
    refuseOtherSource(database, settings.source.name, databasePath);
    const other = anyLedger ? undefined : acknowledgeLedger(database, databasePath, lost, surroundings.now());
    if (other !== undefined) surroundings.progress(other);
    open.forEach(surroundings.progress);
  } catch (error) {
    database.close();
    throw error;
  }
  const { now, sleep, progress, stopping = new AbortController().signal } = surroundings;
  const closes = createClosesStore(database, (symbol) => configuredExchange(settings, symbol));
  const clean = (text: string) => cleanWords(text, settings.secrets);
  return {
    settings,
    database,
    closes,
    ledger: createSqliteLedger(database),
    source: surroundings.source ?? createSource(settings, { ...surroundings, stopping }),
    witness: createWitness(settings, { ...surroundings, stopping }),
    channels: createChannels(settings, surroundings.timeout, now),
    now,
    sleep,
    progress,
    stopping,
    freeBytes: surroundings.freeBytes ?? freeBytes,
    clean,
    draw:
      surroundings.draw ??
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
  { sleep, random, stopping, timeout = YAHOO_TIMEOUT }: Pick<Surroundings, 'sleep' | 'random' | 'stopping' | 'timeout'>,
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
  { stopping, timeout = WITNESS_TIMEOUT }: Pick<Surroundings, 'stopping' | 'timeout'>,
): Witness | undefined {
  if (witness === undefined) return undefined;
  return createCboeWitness({ url: witness.url, timeout, ...(stopping === undefined ? {} : { stopping }) });
}
