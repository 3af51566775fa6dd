import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { quantileSorted } from 'simple-statistics';

/** The outcomes of every session of a span, in order, and the positions of the events among them. */
export interface Occurrences {
  /** Outcomes as fractions. */
  readonly outcomes: Float64Array;
  /** Positions in `outcomes`, ascending. */
  readonly events: readonly number[];
}

export interface Resampling {
  readonly seed: number;
  readonly resamples: number;
  /** Length of a block in sessions. */
  readonly blockSessions: number;
}

/** 95% intervals of the events' figures less those of any day, as fractions. */
export interface DifferenceIntervals {
  readonly mean: readonly [number, number];
  /** Of the share of outcomes above zero; null where all events are, or none is: resampling knows no other outcome. */
  readonly rate: readonly [number, number] | null;
}

/** With fewer events a resampled interval is much too narrow: of three it would hold the truth three times in four. */
const FEWEST_EVENTS = 8;

/**
 * How far the difference between events and any day may be off: the span is put together again from random blocks of
 * itself, each with its outcomes and its events, so that neighbouring events keep their spacing and overlapping windows
 * stay together. Percentiles of the differences of all resamples; one without an event says nothing and is drawn again.
 * Source: D. N. Politis, J. P. Romano, A circular block-resampling procedure for stationary data, in: Exploring the
 * Limits of Bootstrap (1992), 263–270.
 * @returns null for fewer than eight events, or a span of fewer than two blocks
 */
export function blockBootstrap(
  { outcomes, events }: Occurrences,
  { seed, resamples, blockSessions }: Resampling,
): DifferenceIntervals | null {
  const { length } = outcomes;
  if (events.length < FEWEST_EVENTS || length < 2 * blockSessions) return null;
  const isEvent = new Uint8Array(length);
  for (const position of events) isEvent[position] = 1;
  const up = outcomes.map((outcome) => Number(outcome > 0));
  const all = { sum: running(outcomes, blockSessions), up: running(up, blockSessions) };
  const own = {
    n: running(isEvent, blockSessions),
    sum: running(
      outcomes.map((outcome, at) => outcome * (isEvent[at] ?? 0)),
      blockSessions,
    ),
    up: running(
      up.map((value, at) => value * (isEvent[at] ?? 0)),
      blockSessions,
    ),
  };
  const random = xoroshiro128plus(seed);
  const blocks = Math.ceil(length / blockSessions);
  const means = new Float64Array(resamples);
  const rates = new Float64Array(resamples);
  for (let resample = 0; resample < resamples; ) {
    const total = { sum: 0, up: 0, n: 0, ownSum: 0, ownUp: 0 };
    for (let block = 0; block < blocks; block++) {
      const begin = uniformInt(random, 0, length - 1);
      const end = begin + blockSessions;
      total.sum += (all.sum[end] ?? 0) - (all.sum[begin] ?? 0);
      total.up += (all.up[end] ?? 0) - (all.up[begin] ?? 0);
      total.n += (own.n[end] ?? 0) - (own.n[begin] ?? 0);
      total.ownSum += (own.sum[end] ?? 0) - (own.sum[begin] ?? 0);
      total.ownUp += (own.up[end] ?? 0) - (own.up[begin] ?? 0);
    }
    if (total.n === 0) continue;
    means[resample] = total.ownSum / total.n - total.sum / (blocks * blockSessions);
    rates[resample] = total.ownUp / total.n - total.up / (blocks * blockSessions);
    resample++;
  }
  const ups = events.filter((position) => up[position] === 1).length;
  return { mean: interval(means), rate: ups === 0 || ups === events.length ? null : interval(rates) };
}

/** Sums from the first value up to each position, going on from the beginning after the end for one block. */
function running(values: ArrayLike<number>, blockSessions: number): Float64Array {
  const sums = new Float64Array(values.length + blockSessions + 1);
  for (let position = 0; position < values.length + blockSessions; position++) {
    sums[position + 1] = (sums[position] ?? 0) + (values[position % values.length] ?? 0);
  }
  return sums;
}

function interval(values: Float64Array): [number, number] {
  const sorted = values.sort() as unknown as number[];
  return [quantileSorted(sorted, 0.025), quantileSorted(sorted, 0.975)];
}

/** Sums that differ by less are equal: floats depend on the order in which they are added. */
const ROUNDING = 1e-12;

/**
 * The permutation test that keeps the events' spacing: their pattern is moved along the span by every possible number of
 * sessions, going on from the beginning after the end. Exact, without chance.
 * @returns the one-sided p of the mean and of the share above zero: how many of all moves, staying included, do as well
 * or better; null without events
 */
export function shiftTest({ outcomes, events }: Occurrences): { readonly mean: number; readonly rate: number } | null {
  if (events.length === 0) return null;
  const { length } = outcomes;
  let [sumSeen, upSeen] = [0, 0];
  let [asGood, asOften] = [0, 0];
  for (let shift = 0; shift < length; shift++) {
    let [sum, up] = [0, 0];
    for (const event of events) {
      const outcome = outcomes[(event + shift) % length] ?? 0;
      sum += outcome;
      if (outcome > 0) up++;
    }
    if (shift === 0) [sumSeen, upSeen] = [sum, up];
    if (sum >= sumSeen - ROUNDING) asGood++;
    if (up >= upSeen) asOften++;
  }
  return { mean: asGood / length, rate: asOften / length };
}
