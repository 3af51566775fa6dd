import type { Session } from '../market/close.ts';
import { readMonthlyDividends } from '../market/monthly-dividends.ts';
import { earlierDividends, totalReturnSymbol } from '../settings/symbols.ts';
import type { Series } from '../study/series.ts';
import { upTo } from '../study/signal-closes.ts';
import { joinDividends } from '../study/total-return.ts';
import type { App } from './app.ts';
import { whereReadable } from './where-readable.ts';

/**
 * A benchmark with dividends up to `asOf`, its total return index joined to the dividends that are known from before it.
 * Where their file cannot be read it begins later: nothing is decided by it.
 * @returns undefined where none is configured
 */
export function totalReturnOf(
  { settings, closes }: Pick<App, 'settings' | 'closes'>,
  benchmark: string,
  asOf: Session = '9999-12-31',
): Series | undefined {
  const symbol = totalReturnSymbol(settings, benchmark);
  if (symbol === undefined) return undefined;
  const own = closes.accepted(symbol);
  const earlier = earlierDividends(settings, benchmark);
  const months = earlier && whereReadable(() => readMonthlyDividends(earlier.file));
  if (earlier === undefined || months === undefined) return { symbol, closes: upTo(own, asOf) };
  // All of it, and cut then: what a day brought does not hang on what is asked for.
  const { closes: all, joinedUntil } = joinDividends(
    closes.accepted(benchmark),
    own,
    months,
    closes.exchange(benchmark),
  );
  const joined = joinedUntil === null ? undefined : { until: joinedUntil, rule: earlier.rule };
  return { symbol, closes: upTo(all, asOf), joined };
}
