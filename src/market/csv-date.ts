import type { Session } from './close.ts';
import { LineError } from './csv-rows.ts';
import { isDate } from './session.ts';

/** The order of day, month and year where all three are short numbers. */
export type DateOrder = 'month/day/year' | 'day/month/year' | 'year/month/day';

const ORDERS: readonly DateOrder[] = ['month/day/year', 'day/month/year', 'year/month/day'];

/** A date in a cell: the one session it can be, or one for each order that other rows must decide between. */
export type DateText = Session | Readonly<Partial<Record<DateOrder, Session>>>;

/** English and German; both begin with the same three letters where they are alike. */
const MONTHS: Readonly<Record<string, number>> = {
  jan: 1,
  feb: 2,
  mar: 3,
  mär: 3,
  mrz: 3,
  apr: 4,
  may: 5,
  mai: 5,
  jun: 6,
  jul: 7,
  aug: 8,
  sep: 9,
  oct: 10,
  okt: 10,
  nov: 11,
  dec: 12,
  dez: 12,
};
const MONTH_NAME =
  '(jan(?:uary|uar)?|feb(?:ruary|ruar)?|mar(?:ch)?|märz?|mrz|apr(?:il)?|may|mai|june?|juni|july?|juli|aug(?:ust)?|' +
  'sept?(?:ember)?|o[ck]t(?:ober)?|nov(?:ember)?|de[cz](?:ember)?)\\.?';

const WEEKDAY = /^(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?,?\s+(?=\S)/i;
/** With an offset or the name of a zone, or without: the date as written is the session's. */
const TIME_OF_DAY =
  /(?:\s*,\s*|\s+|T)\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?\s*(?:[ap]\.?m\.?)?\s*(?:[A-Z]{1,5}|[+-]\d{2}:?\d{2})?$/i;

const YEAR_FIRST = /^(\d{4})([-/.])(\d{1,2})\2(\d{1,2})$/;
const COMPACT = /^(\d{4})(\d{2})(\d{2})$/;
const YEAR_LAST = /^(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d{2})$/;
const DAY_AND_NAME = new RegExp(`^(\\d{1,2})\\.?[-/\\s]*${MONTH_NAME}[-/,\\s]+(\\d{4}|\\d{2})$`, 'i');
const NAME_AND_DAY = new RegExp(`^${MONTH_NAME}[-/\\s]+(\\d{1,2}),?[-/\\s]+(\\d{4})$`, 'i');

/** What a cell says of a date; undefined where it is none, in whatever order. */
export function dateIn(cell: string): DateText | undefined {
  if (isDate(cell)) return cell;
  const text: string = cell;
  const bare = text.length <= 10 ? text : text.replace(WEEKDAY, '').replace(TIME_OF_DAY, '');
  let parts = YEAR_LAST.exec(bare);
  if (parts) return numbersIn(parts);
  parts = YEAR_FIRST.exec(bare) ?? COMPACT.exec(bare);
  if (parts) return sessionOf(parts[1], parts.at(-2), parts.at(-1));
  parts = DAY_AND_NAME.exec(bare);
  if (parts) return sessionOf(parts[3], monthOf(parts[2]), parts[1]);
  parts = NAME_AND_DAY.exec(bare);
  return parts ? sessionOf(parts[3], monthOf(parts[1]), parts[2]) : undefined;
}

function numbersIn([, first = '', separator, second = '', third = '']: readonly string[]): DateText | undefined {
  // Points stand between the parts of a date only where the day comes first.
  if (separator === '.') return sessionOf(third, second, first);
  const american = sessionOf(third, first, second);
  const european = sessionOf(third, second, first);
  const reversed = third.length === 2 && first.length === 2 ? sessionOf(first, second, third) : undefined;
  if (american === undefined && european === undefined && reversed === undefined) return undefined;
  return {
    ...(american === undefined ? {} : { 'month/day/year': american }),
    ...(european === undefined ? {} : { 'day/month/year': european }),
    ...(reversed === undefined ? {} : { 'year/month/day': reversed }),
  };
}

/** The session of a date, in the order of its file; empty where there is none. */
export function sessionIn(date: DateText | undefined, order: DateOrder): Session {
  return (typeof date === 'string' ? date : date?.[order]) ?? '';
}

/** One row that is dated: its line, and the date as it is written. */
export interface Dated {
  readonly line: number;
  readonly text: string;
  readonly date: DateText;
  /** True where the row has a value: a day without trading has none. */
  readonly valued: boolean;
}

/**
 * The order of day and month in a file, by the evidence of all its rows: every date exists, the exchange traded on it,
 * and the rows ascend or descend.
 * @param closedAmong how many of some sessions are days on which the exchange did not trade
 * @throws {LineError} where no order explains all rows, or more than one does
 */
export function dateOrderOf(rows: readonly Dated[], closedAmong: (sessions: readonly Session[]) => number): DateOrder {
  const open = rows.filter(({ date }) => typeof date !== 'string');
  if (open.length === 0) return 'year/month/day';
  const candidates = ORDERS.filter((order) => open.every(({ date }) => sessionIn(date, order) !== ''));
  if (candidates.length === 0) throw misfitOf(open);
  const readings = candidates.map((order) => {
    const sessions = rows.map(({ date }) => sessionIn(date, order));
    const closed = closedAmong(sessions.filter((_, at) => rows[at]?.valued));
    return { order, sessions, closed, sorted: isSorted(sessions) };
  });
  const [best, ...others] = readings.toSorted((a, b) => a.closed - b.closed || Number(b.sorted) - Number(a.sorted));
  if (best === undefined) return 'year/month/day';
  const rival = others.find((other) => {
    if (best.sessions.every((session, at) => session === other.sessions[at])) return false;
    if (best.closed === other.closed) return other.sorted || !best.sorted;
    // The two kinds of evidence disagree. Where no reading is without closed days, the file is refused by its line.
    return other.sorted && !best.sorted && best.closed === 0;
  });
  if (rival === undefined) return best.order;
  const at = best.sessions.findIndex((session, position) => session !== rival.sessions[position]);
  throw new LineError(
    `the file does not show whether '${rows[at]?.text}' is ${best.sessions[at]} or ${rival.sessions[at]}; write dates as YYYY-MM-DD`,
    rows[at]?.line,
  );
}

/** Names a row that does not go with the order of most others. */
function misfitOf(open: readonly Dated[]): LineError {
  const fitting = (order: DateOrder) => open.filter(({ date }) => sessionIn(date, order) !== '');
  const [order = 'month/day/year'] = ORDERS.toSorted((a, b) => fitting(b).length - fitting(a).length);
  const [model] = fitting(order);
  const misfit = open.find(({ date }) => sessionIn(date, order) === '');
  return new LineError(
    `'${misfit?.text}' is not a ${order} date like '${model?.text}' on line ${model?.line}; write dates as YYYY-MM-DD`,
    misfit?.line,
  );
}

function isSorted(sessions: readonly Session[]): boolean {
  const ascending = sessions.every((session, at) => at === 0 || (sessions[at - 1] ?? '') <= session);
  return ascending || sessions.every((session, at) => at === 0 || (sessions[at - 1] ?? '') >= session);
}

/** Two digits of a year are those from 1970 to 2069, as in POSIX and nearly as in Excel. */
function sessionOf(year = '', month = '', day = ''): Session | undefined {
  const full = year.length === 4 ? year : `${Number(year) >= 70 ? '19' : '20'}${year.padStart(2, '0')}`;
  const text = `${full}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  return isDate(text) ? text : undefined;
}

function monthOf(name = ''): string {
  return String(MONTHS[name.toLowerCase().slice(0, 3)] ?? '');
}
