import type { App } from '../app/app.ts';
import { withLease } from '../app/lease.ts';
import { watchedSymbols } from '../settings/symbols.ts';
import type { Signal } from '../signal/signal.ts';
import { readClosesOf, readClosesOfAll } from './read.ts';

/**
 * Reads the closes that a question about a signal needs, so that it can be asked of an empty database. What is watched is
 * read here where it is not stored at all; what is not watched, where the newest session is missing too.
 * @returns what did not work, a line each
 */
export async function fillCloses(app: App, { index, benchmark }: Signal): Promise<readonly string[]> {
  return fillSymbols(app, [index, benchmark]);
}

/** The same for some symbols. */
export async function fillSymbols(app: App, wanted: readonly string[]): Promise<readonly string[]> {
  const { closes, settings, now } = app;
  const watched = watchedSymbols(settings);
  const symbols = [...new Set(wanted)];
  const empty = symbols.some((symbol) => watched.includes(symbol) && closes.first(symbol) === undefined);
  const lacking = symbols.filter(
    (symbol) =>
      !watched.includes(symbol) && (closes.first(symbol) === undefined || closes.missing(symbol, now()).length > 0),
  );
  if (!empty && lacking.length === 0) return [];
  const reading = await withLease(app, 'study', async () => {
    const { problems } = empty ? await readClosesOfAll(app) : { problems: [] };
    return { problems: [...problems, ...(lacking.length === 0 ? [] : (await readClosesOf(app, lacking)).problems)] };
  });
  return 'skipped' in reading ? [reading.skipped] : reading.problems;
}
