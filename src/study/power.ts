/** The usual size and power of a test: wrong in 5 of 100 where there is nothing, right in 80 of 100 where there is. */
const SIZE = 0.05;
const POWER = 0.8;
/** At one in four years, more than anybody waits for. */
const MOST = 1000;

/**
 * The smallest number of independent occasions with which an exact one-sided binomial test at 5% tells one share from a
 * lower one in four of five cases.
 * @param base the lower share, from 0 to 1
 * @param rate the higher one
 * @returns null where it is no higher, or 1,000 occasions do not do
 * @example occasionsNeeded(0.5, 0.7) // 37
 */
export function occasionsNeeded(base: number, rate: number): number | null {
  if (!(rate > base)) return null;
  // The chances of 0 to n hits, of one occasion more each time.
  const [low, high] = [new Float64Array(MOST + 2), new Float64Array(MOST + 2)];
  low[0] = 1;
  high[0] = 1;
  for (let n = 1; n <= MOST; n++) {
    addOccasion(low, n, base);
    addOccasion(high, n, rate);
    let [size, power] = [0, 0];
    for (let hits = n; hits >= 0; hits--) {
      size += low[hits] ?? 0;
      if (size > SIZE) break;
      power += high[hits] ?? 0;
    }
    if (power >= POWER) return n;
  }
  return null;
}

function addOccasion(chances: Float64Array, n: number, rate: number): void {
  for (let hits = n; hits >= 0; hits--) {
    chances[hits] = (chances[hits] ?? 0) * (1 - rate) + (hits === 0 ? 0 : (chances[hits - 1] ?? 0) * rate);
  }
}
