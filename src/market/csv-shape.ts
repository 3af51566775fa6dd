import { dateIn } from './csv-date.ts';
import { isMissing, numberIn } from './csv-number.ts';
import { LineError, type Row } from './csv-rows.ts';

/** Where the cells of a table are that count. Columns are counted from 0; undefined where there is none. */
export interface Shape {
  /** How many of the rows come before the first session: titles and names. */
  readonly head: number;
  /** How many cells each row has. */
  readonly width: number;
  readonly date: number;
  readonly close: number;
  readonly high: number | undefined;
  /** The symbol of each row, where a table has rows of several. */
  readonly symbol: number | undefined;
  /** True where these symbols are those of Stooq, whose ^SPX is Yahoo's ^GSPC. */
  readonly ownSymbols: boolean;
  /** The period of each row; `D` is a day. */
  readonly period: number | undefined;
  /** Dividends that the closes are reduced by, as yfinance does unless told otherwise. */
  readonly dividends: number | undefined;
}

/** How many rows may stand above the names of the columns: a title, remarks of a bank. */
const MOST_TITLES = 20;

/** Names of columns in the languages of Investing.com and Stooq, the likelier first. */
const DATE_NAMES = [
  'session',
  'date',
  'observation_date',
  'datum',
  'data',
  'fecha',
  'datetime',
  'trade date',
  'timestamp',
  'time',
];
const CLOSE_NAMES = [
  'close',
  'close/last',
  'close price',
  'closing price',
  'closing value',
  'schlusskurs',
  'schlußkurs',
  'schluss',
  'schluß',
  'zuletzt',
  'zamkniecie',
  'zamknięcie',
  'dernier',
  'clôture',
  'último',
  'cierre',
  'ultimo',
  'chiusura',
  'fechamento',
  'laatste',
  'px_last',
  'last price',
  'last',
  'latest',
  'price',
  'price close',
  'kurs',
  'schlusspreis',
  'letzter',
  'wert',
  'index value',
  'indexvalue',
  'value',
];
const HIGH_NAMES = ['high', 'hoch', 'najwyzszy', 'najwyższy', 'plus haut', 'máximo', 'massimo', 'máxima', 'hoog'];
const SYMBOL_NAMES = ['ticker', 'symbol', 'index name', 'name'];
const ADJUSTED = /^adj(usted)?[ ._]*close|^close[ _]adj/;
/** A column that FRED names by its series (SP500), or a table of several symbols by the symbol. */
const SERIES = /^[A-Z^][A-Z0-9^._=-]*$/;
const NO_SERIES =
  /^(open|high|low|vol|volume|change|return|returns|yield|bid|ask|mid|open[ _.-]?int|oi|adj[ _.-]?close|day)$/i;

/** `<CLOSE>`, `Close*` and `Close Close price adjusted for splits.` are all close. */
function nameOf(cell: string): string {
  const name = cell.normalize('NFC').toLowerCase().replaceAll(/[<>*]/g, '').replaceAll(/\s+/g, ' ').trim();
  return name.startsWith('close close price adjusted') ? 'close' : name;
}

/**
 * Finds the names of the columns, at most a few lines below the top.
 * @param symbol whose closes are wanted, where a table has several
 * @returns undefined where no row names a column of dates and one of closes
 * @throws {LineError} where the columns are those of other symbols, or two have the same name
 */
export function shapeOf(rows: readonly Row[], symbol: string | undefined): Shape | undefined {
  for (const [at, row] of rows.slice(0, MOST_TITLES).entries()) {
    if (row.cells.some((cell) => dateIn(cell) !== undefined)) return undefined;
    const shape = severalHeaders(rows, at, symbol) ?? oneHeader(row, at, symbol);
    if (shape !== undefined) return shape;
  }
  return undefined;
}

function oneHeader({ cells, line }: Row, at: number, symbol: string | undefined): Shape | undefined {
  const names = cells.map(nameOf);
  const date = firstOf(names, DATE_NAMES);
  if (date === undefined) return undefined;
  const own = cells.findIndex((cell) => symbol !== undefined && isSame(cell, symbol));
  const close = own >= 0 ? own : (firstOf(names, CLOSE_NAMES) ?? onlySeries(cells, date));
  if (close === undefined) {
    const series = cells.filter((cell, position) => position !== date && SERIES.test(cell) && !NO_SERIES.test(cell));
    if (series.length < 2 || symbol === undefined) return undefined;
    throw new LineError(`it has columns for ${listed(series)}, but none for ${symbol}`, line);
  }
  const twin = names.indexOf(names[close] ?? '', close + 1);
  if (twin >= 0) throw new LineError(`two columns are named '${cells[close]}'; keep one of them`, line);
  const adjusted = names.some((name) => ADJUSTED.test(name));
  return {
    head: at + 1,
    width: widthOf(cells),
    date,
    close,
    high: firstOf(names, HIGH_NAMES),
    symbol: firstOf(names, SYMBOL_NAMES),
    ownSymbols: cells.some((cell) => cell.startsWith('<')),
    period: firstOf(names, ['per']),
    dividends: adjusted ? undefined : firstOf(names, ['dividends']),
  };
}

/**
 * `download()` of yfinance: one line names the columns, the next (or the one before) the symbol of each, and a third only
 * the dates.
 */
function severalHeaders(rows: readonly Row[], at: number, symbol: string | undefined): Shape | undefined {
  const [above, below, third] = [rows[at], rows[at + 1], rows[at + 2]];
  if (above === undefined || below === undefined) return undefined;
  const [fields, tickers] = above.cells.map(nameOf).includes('close') ? [above, below] : [below, above];
  const names = fields.cells.map(nameOf);
  const ticker = (column: number) => tickers.cells[column] ?? '';
  const closes = names.flatMap((name, column) => (name === 'close' ? [column] : []));
  if (closes.length === 0 || !closes.every((column) => isSymbol(ticker(column)))) return undefined;
  if (!['', 'ticker', 'symbols', 'symbol'].includes(nameOf(ticker(0)))) return undefined;
  const found = [...new Set(closes.map(ticker))];
  const wanted = symbol === undefined ? closes : closes.filter((column) => isSame(ticker(column), symbol));
  const [close] = wanted;
  if (close === undefined)
    throw new LineError(`it has the closes of ${listed(found)}, but none of ${symbol}`, tickers.line);
  if (wanted.length > 1) throw new LineError(`it has the closes of ${listed(found)}; keep one of them`, tickers.line);
  const date = firstOf(names, DATE_NAMES) ?? 0;
  const onlyDate =
    third !== undefined && DATE_NAMES.includes(nameOf(third.cells[0] ?? '')) && widthOf(third.cells) === 1;
  const high = names.findIndex((name, column) => name === 'high' && isSame(ticker(column), ticker(close)));
  return {
    head: at + (onlyDate ? 3 : 2),
    width: Math.max(widthOf(fields.cells), widthOf(tickers.cells)),
    date,
    close,
    high: high < 0 ? undefined : high,
    symbol: undefined,
    ownSymbols: false,
    period: undefined,
    dividends: undefined,
  };
}

function firstOf(names: readonly string[], wanted: readonly string[]): number | undefined {
  const name = wanted.find((candidate) => names.includes(candidate));
  return name === undefined ? undefined : names.indexOf(name);
}

/** FRED's `observation_date,SP500`: beside the dates, one column. */
function onlySeries(cells: readonly string[], date: number): number | undefined {
  const others = cells.flatMap((cell, column) => (column === date || cell === '' ? [] : [column]));
  const [column] = others;
  const name = cells[column ?? -1] ?? '';
  return others.length === 1 && SERIES.test(name) && !NO_SERIES.test(name) ? column : undefined;
}

function isSymbol(cell: string): boolean {
  return /^[\w^.=-]*[a-z][\w^.=-]*$/i.test(cell) && !isMissing(cell) && numberIn(cell, '.') === undefined;
}

/** True for the same symbol, whatever its case. */
export function isSame(one: string, other: string): boolean {
  return one.toUpperCase() === other.toUpperCase();
}

/** `^GSPC, ^IXIC and 12 more` */
export function listed(names: readonly string[]): string {
  const shown = names.slice(0, 5).join(', ');
  return names.length > 5 ? `${shown} and ${names.length - 5} more` : shown;
}

/** Cells up to the last that is not empty: Excel leaves delimiters at the end of a line. */
function widthOf(cells: readonly string[]): number {
  return cells.findLastIndex((cell) => cell !== '') + 1;
}
