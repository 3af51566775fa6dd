/** One trading day of the exchange: its ISO date there, `YYYY-MM-DD` (New York for the built-in signal). ISO dates sort as text. */
export type Session = string;

/** The closing value of one session, in index points with two decimals. */
export interface Close {
  readonly session: Session;
  readonly close: number;
}

/**
 * Index points rounded to two decimals. Providers send floats that jitter between readings
 * (2467.699951171875), and exchanges publish two decimals: rounded, equal closes are equal.
 */
export function roundClose(value: number): number {
  return Math.round(value * 100) / 100;
}
