import { bigMoveOf, type Neighbours, type Violation } from './big-move.ts';
import { roundTo, type Session } from './close.ts';
import type { Exchange } from './exchange.ts';
import { READINGS_APART, SECOND_READING } from './second-reading.ts';
import type { Bar, Reading } from './source.ts';

/** How far a close may lie from the last traded price of the same session, as a fraction. */
const MARKET_PRICE_TOLERANCE = 0.005;

/** What a value is judged with. */
export interface Circumstances extends Neighbours {
  readonly reading: Reading;
  /** Where the symbol trades, and the date there when it was read. */
  readonly exchange: Exchange;
  readonly today: Session;
  /** Of the reading, epoch milliseconds. */
  readonly now: number;
}

const NONE: readonly Violation[] = [];

/** The rules that a value breaks, each with whether it is excused all the same. */
export function violationsOf(bar: Bar, value: number, around: Circumstances): readonly Violation[] {
  const { reading, row, today, exchange, decimals } = around;
  const [range, price] = [outsideRange(bar, value, decimals), offLastPrice(bar, value, reading.marketPrice, decimals)];
  const [move, change] = [bigMoveOf(bar, value, around), overturning(value, around)];
  // A backfill asks ten thousand times, and nearly always gets this.
  if ((range ?? price ?? move ?? change) === undefined) return NONE;
  // A second reading of the same value on a later day than the first one.
  const agrees = row?.held?.close === value && exchange.date(Date.parse(row.held.since)) < today;
  const inItself = [range ?? [], price ?? []].flat().map((reason) => ({ reason, excused: agrees }));
  return [...inItself, ...[move ?? [], change ?? []].flat()];
}

function outsideRange({ low, high }: Bar, value: number, decimals: number): string | undefined {
  if (low === undefined || high === undefined || !(low > 0 && low <= high)) return undefined;
  const [lowest, highest] = [roundTo(low, decimals), roundTo(high, decimals)];
  return value >= lowest && value <= highest ? undefined : `outside the session's range of ${lowest} to ${highest}`;
}

function offLastPrice(
  { session }: Bar,
  value: number,
  last: Reading['marketPrice'],
  decimals: number,
): string | undefined {
  if (last?.session !== session || !Number.isFinite(last.price) || last.price <= 0) return undefined;
  const near = Math.abs(value / last.price - 1) <= MARKET_PRICE_TOLERANCE;
  return near ? undefined : `more than 0.5% off the last price of ${roundTo(last.price, decimals)}`;
}

/** A value that would take the place of one that is no first value any more. */
function overturning(value: number, { row, now }: Circumstances): Violation | undefined {
  if (row === undefined || row.close === null || row.state === 'provisional') return undefined;
  const isSecond = row.held?.close === value && now - Date.parse(row.held.since) >= READINGS_APART;
  return { reason: SECOND_READING, excused: isSecond };
}
