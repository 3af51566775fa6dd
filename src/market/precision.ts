import { type Close, exactOf, roundClose, roundTo, type Session } from './close.ts';
import type { KnownClose } from './known-close.ts';
import type { Bar } from './source.ts';

/** The decimals that closes are compared at where their source says nothing: exchanges publish two. */
export const CENTS = 2;
/** A price of more than these is a coin's, and none is an index's. */
const MOST_DECIMALS = 10;
/** A value at the precision of its source, and as it was sent where that has more digits. */
export type Precise = Pick<Close, 'close' | 'exact'>;

/**
 * A value at the precision of its source. Providers keep closes in 32 bits, and send 2467.70 now as 2467.7 and now as
 * 2467.699951171875: where the same 32 bits stand for a number of fewer decimals, it is that one.
 * @param decimals of the source
 */
export function precise(value: number, decimals: number = CENTS): Precise {
  for (let digits = CENTS; digits <= decimals; digits++) {
    const close = roundTo(value, digits);
    if (close === value || Math.fround(close) === Math.fround(value)) return { close };
  }
  return { close: roundTo(value, decimals), exact: value };
}

/** A close at the precision of its source. */
export function closeAt(session: Session, value: number, decimals: number): Close {
  // Nearly every close of nearly every symbol.
  return roundClose(value) === value ? { session, close: value } : { session, ...precise(value, decimals) };
}

/** What a source says of its decimals, as they count: two at least, and none that no price has. */
export function decimalsSaid(decimals: number | undefined): number {
  return decimals !== undefined && Number.isInteger(decimals) && decimals > CENTS && decimals <= MOST_DECIMALS
    ? decimals
    : CENTS;
}

/** Of the values of a file so many have to be told whole by its decimals: single ones are averages, or slips. */
const MOST = 0.95;

/** The decimals of a file, which nothing but its values tells: the fewest that most of them have. */
export function decimalsIn(values: readonly number[]): number {
  for (let decimals = CENTS; decimals < MOST_DECIMALS; decimals++) {
    const told = values.filter((value) => precise(value, decimals).exact === undefined).length;
    if (told >= values.length * MOST) return decimals;
  }
  return MOST_DECIMALS;
}

/**
 * True where what is stored was rounded to cents by an earlier version, and the reading has the same closes with more
 * decimals: they would differ, and none was revised.
 */
export function isCoarse(bars: readonly Bar[], known: readonly KnownClose[], decimals: number): boolean {
  const values = new Map(bars.map(({ session, close }) => [session, close]));
  const pairs = known.flatMap((row) => {
    const read = values.get(row.session) ?? null;
    return row.close === null || read === null ? [] : [{ stored: exactOf({ ...row, close: row.close }), read }];
  });
  const finer = pairs.filter(({ stored, read }) => precise(read, decimals).close !== precise(stored, decimals).close);
  if (finer.length === 0 || pairs.some(({ stored }) => stored !== roundClose(stored))) return false;
  return finer.filter(({ stored, read }) => roundClose(read) === stored).length >= finer.length * MOST;
}

/** The stored closes that are a reading's rounded to cents, as that reading has them. The rest stays as it is. */
export function refined(bars: readonly Bar[], known: readonly KnownClose[], decimals: number): KnownClose[] {
  const values = new Map(bars.map(({ session, close }) => [session, close]));
  return known.flatMap((row): KnownClose[] => {
    const read = values.get(row.session) ?? null;
    if (read === null || row.close === null || row.exact !== undefined || roundClose(read) !== row.close) return [];
    const { close, exact } = precise(read, decimals);
    return close === row.close && exact === undefined
      ? []
      : [{ ...row, close, ...(exact === undefined ? {} : { exact }) }];
  });
}
