import type { Session } from '../../market/close.ts';
import { type Exchange, exchangeIn } from '../../market/exchange.ts';
import type { LastLook } from '../../market/expected-session.ts';
import type { Reading } from '../../market/source.ts';
import type { Database } from './database.ts';
import { prepared } from './prepared.ts';

/** What the readings have told of a symbol. */
export interface LookRow {
  readonly symbol: string;
  readonly read_at: string;
  readonly time_zone: string | null;
  readonly closes_at: string | null;
  readonly last_trade: Session | null;
  readonly first_trade: Session | null;
}

/** Undefined before the first reading of the symbol. */
export function lookRow(database: Database, symbol: string): LookRow | undefined {
  return prepared(database, 'select * from symbols where symbol = ?').get(symbol) as LookRow | undefined;
}

/** Where the symbol trades; undefined where no source has told it. */
export function exchangeTold(row: LookRow | undefined): Exchange | undefined {
  return row?.time_zone && row.closes_at ? exchangeIn(row.time_zone, row.closes_at) : undefined;
}

export function lastLook(row: LookRow | undefined): LastLook | undefined {
  return row && { at: Date.parse(row.read_at), lastTrade: row.last_trade ?? undefined };
}

/** Notes what a reading tells of the exchange, and that it was made. */
export function noteLook(database: Database, reading: Reading, now: number): void {
  const { symbol, exchange: told, marketPrice, firstTrade } = reading;
  prepared(
    database,
    `insert into symbols (symbol, read_at, time_zone, closes_at, last_trade, first_trade) values (?, ?, ?, ?, ?, ?)
       on conflict (symbol) do update set read_at = excluded.read_at, last_trade = excluded.last_trade,
         time_zone = coalesce(excluded.time_zone, time_zone), closes_at = coalesce(excluded.closes_at, closes_at),
         first_trade = coalesce(excluded.first_trade, first_trade)`,
  ).run(symbol, new Date(now).toISOString(), told?.timeZone, told?.closesAt, marketPrice?.session, firstTrade);
}

/** When each symbol was last read, ISO instant; those that never were are not among them. */
export function lastLooks(database: Database): ReadonlyMap<string, string> {
  const rows = prepared(database, 'select symbol, read_at from symbols').all() as LookRow[];
  return new Map(rows.map(({ symbol, read_at }) => [symbol, read_at]));
}
