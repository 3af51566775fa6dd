import { judge } from './market/sanity.ts';
import { SourceError } from './market/source.ts';
import { plural } from './message/format.ts';
import { maxDailyMove, watchedSymbols } from './settings.ts';
import { rememberSource } from './store/database.ts';
import type { World } from './world.ts';

/**
 * Reads every symbol from its source, judges and stores it. One symbol that cannot be read stops no other.
 * @returns the symbols that were read, and a line for each that was not
 */
export async function readClosesOfAll(
  world: World,
  offline: boolean,
): Promise<{ fresh: ReadonlySet<string>; problems: string[] }> {
  const { settings, source, closes, database, now, clean } = world;
  const fresh = new Set<string>();
  const problems: string[] = [];
  if (offline && source.needsNetwork) return { fresh, problems };
  rememberSource(database, source.name, settings.databasePath);
  await Promise.all(
    watchedSymbols(settings).map(async (symbol) => {
      const from = closes.readFrom(symbol, now());
      if (from === undefined) world.progress(`${symbol}: reading the whole history, once …`);
      try {
        const reading = await source.read(symbol, from, now());
        const known = closes.known(symbol, reading.bars[0]?.session ?? '9999');
        const judgement = judge(reading, known, maxDailyMove(settings, symbol), now());
        closes.store(symbol, judgement);
        if (from === undefined) world.progress(`${symbol}: ${plural(judgement.changed.length, 'session')} stored`);
        fresh.add(symbol);
      } catch (error) {
        if (!(error instanceof SourceError)) throw error;
        problems.push(clean(error.message));
      }
    }),
  );
  return { fresh, problems };
}
