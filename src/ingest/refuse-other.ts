import type { App } from '../app/app.ts';
import type { Close } from '../market/close.ts';
import { contradictionOf } from '../market/contradiction.ts';
import type { Bar } from '../market/source.ts';
import { count } from '../message/format.ts';
import { watchedSymbols } from '../settings/symbols.ts';

/**
 * What is wrong with closes of a file that mostly are not the stored ones of their sessions, as a sentence without its stop;
 * undefined where they are.
 * @param stored accepted closes of at least the span of the bars, ascending
 * @param fewest so many have to differ
 */
export function otherThanStored(
  { closes, settings }: Pick<App, 'closes' | 'settings'>,
  symbol: string,
  bars: readonly Bar[],
  stored: readonly Close[],
  fewest: number,
): string | undefined {
  const others = function* () {
    for (const other of watchedSymbols(settings)) if (other !== symbol) yield [other, closes.accepted(other)] as const;
  };
  const found = contradictionOf(bars, stored, others, fewest, closes.decimals(symbol));
  if (found === undefined) return undefined;
  const { both, differ, looksLike } = found;
  return `${count(differ)} of ${count(both)} closes differ from the stored ones: ${looksLike}`;
}
