import { type Close, roundClose, type Session } from '../market/close.ts';
import { sessionsBetween } from '../market/new-york.ts';
import { addMonths } from '../market/session.ts';

/** The smallest step of a close, in index points: a close that stays this far off a record neither passes nor equals it. */
const TICK = 0.01;

/** Numbers from 0 to 1 (not included), evenly spread: what `Math.random` gives, but the same ones every time. */
export type Random = () => number;

/** Limits, in index points and both included, for what is simulated up to (not including) the session `until`. */
interface Corridor {
  readonly until: Session;
  readonly low: number;
  readonly high: number;
}

const OPEN = { low: 0, high: Number.POSITIVE_INFINITY };

/** The generator mulberry32, by Tommy Ettinger (public domain). The same seed, a whole number, gives the same numbers. */
export function seededRandom(seed: number): Random {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let bits = Math.imul(state ^ (state >>> 15), state | 1);
    bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61);
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * The corridors that keep the story of the published closes: their records stay the records and their lows the lows.
 * Over a year between two published records is a quiet period: nothing reaches the first of them again, or falls to the
 * lowest close published in between. Within a year, closes may pass the first record but not reach the second.
 */
export function corridorsBetweenRecords(published: readonly Close[]): Corridor[] {
  const records = recordsOf(published);
  return records.slice(1).map((next, index) => {
    const last = records[index] ?? next;
    const quiet = next.session > addMonths(last.session, 12);
    if (!quiet) return { until: next.session, low: 0, high: next.close - TICK };
    const between = published.filter(({ session }) => last.session < session && session < next.session);
    const lowest = Math.min(...between.map(({ close }) => close));
    return { until: next.session, low: lowest + TICK, high: last.close - TICK };
  });
}

/**
 * Closes for every session from the first published one to the last: the published ones exactly, and between each two
 * of them a random walk that keeps inside its corridor, where there is one.
 * @param published ascending closes of sessions
 * @param volatility standard deviation of the daily moves as a fraction: 0.01 is one percent
 */
export function simulateBetween(
  published: readonly Close[],
  volatility: number,
  random: Random,
  corridors: readonly Corridor[] = [],
): Close[] {
  const [first, ...others] = published;
  if (!first) return [];
  const sessions = sessionsBetween(first.session, others.at(-1)?.session ?? first.session);
  const closes = [first];
  let start = first;
  for (const end of others) {
    const inside = sessions.slice(closes.length, sessions.indexOf(end.session, closes.length));
    const corridor = corridors.find(({ until }) => end.session <= until);
    closes.push(...bridge(start, end, inside, () => volatility * standardMove(random), corridor), end);
    start = end;
  }
  return closes;
}

/** A Brownian bridge: a random walk of the logarithm, tilted so that it arrives at `end`, and mirrored at the limits. */
function bridge(start: Close, end: Close, inside: readonly Session[], move: () => number, corridor = OPEN): Close[] {
  let walked = 0;
  const walk = inside.map((session) => {
    walked += move();
    return { session, walked };
  });
  walked += move();
  const tilt = (Math.log(end.close / start.close) - walked) / (inside.length + 1);
  const low = Math.log(corridor.low);
  const high = Math.log(corridor.high);
  return walk.map(({ session, walked }, index) => {
    const value = Math.log(start.close) + walked + tilt * (index + 1);
    return { session, close: roundClose(Math.exp(mirrored(value, low, high))) };
  });
}

/** The value, mirrored at the limits until it lies between them. Mirroring never makes a step longer. */
function mirrored(value: number, low: number, high: number): number {
  if (value > high) return mirrored(2 * high - value, low, high);
  if (value < low) return mirrored(2 * low - value, low, high);
  return value;
}

/**
 * A random move with mean 0 and standard deviation 1. A sum of three even ones is nearly normal, but never beyond 3: so
 * no seed can bring a daily move that the sanity rules would hold.
 */
function standardMove(random: Random): number {
  return 2 * (random() + random() + random()) - 3;
}

/** Closes above every earlier one. */
function recordsOf(closes: readonly Close[]): Close[] {
  let highest = 0;
  return closes.filter(({ close }) => {
    const isRecord = close > highest;
    if (isRecord) highest = close;
    return isRecord;
  });
}
