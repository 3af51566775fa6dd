import { heldValues } from '../check/held-values.ts';
import { date, firstOf, points } from '../message/format.ts';
import type { Signal } from '../signal/signal.ts';
import type { ClosesStore } from '../store/closes.ts';

/** The closes of a signal that are not believed, and so not studied. */
export function heldLines(closes: ClosesStore, { index, benchmark }: Signal): string[] {
  return [...new Set([index, benchmark])].flatMap((symbol) => {
    const held = heldValues(closes, symbol);
    const values = held.map(({ session, close, reason }) => `${points(close)} on ${date(session)} (${reason})`);
    return held.length === 0 ? [] : [`${symbol}: held, so left out: ${firstOf(values)}`];
  });
}
