import type { Session } from '../market/close.ts';
import type { ClosesStore } from '../store/closes.ts';

export interface HeldReport {
  readonly symbol: string;
  readonly session: Session;
  readonly close: number;
  readonly reason: string;
  readonly since: string;
}

/** The values of a symbol that are not believed. */
export function heldValues(closes: ClosesStore, symbol: string): HeldReport[] {
  return closes
    .held(symbol)
    .flatMap(({ session, held }) =>
      held === null ? [] : [{ symbol, session, close: held.close, reason: held.reason, since: held.since }],
    );
}
