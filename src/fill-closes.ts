import { withLease } from './lease.ts';
import { readClosesOf, readClosesOfAll } from './read-closes.ts';
import { watchedSymbols } from './settings.ts';
import type { Signal } from './signal/signal.ts';
import type { World } from './world.ts';

/**
 * Reads the closes that a question about a signal needs, so that it can be asked of an empty database. What is watched is
 * read here where it is not stored at all; what is not watched, where the newest session is missing too.
 * @returns what did not work, a line each
 */
export async function fillCloses(world: World, { index, benchmark }: Signal): Promise<readonly string[]> {
  const { closes, settings, now } = world;
  const watched = watchedSymbols(settings);
  const symbols = [...new Set([index, benchmark])];
  const empty = symbols.some((symbol) => watched.includes(symbol) && closes.first(symbol) === undefined);
  const lacking = symbols.filter(
    (symbol) =>
      !watched.includes(symbol) && (closes.first(symbol) === undefined || closes.missing(symbol, now()).length > 0),
  );
  if (!empty && lacking.length === 0) return [];
  const reading = await withLease(world, 'study', async () => {
    const { problems } = empty ? await readClosesOfAll(world, false) : { problems: [] };
    return { problems: [...problems, ...(lacking.length === 0 ? [] : (await readClosesOf(world, lacking)).problems)] };
  });
  return 'skipped' in reading ? [reading.skipped] : reading.problems;
}
