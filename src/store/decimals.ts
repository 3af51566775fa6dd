import { exactOf } from '../market/close.ts';
import type { KnownClose } from '../market/known-close.ts';
import { CENTS, decimalsSaid, precise } from '../market/precision.ts';

/** The name of what is noted of a symbol whose closes have more decimals than two. */
export function decimalsNote(symbol: string): string {
  return `decimals ${symbol}`;
}

/** The decimals of a symbol by what is noted of it. */
export function decimalsNoted(note: string | undefined): number {
  return note === undefined ? CENTS : decimalsSaid(Number(note));
}

/** What a store keeps of an accepted close: the value as it was sent. */
export function keptClose({ close, exact }: Pick<KnownClose, 'close' | 'exact'>): number | null {
  return close === null ? null : exactOf({ close, ...(exact === undefined ? {} : { exact }) });
}

/** What is known of a session, whose values a store keeps as they were sent, at the precision of its source. */
export function atPrecision(kept: KnownClose, decimals: number): KnownClose {
  const { close, held } = kept;
  const [own, other] = [close === null ? { close } : precise(close, decimals), held && precise(held.close, decimals)];
  if (own.close === close && (held === null || other?.close === held.close)) return kept;
  return { ...kept, ...own, held: held && { ...held, ...other } };
}
