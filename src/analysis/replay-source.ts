import type { App } from '../app/app.ts';
import type { Source } from '../market/source.ts';
import type { Signal } from '../signal/signal.ts';
import { keptClose } from '../store/decimals.ts';
import { firstOnOrAfter, lastOnOrBefore } from '../study/outcomes.ts';

/**
 * A source that knows the closes up to the evening on which it is asked, and nothing later. What is held is read too, so
 * that it is judged, and not believed, again.
 */
export function sourceOf({ source, closes }: Pick<App, 'closes' | 'source'>, { index, benchmark }: Signal): Source {
  const lists = new Map(
    [index, benchmark].map((symbol) => [
      symbol,
      closes
        .known(symbol)
        .map((row) => ({ session: row.session, close: keptClose(row) ?? (row.held && keptClose(row.held)) })),
    ]),
  );
  return {
    name: source.name,
    needsNetwork: false,
    ...(source.note === undefined ? {} : { note: source.note }),
    read: async (symbol, from, now) => {
      const list = lists.get(symbol) ?? [];
      const begin = from === undefined ? 0 : firstOnOrAfter(list, from);
      const end = lastOnOrBefore(list, closes.exchange(symbol).lastSessionOver(now)) + 1;
      return { symbol, bars: list.slice(begin, end), decimals: closes.decimals(symbol) };
    },
  };
}
