import { withLease } from './lease.ts';
import { readClosesOfAll } from './read-closes.ts';
import type { Signal } from './signal/signal.ts';
import type { World } from './world.ts';

/**
 * Reads the closes that a question about a signal needs and that are not stored at all, so that it can be asked of an
 * empty database.
 * @returns what did not work, a line each
 */
export async function fillCloses(world: World, { index, benchmark }: Signal): Promise<readonly string[]> {
  if ([index, benchmark].every((symbol) => world.closes.first(symbol) !== undefined)) return [];
  const reading = await withLease(world, 'study', () => readClosesOfAll(world, false));
  return 'skipped' in reading ? [reading.skipped] : reading.problems;
}
