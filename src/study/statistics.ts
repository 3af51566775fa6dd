import quickselect from 'quickselect';

/**
 * The arithmetic mean.
 * @returns null for no values
 */
export function mean(values: ArrayLike<number>): number | null {
  let sum = 0;
  for (let index = 0; index < values.length; index++) sum += values[index] ?? 0;
  return values.length === 0 ? null : sum / values.length;
}

/**
 * The middle value of the sorted values; the mean of the two middle ones for an even count.
 * @returns null for no values
 */
export function median(values: ArrayLike<number>): number | null {
  const sorted = Float64Array.from(values);
  const middle = sorted.length >> 1;
  // Of thousands of values only the middle is put in its place.
  quickselect(sorted as unknown as number[], middle);
  const upper = sorted[middle];
  if (upper === undefined) return null;
  const lower = sorted.length % 2 === 1 ? upper : sorted.subarray(0, middle).reduce((a, b) => Math.max(a, b));
  return (lower + upper) / 2;
}

/** The 97.5% quantile of the standard normal distribution. */
const Z_95 = 1.959963984540054;

/**
 * Wilson's score interval at 95% for a proportion: where the true rate lies when `successes` of `trials` were seen.
 * Source: E. B. Wilson, Probable Inference, JASA 22 (1927), 209–212.
 * @returns [low, high] as fractions; null for no trials
 * @throws {RangeError} unless 0 ≤ successes ≤ trials, both whole
 * @example wilson(9, 11) // [0.523019, 0.948632]
 */
export function wilson(successes: number, trials: number): [number, number] | null {
  requireCounts('wilson', successes, trials);
  if (trials === 0) return null;
  const rate = successes / trials;
  const z2 = Z_95 * Z_95;
  const centre = rate + z2 / (2 * trials);
  const spread = Z_95 * Math.sqrt((rate * (1 - rate)) / trials + z2 / (4 * trials * trials));
  const scale = 1 + z2 / trials;
  return [Math.max(0, (centre - spread) / scale), Math.min(1, (centre + spread) / scale)];
}

/**
 * The exact one-sided binomial p: the chance of `successes` or more in `trials` independent trials at `rate`.
 * @throws {RangeError} unless 0 ≤ successes ≤ trials, both whole, and 0 ≤ rate ≤ 1
 * @example binomialAtLeast(11, 11, 0.74) // 0.0364375
 */
export function binomialAtLeast(successes: number, trials: number, rate: number): number {
  requireCounts('binomialAtLeast', successes, trials);
  if (!(rate >= 0 && rate <= 1)) throw new RangeError(`binomialAtLeast requires a rate from 0 to 1, not ${rate}`);
  let sum = 0;
  for (let k = successes; k <= trials; k++) sum += choose(trials, k) * rate ** k * (1 - rate) ** (trials - k);
  return Math.min(1, sum);
}

function choose(n: number, k: number): number {
  let ways = 1;
  for (let i = 1; i <= Math.min(k, n - k); i++) ways = (ways * (n - i + 1)) / i;
  return ways;
}

function requireCounts(name: string, successes: number, trials: number): void {
  if (Number.isInteger(successes) && Number.isInteger(trials) && successes >= 0 && successes <= trials) return;
  throw new RangeError(`${name} requires whole numbers with 0 <= successes <= trials, not ${successes} of ${trials}`);
}
