import type { Close, Session } from '../market/close.ts';
import { previousSession } from '../market/new-york.ts';
import { addMonths } from '../market/session.ts';
import { RUSSELL_2000_DAYS, RUSSELL_2000_QUIET, SP_500_DAYS } from './days.ts';
import { RUSSELL_2000_MONTH_ENDS, RUSSELL_2000_MOVES, SP_500_MONTH_ENDS, SP_500_MOVES } from './months.ts';

/** What is published of an index. */
export interface Facts {
  /** Ascending by session. */
  readonly closes: readonly Close[];
  /** By month (`2025-09`), the root mean square of the daily moves of the logarithm: 0.01 is about one percent. */
  readonly moves: ReadonlyMap<string, number>;
}

/** The S&P 500. */
export const SP_500: Facts = factsOf(SP_500_MONTH_ENDS, SP_500_MOVES, SP_500_DAYS);

/** The Russell 2000 since Yahoo's first session of it. */
export const RUSSELL_2000: Facts = factsOf(
  RUSSELL_2000_MONTH_ENDS,
  RUSSELL_2000_MOVES,
  `1987-09-10 168.97\n${RUSSELL_2000_QUIET}${RUSSELL_2000_DAYS}`,
);

/** The last record close before that, as in `data/before-yahoo.csv`: it is higher than the first records since. */
export const RECORD_BEFORE: Close = { session: '1987-08-21', close: 174.24 };

function factsOf(monthEnds: string, moves: string, days: string): Facts {
  const closes = new Map([
    ...days.split(/ · |\n/).flatMap((day): [Session, number][] => {
      const [session, close] = day.split(' ');
      return session === undefined || close === undefined ? [] : [[session, Number(close)]];
    }),
    ...byMonth(monthEnds).map(([month, close]): [Session, number] => [lastSessionOf(month), close]),
  ]);
  return {
    closes: [...closes].sort(([a], [b]) => (a < b ? -1 : 1)).map(([session, close]) => ({ session, close })),
    moves: new Map(byMonth(moves).map(([month, percent]) => [month, percent / 100])),
  };
}

function byMonth(table: string): [month: string, value: number][] {
  return table
    .trim()
    .split('\n')
    .flatMap((row) => {
      const [year, ...values] = row.split(' ');
      return values.map((value, month): [string, number] => [
        `${year}-${String(month + 1).padStart(2, '0')}`,
        Number(value),
      ]);
    })
    .filter(([, value]) => !Number.isNaN(value));
}

function lastSessionOf(month: string): Session {
  return previousSession(addMonths(`${month}-01`, 1));
}
