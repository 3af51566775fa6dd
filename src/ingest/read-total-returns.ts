import type { App } from '../app/app.ts';
import { newYorkDate } from '../market/new-york.ts';
import { SourceError } from '../market/source.ts';
import { totalReturnSymbol } from '../settings/symbols.ts';
import { readSymbol } from './read-symbol.ts';

/**
 * The benchmarks with dividends, which nothing is decided by: not every source has them, so one that cannot be read is no
 * problem. A service is asked for one that is not stored once a day only.
 */
export async function readTotalReturns(
  app: Pick<App, 'settings' | 'closes' | 'source' | 'now' | 'host'>,
): Promise<void> {
  const { settings, source, closes, now } = app;
  const benchmarks = new Set(settings.signals.map(({ benchmark }) => benchmark));
  for (const symbol of [...benchmarks].flatMap((benchmark) => totalReturnSymbol(settings, benchmark) ?? [])) {
    const first = source.needsNetwork && closes.first(symbol) === undefined;
    if (first && !(await closes.note(`asked ${symbol}`, newYorkDate(now())))) continue;
    try {
      await readSymbol({ ...app, host: { ...app.host, progress: () => {} } }, symbol);
    } catch (error) {
      if (!(error instanceof SourceError)) throw error;
    }
  }
}
