import type { App } from '../app/app.ts';
import { decimalsSaid, isCoarse, refined } from '../market/precision.ts';
import type { Reading } from '../market/source.ts';
import { decimalsNote } from '../store/decimals.ts';

/**
 * Notes that a symbol's closes have more decimals than was known. What an earlier version has rounded to cents is read again,
 * all of it at once, and kept with them: the same closes, so nothing is revised by it.
 * @param whole true where the reading is one of the whole history
 * @throws {SourceError} where the whole history is needed and cannot be read; nothing is stored then
 */
export async function noteDecimals(
  app: Pick<App, 'closes' | 'source' | 'now' | 'host'>,
  reading: Reading,
  whole: boolean,
): Promise<void> {
  const { closes, source, now, host } = app;
  const { symbol } = reading;
  const decimals = decimalsSaid(reading.decimals);
  if (decimals <= closes.decimals(symbol)) return;
  if (isCoarse(reading.bars, closes.known(symbol), decimals)) {
    const { bars } = whole ? reading : await source.read(symbol, undefined, now());
    const changed = refined(bars, closes.known(symbol), decimals);
    await closes.store(symbol, { changed, revisions: [] });
    host.progress(`${symbol}: closes are kept with ${decimals} decimals from now on; all of them were read again`);
  }
  await closes.note(decimalsNote(symbol), String(decimals));
}
