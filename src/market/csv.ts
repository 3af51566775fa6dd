import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Close, roundClose, type Session } from './close.ts';
import { closedDays, weekdayName } from './csv-closed-days.ts';
import { type Dated, dateIn, dateOrderOf, sessionIn } from './csv-date.ts';
import { readCsvText } from './csv-file.ts';
import { type DecimalMark, decimalMarkOf, isMissing, numberIn } from './csv-number.ts';
import { LineError, type Row } from './csv-rows.ts';
import { excerpt, tableOf } from './csv-table.ts';
import { type Exchange, NEW_YORK } from './exchange.ts';
import { CLOSE_LAG_MS } from './new-york.ts';
import { CENTS, decimalsIn } from './precision.ts';
import { addDays, dateText } from './session.ts';
import { type Bar, type Source, SourceError } from './source.ts';

/** How far two values of one session may lie apart, as a fraction. */
const SAME = 1e-5;

const ISO_DATE = /^\d{4}-\d{2}-\d{2}/;

/** What is known of the closes that a file should hold. */
export interface CsvFacts {
  /** Whose closes are wanted, where a file has those of several. */
  readonly symbol?: string;
  /** Where they trade; New York by default. Null where nobody knows: every day may be a session then. */
  readonly exchange?: Exchange | null;
  /** True where the exchange trades on single Saturdays and Sundays, as those of India do. */
  readonly weekends?: boolean;
  /** The file of the settings that says this, as people are told it. */
  readonly symbolsFile?: string;
  /** Sessions that another source vouches for. */
  readonly known?: ReadonlySet<Session>;
}

/**
 * Closes from a folder of `SYMBOL.csv` files. A row of today counts once its session is over by the calendar, as
 * there is nothing in a file that tells a live value from a close.
 * @param exchangeOf where a symbol trades, which no file tells
 * @param tradesAtWeekends true where it trades on single Saturdays and Sundays too
 * @param symbolsFile the file of the settings that says both, as people are told it
 */
export function createCsvSource(
  folder: string,
  exchangeOf: (symbol: string) => Exchange = () => NEW_YORK,
  tradesAtWeekends: (symbol: string) => boolean = () => false,
  symbolsFile?: string,
): Source {
  return {
    name: 'csv',
    needsNetwork: false,
    read: async (symbol, from, now) => {
      const path = join(folder, `${symbol}.csv`);
      if (!existsSync(path)) {
        throw new SourceError(`${symbol}: there is no ${path}; MARKET_CSV_DIR needs one SYMBOL.csv per symbol`);
      }
      const exchange = exchangeOf(symbol);
      const until = newestOver(exchange, now);
      const named = symbolsFile === undefined ? {} : { symbolsFile };
      const bars = readCsv(path, from, { symbol, exchange, weekends: tradesAtWeekends(symbol), ...named });
      const decimals = decimalsIn(bars.flatMap(({ close }) => close ?? []));
      const over = bars.filter(({ session }) => session <= until);
      return { symbol, bars: over, ...(decimals === CENTS ? {} : { decimals }) };
    },
  };
}

/**
 * The closes of a file from session `from` on, ascending: `session,close`, or what Stooq, Yahoo, yfinance, Investing.com,
 * Nasdaq.com, FRED, Google Sheets and Excel write (docs/closes.md). A session without a value has null; a day
 * without trading that has none either is left out. What lies before `from` may not be looked at.
 * @throws {SourceError} naming file, line, value and what is allowed
 */
export function readCsv(path: string, from: Session = '', facts: CsvFacts = {}): Bar[] {
  const text = readCsvText(path);
  const recent = withoutEarlier(text, from);
  if (recent !== undefined) {
    try {
      return onward(parse(recent, facts, true), from);
    } catch (error) {
      // The whole file says it better: which line it is, and whether other rows excuse it.
      if (!(error instanceof LineError)) throw error;
    }
  }
  try {
    return onward(parse(text, facts, false), from);
  } catch (error) {
    if (!(error instanceof LineError)) throw error;
    const { line, message } = error;
    const where = line === undefined ? '' : `, line ${line} '${excerpt(text.split('\n')[line - 1] ?? '', 60)}'`;
    throw new SourceError(`${path}${where}: ${message.replaceAll(/\p{Cc}+/gu, ' ')}`);
  }
}

/**
 * The closes of a file that has a value for every session, such as the record closes before a source's history. They are
 * single days, so that elsewhere than in New York they show no habit of weekends: all are taken there.
 * @param exchange where they trade; null where nobody knows
 */
export function readCloses(path: string, exchange: Exchange | null = NEW_YORK): Close[] {
  return readCsv(path, '', { exchange, weekends: true }).map(({ session, close }) => {
    if (close === null || close <= 0) throw new SourceError(`${path}: ${dateText(session)} has no close above zero`);
    return { session, close };
  });
}

/**
 * A text without the lines that begin with an earlier date: most of a long file, which every run would parse again.
 * Undefined where a line on its own may not say what it means, as with quotes or dates of another form.
 */
function withoutEarlier(text: string, from: Session): string | undefined {
  if (from === '' || text.includes('"')) return undefined;
  const earlier = (line: string) => line[4] === '-' && line[7] === '-' && line[10] === ',' && line < from;
  const lines = text.split('\n');
  const kept = lines.filter((line) => !earlier(line));
  return kept.length === lines.length ? undefined : kept.join('\n');
}

function onward(bars: readonly Bar[], from: Session): Bar[] {
  return bars.filter(({ session }) => session >= from);
}

/** @param partly true where the text is a part of the file, which shows no habit */
function parse(text: string, facts: CsvFacts, partly: boolean): Bar[] {
  const { rows, shape, bare } = tableOf(text, facts.symbol);
  // A part shows neither whose the other rows are nor the dividends before it.
  const needsAll = shape.symbol !== undefined || shape.dividends !== undefined;
  if (partly && needsAll) throw new LineError('a part of this table says too little');
  const plain = !partly && bare && rows.every(({ cells }) => ISO_DATE.test(cells[shape.date] ?? ''));
  const mark = decimalMarkOf(rows, shape.close, shape.date, plain);
  const values = rows.map((row) => closeIn(row, shape.close, mark));
  const dates = rows.map((row, at) => datedOf(row, shape.date, hasValue(values[at] ?? null)));
  const order = dateOrderOf(dates, (sessions) => sessions.filter(closedOn(sessions, facts, partly)).length);
  const found = rows.map(({ line, cells }, at): Found => {
    const session = sessionIn(dates[at]?.date, order);
    const close = values[at] ?? null;
    const high = shape.high === undefined ? undefined : numberIn(cells[shape.high] ?? '', mark);
    // Nothing is decided by a high: one that is no number is none.
    return { line, bar: high === undefined ? { session, close } : { session, close, high } };
  });
  const once = eachOnce(
    found.sort((a, b) => (a.bar.session < b.bar.session ? -1 : Number(a.bar.session > b.bar.session))),
  );
  return traded(once, facts, partly);
}

interface Found {
  readonly line: number;
  readonly bar: Bar;
}

function datedOf({ line, cells }: Row, column: number, valued: boolean): Dated {
  const text = cells[column] ?? '';
  const date = dateIn(text);
  if (date === undefined) {
    const hint = /^\d{9,13}$/.test(text) ? ' (it looks like a Unix time; write dates instead)' : '';
    throw new LineError(`'${excerpt(text)}' is not a date in the form YYYY-MM-DD${hint}`, line);
  }
  return { line, text, date, valued };
}

function closeIn({ line, cells }: Row, column: number, mark: DecimalMark): number | null {
  const text = cells[column] ?? '';
  if (isMissing(text)) return null;
  const value = numberIn(text, mark);
  if (value === undefined) throw new LineError(`'${excerpt(text)}' is not a number`, line);
  return value;
}

/** Zero and less is no value of an index, whatever the judge of closes says to it. */
function hasValue(close: number | null): boolean {
  return close !== null && close > 0;
}

/** Two rows of one session count once where they say the same, or only one says anything, as where two downloads are joined. */
function eachOnce(rows: readonly Found[]): Found[] {
  const once: Found[] = [];
  for (const row of rows) {
    const { session, close } = row.bar;
    const last = once.at(-1);
    if (last?.bar.session !== session) once.push(row);
    else if (last.bar.close === null) once[once.length - 1] = row;
    else if (close !== null && !isSameClose(close, last.bar.close)) {
      throw new LineError(
        `${dateText(session)} appears twice, with ${last.bar.close} on line ${last.line}; each session may appear only once`,
        row.line,
      );
    }
  }
  return once;
}

/** Two downloads may have other decimals. */
function isSameClose(one: number, other: number): boolean {
  return roundClose(one) === roundClose(other) && Math.abs(one / other - 1) <= SAME;
}

function closedOn(
  sessions: readonly Session[],
  { exchange = NEW_YORK, weekends = false, known }: CsvFacts,
  partly: boolean,
): (session: Session) => boolean {
  if (exchange === null || (weekends && !exchange.knowsHolidays)) return () => false;
  const closed = closedDays(exchange, sessions, !partly);
  return (session) => closed(session) && (exchange.knowsHolidays || known?.has(session) !== true);
}

/** Leaves out days without trading that have no value, such as FRED's holidays; refuses those that have one. */
function traded(rows: readonly Found[], facts: CsvFacts, partly: boolean): Bar[] {
  const valued = rows.filter(({ bar }) => hasValue(bar.close));
  const sessions = valued.map(({ bar }) => bar.session);
  const closed = closedOn(sessions, facts, partly);
  const [wrong, ...more] = valued.filter(({ bar }) => closed(bar.session)).sort((a, b) => a.line - b.line);
  if (wrong === undefined) {
    return rows.flatMap(({ bar }) => (hasValue(bar.close) || !closed(bar.session) ? [bar] : []));
  }
  const { exchange = NEW_YORK, symbol = 'SYMBOL', symbolsFile = 'signals.json' } = facts;
  const others = more.length === 0 ? '' : ` (${more.length} more up to line ${more.at(-1)?.line})`;
  const day = `${weekdayName(wrong.bar.session)}, ${dateText(wrong.bar.session)}`;
  const setting = `"symbols", "${symbol}", "exchange" in ${symbolsFile}`;
  throw new LineError(
    exchange?.knowsHolidays
      ? `New York did not trade on ${day}${others}; remove such lines, or, if the closes are from another ` +
          `exchange, name it under ${setting}`
      : `no exchange in ${exchange?.timeZone} is known to trade on ${day}${others}; remove such lines, or, if it did ` +
          `trade, set "weekends": true under ${setting}`,
    wrong.line,
  );
}

function newestOver(exchange: Exchange, now: number): Session {
  const today = exchange.date(now);
  return now >= exchange.closingTime(today) + CLOSE_LAG_MS ? today : addDays(today, -1);
}
