import type { App } from '../app/app.ts';
import { type Skipped, withLease } from '../app/lease.ts';
import { roundClose, type Session } from '../market/close.ts';
import { readCsv } from '../market/csv.ts';
import { judge } from '../market/sanity.ts';
import { SourceError } from '../market/source.ts';
import { maxDailyMove, tradesAtWeekends, watchedSymbols } from '../settings/symbols.ts';
import { rememberSource } from './remember-source.ts';

export interface ImportReport {
  readonly symbol: string;
  /** The symbols that some signal uses. */
  readonly watched: readonly string[];
  /** Sessions of the file with a value. */
  readonly rows: number;
  /** Sessions that were not known and are now, held ones included. */
  readonly added: number;
  /** Sessions whose value breaks a rule of sanity, so that it is held. */
  readonly held: readonly Session[];
  /** Sessions that are known with another value, which stays. */
  readonly differences: readonly { readonly session: Session; readonly stored: number; readonly file: number }[];
}

/**
 * Fills the gaps of a symbol from a CSV file. Nothing stored is changed: differences are reported. Imported closes pass
 * the same rules as read ones.
 * @throws {SourceError} where the file cannot be read, has a session that the exchange did not have, or reaches into the
 * future; nothing is stored then
 */
export async function importCloses(
  app: Pick<App, 'settings' | 'closes' | 'ledger' | 'source' | 'now'>,
  symbol: string,
  path: string,
): Promise<ImportReport | Skipped> {
  const { closes, settings, now } = app;
  const exchange = closes.exchange(symbol);
  const today = exchange.date(now());
  const facts = {
    symbol,
    exchange,
    weekends: tradesAtWeekends(settings, symbol),
    known: new Set(closes.known(symbol).map(({ session }) => session)),
  };
  const rows = readCsv(path, '', facts).flatMap(({ session, close }) =>
    close === null || close <= 0 ? [] : [{ session, close }],
  );
  if (rows.length === 0) throw new SourceError(`${path} holds no close above zero`);
  const future = rows.find(({ session }) => session >= today);
  if (future)
    throw new SourceError(`${path}: ${future.session} is not over yet; only closes before ${today} can be imported`);
  return withLease(app, `import ${symbol}`, async () => {
    await rememberSource(app);
    const known = closes.known(symbol);
    const stored = new Map(known.map(({ session, close }) => [session, close]));
    const gaps = rows.filter(({ session }) => (stored.get(session) ?? null) === null);
    const judgement = judge({ symbol, bars: gaps }, known, maxDailyMove(settings, symbol), now(), exchange);
    await closes.store(symbol, judgement);
    return {
      symbol,
      watched: watchedSymbols(settings),
      rows: rows.length,
      added: judgement.changed.filter(({ session }) => !stored.has(session)).length,
      held: judgement.changed.filter(({ close }) => close === null).map(({ session }) => session),
      differences: rows.flatMap(({ session, close }) => {
        const value = stored.get(session) ?? null;
        return value === null || value === roundClose(close)
          ? []
          : [{ session, stored: value, file: roundClose(close) }];
      }),
    };
  });
}
