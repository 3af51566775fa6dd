import { type Exchange, exchangeIn, NEW_YORK } from '../market/exchange.ts';
import type { Settings } from './settings.ts';

/** The name of a symbol that people read; the symbol itself where none is configured. */
export function symbolName(settings: Pick<Settings, 'symbols'>, symbol: string): string {
  return settings.symbols[symbol]?.name ?? symbol;
}

/** The biggest believable daily move of a symbol, as a fraction. 15% where none is configured. */
export function maxDailyMove(settings: Pick<Settings, 'symbols'>, symbol: string): number {
  return settings.symbols[symbol]?.maxDailyMove ?? 0.15;
}

/** Every symbol that some signal needs, each once. */
export function watchedSymbols(settings: Pick<Settings, 'signals'>): string[] {
  return [...new Set(settings.signals.flatMap(({ index, benchmark }) => [index, benchmark]))];
}

/** Where a symbol trades of which no source has told it; New York where nothing is configured. */
export function configuredExchange(settings: Pick<Settings, 'symbols'>, symbol: string): Exchange {
  const { exchange } = settings.symbols[symbol] ?? {};
  return exchange === undefined ? NEW_YORK : exchangeIn(exchange.timeZone, exchange.closesAt);
}

/** True where files may have single Saturdays and Sundays of a symbol, because its exchange trades on some. */
export function tradesAtWeekends(settings: Pick<Settings, 'symbols'>, symbol: string): boolean {
  return settings.symbols[symbol]?.exchange?.weekends ?? false;
}

/** The symbol of a benchmark with dividends; undefined where none is configured. */
export function totalReturnSymbol(settings: Pick<Settings, 'symbols'>, benchmark: string): string | undefined {
  return settings.symbols[benchmark]?.totalReturn;
}

/** Where a benchmark's dividends from before its total return index are; undefined where none are configured. */
export function earlierDividends(
  settings: Pick<Settings, 'symbols'>,
  benchmark: string,
): { readonly file: string; readonly rule: string } | undefined {
  return settings.symbols[benchmark]?.earlierDividends;
}

/** True for a symbol whose closes reinvest dividends: it says so, or is another one's total return. */
export function includesDividends(settings: Pick<Settings, 'symbols'>, symbol: string): boolean {
  return (
    settings.symbols[symbol]?.dividends === 'included' ||
    Object.values(settings.symbols).some(({ totalReturn }) => totalReturn === symbol)
  );
}
