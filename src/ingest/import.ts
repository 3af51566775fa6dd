import type { App } from '../app/app.ts';
import { type Skipped, withLease } from '../app/lease.ts';
import type { Close, Session } from '../market/close.ts';
import { readCsv } from '../market/csv.ts';
import type { Judgement, KnownClose } from '../market/known-close.ts';
import { precise } from '../market/precision.ts';
import { judge } from '../market/sanity.ts';
import { SourceError } from '../market/source.ts';
import { date } from '../message/format.ts';
import { maxDailyMove, tradesAtWeekends, watchedSymbols } from '../settings/symbols.ts';
import { keptClose } from '../store/decimals.ts';
import type { ImportNote } from '../store/imports.ts';
import { otherThanStored } from './refuse-other.ts';
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
  /** True where nothing was stored, only judged. */
  readonly dryRun: boolean;
}

/** So many of a file's closes have to differ before most of them being different says anything. */
const FEWEST = 2;

/**
 * Fills the gaps of a symbol from a CSV file. Nothing stored is changed: differences are reported. Imported closes pass
 * the same rules as read ones, and the import is noted, so that it can be taken back.
 * @throws {SourceError} where the file cannot be read, has a session that the exchange did not have, reaches into the future,
 * or mostly differs from what is stored; nothing is stored then
 */
export async function importCloses(
  app: Pick<App, 'settings' | 'closes' | 'ledger' | 'source' | 'now' | 'host'>,
  symbol: string,
  path: string,
  { dryRun = false }: { readonly dryRun?: boolean } = {},
): Promise<ImportReport | Skipped> {
  const rows = closesOf(app, symbol, path);
  if (dryRun) return reportOf(app, symbol, rows, judged(app, symbol, path, rows), dryRun);
  return withLease(app, `import ${symbol}`, async () => {
    const { closes, now } = app;
    await rememberSource(app);
    const known = closes.known(symbol);
    const judgement = judged(app, symbol, path, rows);
    const report = reportOf(app, symbol, rows, judgement, dryRun);
    await closes.store(symbol, judgement, noteOf(symbol, path, known, judgement, now()));
    return report;
  });
}

/** The closes of a file, ascending. */
function closesOf({ closes, settings, now }: Pick<App, 'closes' | 'settings' | 'now'>, symbol: string, path: string) {
  const exchange = closes.exchange(symbol);
  const today = exchange.date(now());
  const facts = {
    symbol,
    exchange,
    weekends: tradesAtWeekends(settings, symbol),
    symbolsFile: settings.configFiles.signals,
    known: new Set(closes.known(symbol).map(({ session }) => session)),
  };
  const rows = readCsv(path, '', facts).flatMap(({ session, close }) =>
    close === null || close <= 0 ? [] : [{ session, close }],
  );
  if (rows.length === 0) throw new SourceError(`${path} contains no close above zero`);
  const future = rows.find(({ session }) => session >= today);
  if (future)
    throw new SourceError(
      `${path}: ${date(future.session)} is not over yet; only closes before ${date(today)} can be imported`,
    );
  return rows;
}

/** What becomes of the sessions that have no accepted close. */
function judged(
  app: Pick<App, 'closes' | 'settings' | 'now'>,
  symbol: string,
  path: string,
  rows: readonly Close[],
): Judgement {
  const { closes, settings, now } = app;
  const other = otherThanStored(app, symbol, rows, closes.accepted(symbol), FEWEST);
  if (other !== undefined) {
    throw new SourceError(
      `${path}: ${other}; none of it was stored. If the file is right anyway, keep only the missing sessions in it`,
    );
  }
  const known = closes.known(symbol);
  const stored = storedOf(known);
  const gaps = rows.filter(({ session }) => (stored.get(session) ?? null) === null);
  return judge(
    { symbol, bars: gaps },
    known,
    maxDailyMove(settings, symbol),
    now(),
    closes.exchange(symbol),
    closes.decimals(symbol),
  );
}

function storedOf(known: readonly KnownClose[]): ReadonlyMap<Session, number | null> {
  return new Map(known.map(({ session, close }) => [session, close]));
}

/** @param judgement of what is not stored yet */
function reportOf(
  { closes, settings }: Pick<App, 'closes' | 'settings'>,
  symbol: string,
  rows: readonly Close[],
  judgement: Judgement,
  dryRun: boolean,
): ImportReport {
  const stored = storedOf(closes.known(symbol));
  return {
    symbol,
    watched: watchedSymbols(settings),
    rows: rows.length,
    added: judgement.changed.filter(({ session }) => !stored.has(session)).length,
    held: judgement.changed.filter(({ close }) => close === null).map(({ session }) => session),
    differences: rows.flatMap(({ session, close }) => {
      const value = stored.get(session) ?? null;
      const file = precise(close, closes.decimals(symbol)).close;
      return value === null || value === file ? [] : [{ session, stored: value, file }];
    }),
    dryRun,
  };
}

function noteOf(
  symbol: string,
  file: string,
  known: readonly KnownClose[],
  { changed }: Judgement,
  now: number,
): ImportNote {
  const before = new Map(known.map((row) => [row.session, row]));
  return {
    symbol,
    at: new Date(now).toISOString(),
    file,
    closes: changed.flatMap((row) => {
      const value = keptClose(row) ?? (row.held && keptClose(row.held));
      return value === null ? [] : [{ session: row.session, close: value, before: before.get(row.session) ?? null }];
    }),
    undoneAt: null,
  };
}
