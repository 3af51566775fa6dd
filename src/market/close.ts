/** One trading day of the exchange: its ISO date there, `YYYY-MM-DD` (New York for the built-in signal). ISO dates sort as text. */
export type Session = string;

/** The closing value of one session, in index points at the precision of its source: equal closes are equal. */
export interface Close {
  readonly session: Session;
  readonly close: number;
  /** The value as the source sent it, where it has more digits than that; it is what returns are calculated with. */
  readonly exact?: number;
}

/** What a close is calculated with. */
export function exactOf({ close, exact }: Pick<Close, 'close' | 'exact'>): number {
  return exact ?? close;
}

/** Index points rounded to two decimals, as exchanges publish them. */
export function roundClose(value: number): number {
  return roundTo(value, 2);
}

/** A value rounded to so many decimals. */
export function roundTo(value: number, decimals: number): number {
  // A power takes longer than all the rest, and nearly every one is this.
  const scale = decimals === 2 ? 100 : 10 ** decimals;
  return Math.round(value * scale) / scale;
}
