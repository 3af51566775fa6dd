const MINUTE = 60_000;
/** So many names are kept at most: who asks for more of them gets none remembered longer. */
const MOST_NAMES = 10_000;

/** Counts what is asked by name, and says where it is too often. */
export interface Limit {
  /** True where a name has been asked for no more than `most` times in this minute, this time included. */
  admits(name: string, most: number): boolean;
}

/** @param now epoch milliseconds */
export function createLimit(now: () => number): Limit {
  const asked = new Map<string, number>();
  let minute = Number.NaN;
  return {
    admits: (name, most) => {
      const current = Math.floor(now() / MINUTE);
      if (current !== minute || asked.size > MOST_NAMES) asked.clear();
      minute = current;
      const times = (asked.get(name) ?? 0) + 1;
      asked.set(name, times);
      return times <= most;
    },
  };
}
