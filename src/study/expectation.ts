import type { Close } from '../market/close.ts';
import { anyDayDrawdowns } from './any-day-drawdowns.ts';
import { occasionsNeeded } from './power.ts';
import { median } from './statistics.ts';
import type { HorizonStatistics, StudiedEvent } from './study.ts';

/** The best guess for the next event, a year later. Returns are fractions. */
export interface BestGuess {
  /** The share of higher years, shrunken towards any day's: from the prior's least to its greatest weight, ascending. */
  readonly rate: readonly [number, number];
  /** The mean outcome, shrunken in the same way. */
  readonly mean: readonly [number, number];
  /** What any day, the prior, counts for, in independent years: at least as many as there are occasions, at most all. */
  readonly priorYears: readonly [number, number];
}

/** What to expect of the next event, a year later. */
export interface Expectation extends BestGuess {
  /** So many occasions would tell the share of the events from that of any day; null: it is no higher, or by too little. */
  readonly neededOccasions: number | null;
  /** The years that these take, as often as they came; null with them. */
  readonly neededYears: number | null;
  readonly drawdown: DrawdownBesideAnyDay | null;
}

/** The maximum drawdown inside the year, after events and after any day. */
export interface DrawdownBesideAnyDay {
  readonly n: number;
  readonly median: number;
  /** How many went past `deep`. */
  readonly past: number;
  readonly baseN: number;
  readonly baseMedian: number;
  /** The share of all days whose year went past it. */
  readonly basePast: number;
  /** A fall that counts as deep, as a fraction. */
  readonly deep: number;
}

const MONTHS = 12;
const YEAR_SESSIONS = 252;
const DEEP = -0.2;

/**
 * @param year the statistics of 12 months
 * @param from the first session that counts for any day
 * @returns null while there is no outcome of an event, or of any day
 */
export function expectationOf(
  year: HorizonStatistics,
  events: readonly StudiedEvent[],
  benchmark: readonly Close[],
  from: string,
): Expectation | null {
  const { n, up, baseRate } = year;
  const guess = bestGuessOf(year);
  if (guess === null || baseRate === null) return null;
  const [, years] = guess.priorYears;
  const neededOccasions = occasionsNeeded(baseRate, up / n);
  return {
    ...guess,
    neededOccasions,
    neededYears: neededOccasions === null ? null : Math.round((neededOccasions * years) / n),
    drawdown: drawdownBesideAnyDay(events, benchmark, from),
  };
}

/**
 * The share and the mean of the events, shrunken towards those of any day.
 * @param year the statistics of 12 months
 * @returns null while there is no outcome of an event, or of any day
 */
export function bestGuessOf({ n, up, mean, baseRate, baseMean, baseN }: HorizonStatistics): BestGuess | null {
  if (mean === null || baseRate === null || baseMean === null) return null;
  const years = Math.max(1, Math.round(baseN / YEAR_SESSIONS));
  const weights = [Math.min(n, years), years] as const;
  const shrunken = (seen: number, prior: number) =>
    ascending(weights.map((weight) => (n * seen + weight * prior) / (n + weight)));
  return { rate: shrunken(up / n, baseRate), mean: shrunken(mean, baseMean), priorYears: weights };
}

function drawdownBesideAnyDay(
  events: readonly StudiedEvent[],
  benchmark: readonly Close[],
  from: string,
): DrawdownBesideAnyDay | null {
  const anyDay = anyDayDrawdowns(benchmark, from, MONTHS);
  const own = events.flatMap(({ drawdown12 }) => drawdown12 ?? []);
  const [middle, baseMiddle] = [median(own), median(anyDay)];
  if (middle === null || baseMiddle === null) return null;
  return {
    n: own.length,
    median: middle,
    past: own.filter((fall) => fall < DEEP).length,
    baseN: anyDay.length,
    baseMedian: baseMiddle,
    basePast: anyDay.filter((fall) => fall < DEEP).length / anyDay.length,
    deep: DEEP,
  };
}

function ascending([a = 0, b = 0]: readonly number[]): [number, number] {
  return a < b ? [a, b] : [b, a];
}
