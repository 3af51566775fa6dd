/** A seeded source of chance, from 0 to below 1: the same seed gives the same trials. */
export type Chance = () => number;

/** Mulberry32, by Tommy Ettinger: https://gist.github.com/tommyettinger/46a874533244883189143505d203312c */
export function chanceOf(seed: number): Chance {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A whole number from one to another, both included. */
export function between(chance: Chance, from: number, to: number): number {
  return from + Math.floor(chance() * (to - from + 1));
}

/** One of them. */
export function oneOf<T>(chance: Chance, all: readonly T[]): T {
  const one = all[Math.floor(chance() * all.length)];
  if (one === undefined) throw new RangeError('there is nothing to choose from');
  return one;
}
