import { type Close, exactOf, type Session } from '../market/close.ts';
import type { Exchange } from '../market/exchange.ts';
import { addDays, addMonths } from '../market/session.ts';
import { firstOnOrAfter } from './outcomes.ts';

/** A series with dividends, and what its beginning was made of. */
export interface TotalReturn {
  readonly closes: readonly Close[];
  /** The first session of the total return index itself; null where nothing was joined before it. */
  readonly joinedUntil: Session | null;
}

/**
 * A total return index with a beginning made of dividends: each session brings its price and its part of the month's
 * dividend, a twelfth of the annual rate over the month's sessions, reinvested at the close. The scale is that of the
 * total return index at its first session. Nothing is joined where a month, or the benchmark's close of that session, is
 * missing.
 * @param prices the benchmark's closes, ascending
 * @param exchange whose sessions a month has
 */
export function joinDividends(
  prices: readonly Close[],
  totalReturn: readonly Close[],
  months: ReadonlyMap<string, number>,
  exchange: Exchange,
): TotalReturn {
  const [joint] = totalReturn;
  const from = firstOnOrAfter(prices, `${[...months.keys()].sort()[0] ?? '9999-12'}-01`);
  const at = joint === undefined ? -1 : firstOnOrAfter(prices, joint.session);
  const alone = { closes: totalReturn, joinedUntil: null };
  if (joint === undefined || prices[at]?.session !== joint.session || from >= at) return alone;
  const levels = reinvested(prices.slice(from, at + 1), months, exchange);
  const end = levels?.at(-1)?.close;
  if (levels === undefined || end === undefined) return alone;
  const scale = exactOf(joint) / end;
  const earlier = levels.slice(0, -1).map(({ session, close }) => ({ session, close: close * scale }));
  return { closes: [...earlier, ...totalReturn], joinedUntil: joint.session };
}

/** Prices with dividends, from 1 at the first one; undefined where the dividend of a month is not known. */
function reinvested(
  prices: readonly Close[],
  months: ReadonlyMap<string, number>,
  exchange: Exchange,
): Close[] | undefined {
  let level = 1;
  let before: number | undefined;
  let [month, daily] = ['', 0];
  const levels: Close[] = [];
  for (const price of prices) {
    const { session } = price;
    if (!session.startsWith(month) || month === '') {
      month = session.slice(0, 7);
      const dividend = months.get(month);
      if (dividend === undefined) return undefined;
      const first = `${month}-01`;
      daily = dividend / 12 / exchange.sessionsBetween(first, addDays(addMonths(first, 1), -1)).length;
    }
    const close = exactOf(price);
    if (before !== undefined) level *= (close + daily) / before;
    levels.push({ session, close: level });
    before = close;
  }
  return levels;
}
