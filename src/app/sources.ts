import type { Source } from '../market/source.ts';
import type { Witness } from '../market/witness.ts';
import type { Settings } from '../settings/settings.ts';
import { configuredExchange, tradesAtWeekends } from '../settings/symbols.ts';
import type { Runtime } from './runtime.ts';

const YAHOO_TIMEOUT = 15_000;
/** An alert waits for it. */
const WITNESS_TIMEOUT = 5_000;
const YAHOO_PATIENCE = { attempts: 3, firstDelay: 1_000, maxDelay: 10_000 };

/** The source that is set up; the others are not even loaded. */
export async function createSource(
  settings: Settings,
  { sleep, random, stopping, timeout = YAHOO_TIMEOUT }: Pick<Runtime, 'sleep' | 'random' | 'stopping' | 'timeout'>,
): Promise<Source> {
  const { source } = settings;
  if (source.name === 'csv') {
    const { createCsvSource } = await import('../market/csv.ts');
    return createCsvSource(
      source.folder,
      (symbol) => configuredExchange(settings, symbol),
      (symbol) => tradesAtWeekends(settings, symbol),
      settings.configFiles.signals,
    );
  }
  if (source.name === 'yahoo') {
    const { createYahooSource } = await import('../market/yahoo.ts');
    return createYahooSource({
      url: source.url,
      userAgent: source.userAgent,
      symbolsFile: settings.configFiles.signals,
      timeout,
      patience: { ...YAHOO_PATIENCE, sleep, random },
      ...(stopping === undefined ? {} : { stopping }),
    });
  }
  throw new TypeError(`the source '${source.name}' has to be handed in`);
}

/** The second source that is set up; undefined where none is. */
export async function createWitness(
  { witness }: Pick<Settings, 'witness'>,
  { stopping, timeout = WITNESS_TIMEOUT }: Pick<Runtime, 'stopping' | 'timeout'>,
): Promise<Witness | undefined> {
  if (witness === undefined) return undefined;
  const { createCboeWitness } = await import('../market/cboe.ts');
  return createCboeWitness({ url: witness.url, timeout, ...(stopping === undefined ? {} : { stopping }) });
}
