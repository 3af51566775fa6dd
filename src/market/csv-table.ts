import { isMissing, numberIn } from './csv-number.ts';
import { DELIMITERS, LineError, type Row, rowsOf } from './csv-rows.ts';
import { isSame, listed, type Shape, shapeOf } from './csv-shape.ts';

/** The rows of a table that are sessions, and what is where in them. */
export interface Table {
  readonly rows: readonly Row[];
  readonly shape: Shape;
  /** True where commas separate the cells and none is quoted, so that no cell can hold a comma. */
  readonly bare: boolean;
}

/** The names of the columns lie among so many rows. */
const TOP_ROWS = 40;

/** What stands below the last session of some tables: sums of a spreadsheet, the source, Yahoo's footnote. */
const FOOTER =
  /^(?:downloaded from|\*|©|#|copyright|source|quelle|note|data |total|sum\b|summe|average|mean\b|mittelwert|durchschnitt|min(?:imum)?\b|max(?:imum)?\b|highest|lowest|difference|count|anzahl)/i;
/** Yahoo's page shows dividends and splits of a stock in rows of their own: `0.26 Dividend`. */
const ACTION = /^[\d.,:]+\s+(?:dividend|stock splits?|capital gains?)$/i;

/**
 * Finds the table in a text.
 * @param symbol whose closes are wanted, where it has those of several
 * @throws {LineError} where no columns of dates and closes are named, or a row has another number of cells than they are
 */
export function tableOf(text: string, symbol: string | undefined): Table {
  // Excel's own way to say what separates the cells.
  const said = /^"?sep=([,;\t|])"?(?=\n|$)/i.exec(text);
  const body = said === null ? text : text.slice(said[0].length);
  for (const delimiter of said === null ? DELIMITERS : [said[1] ?? ',']) {
    const shape = shapeOf(rowsOf(body, delimiter, TOP_ROWS), symbol);
    if (shape === undefined) continue;
    const rows = sessionRows(rowsOf(body, delimiter).slice(shape.head), shape);
    return { rows: ownRows(rows, shape, symbol), shape, bare: delimiter === ',' && !body.includes('"') };
  }
  const header = body.split('\n').find((line) => line.trim() !== '') ?? '';
  throw new LineError(
    `the first line is '${excerpt(header, 60)}'; it must name the columns session,close (or Date,Close); downloads from Stooq, ` +
      'Yahoo, yfinance, Investing.com, Nasdaq.com, FRED and Google Sheets work as they are',
  );
}

/** The rows without remarks and footers, each with as many cells as there are columns. */
function sessionRows(rows: readonly Row[], { width }: Shape): Row[] {
  const end = rows.findLastIndex(({ cells }) => !FOOTER.test(cells.find((cell) => cell !== '') ?? '')) + 1;
  const sessions = rows.slice(0, end).filter(({ cells }) => cells[2] || !ACTION.test(cells[1] ?? ''));
  for (const { line, cells } of sessions) {
    if (cells.length >= width && cells.slice(width).every((cell) => cell === '')) continue;
    throw new LineError(
      `it has ${cells.length} fields, but the header ${width}; each line needs as many as the header, and a number ` +
        'with commas must be in quotes ("2,467.70")',
      line,
    );
  }
  return sessions;
}

/** The rows of the wanted symbol, of days, whose closes are not reduced by dividends. */
function ownRows(rows: readonly Row[], shape: Shape, symbol: string | undefined): readonly Row[] {
  const { symbol: column, ownSymbols, period, dividends } = shape;
  const symbolOf = ({ cells }: Row) => cells[column ?? -1] ?? '';
  const symbols = column === undefined ? [] : [...new Set(rows.map(symbolOf))];
  const [only = ''] = symbols;
  // Names of other services (RUT, NIFTY 50) say nothing of Yahoo's symbols.
  const isOther = only.startsWith('^') && symbol?.startsWith('^') && !isSame(only, symbol) && !ownSymbols;
  const own =
    symbols.length > 1 || isOther ? rows.filter((row) => symbol !== undefined && isSame(symbolOf(row), symbol)) : rows;
  if (own.length === 0 && rows.length > 0) {
    throw new LineError(`it has the closes of ${listed(symbols)}, but none of ${symbol ?? 'one symbol alone'}`);
  }
  for (const { line, cells } of own) {
    const [every = 'D', dividend = ''] = [cells[period ?? -1], cells[dividends ?? -1]];
    if (every.toUpperCase() !== 'D')
      throw new LineError(`its period is '${excerpt(every)}'; only daily rows (D) have closes`, line);
    if (!isMissing(dividend) && numberIn(dividend, '.') !== 0) {
      throw new LineError(
        `a dividend of ${excerpt(dividend)} but no column 'Adj Close': yfinance has adjusted these closes for dividends; ` +
          'fetch them with auto_adjust=False',
        line,
      );
    }
  }
  return own;
}

/** The begin of a text on one line. */
export function excerpt(text: string, most = 40): string {
  const line = text.replaceAll(/\p{Cc}+/gu, ' ');
  return line.length > most ? `${line.slice(0, most)}…` : line;
}
