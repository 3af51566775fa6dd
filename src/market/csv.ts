import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import papaparse from 'papaparse';
import { SETTLE_MS } from './calendar.ts';
import type { Close, Session } from './close.ts';
import { type Exchange, NEW_YORK } from './exchange.ts';
import { addDays, isDate } from './session.ts';
import { type Bar, type Source, SourceError } from './source.ts';

/**
 * Closes from a folder of `SYMBOL.csv` files. A row of today counts once its session is over by the calendar, as
 * there is nothing in a file that tells a live value from a close.
 * @param exchangeOf where a symbol trades, which no file tells
 */
export function createCsvSource(folder: string, exchangeOf: (symbol: string) => Exchange = () => NEW_YORK): Source {
  return {
    name: 'csv',
    needsNetwork: false,
    read: async (symbol, from, now) => {
      const path = join(folder, `${symbol}.csv`);
      if (!existsSync(path)) {
        throw new SourceError(`${symbol}: there is no ${path}; MARKET_CSV_DIR must hold one SYMBOL.csv per symbol`);
      }
      const until = newestOver(exchangeOf(symbol), now);
      return { symbol, bars: readCsv(path, from).filter(({ session }) => session <= until) };
    },
  };
}

/**
 * The rows of a CSV file of closes from session `from` on, ascending: `session,close`, `Date,Close`, or Yahoo's download columns. An empty or
 * `null` close is a session without a value.
 * @throws {SourceError} naming file, line, value and what is allowed
 */
export function readCsv(path: string, from: Session = ''): Bar[] {
  const text = readText(path).replace(/^\uFEFF/, '');
  const { data, errors } = papaparse.parse<string[]>(withoutEarlier(text, from), { skipEmptyLines: 'greedy' });
  const [header, ...rows] = data;
  const columns = (header ?? []).map((name) => name.trim().toLowerCase());
  const sessionColumn = Math.max(columns.indexOf('session'), columns.indexOf('date'));
  const closeColumn = columns.indexOf('close');
  const highColumn = columns.indexOf('high');
  if (sessionColumn < 0 || closeColumn < 0) {
    throw new SourceError(
      `${path}: the first line is '${excerpt((header ?? []).join(','))}'; it must name the columns session,close (or Date,Close)`,
    );
  }
  const quoting = errors.find(({ type }) => type === 'Quotes');
  if (quoting) throw new SourceError(`${path}, row ${(quoting.row ?? 0) + 1}: ${quoting.message}`);

  const bars = rows
    .map((row) => {
      const where = `${path}, line '${excerpt(row.join(','))}'`;
      const session = row[sessionColumn]?.trim() ?? '';
      if (!isDate(session)) throw new SourceError(`${where}: '${excerpt(session)}' is not a date YYYY-MM-DD`);
      const close = parseClose(row[closeColumn]?.trim() ?? '', where);
      // Nothing is decided by a high: one that is no number is none.
      const high = Number(row[highColumn]?.trim() || Number.NaN);
      return { session, close, ...(Number.isFinite(high) ? { high } : {}) };
    })
    .filter(({ session }) => session >= from);
  bars.sort((a, b) => (a.session < b.session ? -1 : 1));
  const twice = bars.find(({ session }, index) => session === bars[index + 1]?.session);
  if (twice) throw new SourceError(`${path}: ${twice.session} stands there twice; each session may appear once`);
  return bars;
}

/** Leaves out the lines that begin with an earlier date: most of a long file, which every run would parse again. */
function withoutEarlier(text: string, from: Session): string {
  if (from === '') return text;
  const earlier = (line: string) => line[4] === '-' && line[7] === '-' && line[10] === ',' && line < from;
  return text
    .split('\n')
    .filter((line) => !earlier(line))
    .join('\n');
}

/** The closes of a file that has a value for every session, such as the record closes before a source's history. */
export function readCloses(path: string): Close[] {
  return readCsv(path).map(({ session, close }) => {
    if (close === null || close <= 0) throw new SourceError(`${path}: ${session} has no close above zero`);
    return { session, close };
  });
}

function parseClose(text: string, where: string): number | null {
  if (text === '' || text.toLowerCase() === 'null') return null;
  const close = Number(text);
  if (Number.isFinite(close)) return close;
  throw new SourceError(`${where}: '${excerpt(text)}' is not a number`);
}

function newestOver(exchange: Exchange, now: number): Session {
  const today = exchange.date(now);
  return now >= exchange.closingTime(today) + SETTLE_MS ? today : addDays(today, -1);
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new SourceError(`${path} cannot be read: ${(error as Error).message}`, { cause: error });
  }
}

function excerpt(text: string): string {
  const line = text.replace(/\p{Cc}+/gu, ' ');
  return line.length > 40 ? `${line.slice(0, 40)}…` : line;
}
