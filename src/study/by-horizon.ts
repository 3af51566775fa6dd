/** Something of each horizon, by its calendar months. */
export type Horizons<T> = Readonly<Record<string, T>>;

/** @param of the months of a horizon, and its position among all */
export function byHorizon<T>(
  horizons: readonly number[],
  of: (months: number, position: number) => T,
): Record<string, T> {
  return Object.fromEntries(horizons.map((months, position) => [String(months), of(months, position)]));
}

/** One figure less another one; null where one of them is not known. */
export function less(a: number | null, b: number | null): number | null {
  return a === null || b === null ? null : a - b;
}
