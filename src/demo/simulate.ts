import { type Close, roundClose, type Session } from '../market/close.ts';
import { sessionsBetween } from '../market/new-york.ts';
import { addMonths } from '../market/session.ts';

/** The smallest step of a close, in index points: a close that stays this far off a record neither passes nor equals it. */
const TICK = 0.01;

/** Two records further apart than this have a quiet period between them: the shortest that any reading of the rule looks for is 6. */
const QUIET_MONTHS = 3;

/** Numbers from 0 to 1 (not included), evenly spread: what `Math.random` gives, but the same ones every time. */
export type Random = () => number;

/** Limits, in index points and both included, for what is simulated after the session `from` and before `until`. */
export interface Corridor {
  readonly from: Session;
  readonly until: Session;
  readonly low: number;
  readonly high: number;
}

/** How to simulate. */
export interface Simulation {
  /** Standard deviation of the daily moves of a month (`2025-09`), as a fraction: 0.01 is one percent. */
  readonly volatility: (month: string) => number;
  /** The chance of a month. Each has its own, so that another take of one changes no other. */
  readonly random: (month: string) => Random;
  readonly corridors?: readonly Corridor[];
}

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
 * In a quiet period nothing reaches the record before it, or falls to the lowest close published in between. Elsewhere
 * closes may pass the last published record but not reach the next one.
 */
export function corridorsBetweenRecords(published: readonly Close[]): Corridor[] {
  const records = recordsOf(published);
  const newest = records.at(-1);
  const after = newest && { from: newest.session, until: '9999-12-31', low: 0, high: newest.close - TICK };
  const before = records.slice(1).map((next, index) => {
    const last = records[index] ?? next;
    const between = { from: last.session, until: next.session };
    const quiet = next.session > addMonths(last.session, QUIET_MONTHS);
    if (!quiet) return { ...between, low: 0, high: next.close - TICK };
    const inside = published.filter(({ session }) => last.session < session && session < next.session);
    const lowest = Math.min(...inside.map(({ close }) => close));
    return { ...between, low: lowest + TICK, high: last.close - TICK };
  });
  return after === undefined ? before : [...before, after];
}

/**
 * Closes for every session from the first published one to the last: the published ones exactly, and between each two
 * of them a random walk that keeps inside its corridors, where there are some.
 * @param published ascending closes of sessions, the last one of each month among them
 */
export function simulateBetween(
  published: readonly Close[],
  { volatility, random, corridors = [] }: Simulation,
): Close[] {
  const [first, ...others] = published;
  if (!first) return [];
  const sessions = sessionsBetween(first.session, others.at(-1)?.session ?? first.session);
  const closes = [first];
  let start = first;
  let month = monthOf(first);
  let chance = random(month);
  for (const end of others) {
    if (monthOf(end) !== month) {
      month = monthOf(end);
      chance = random(month);
    }
    const size = volatility(month);
    const inside = sessions.slice(closes.length, sessions.indexOf(end.session, closes.length));
    const limits = limitsOf(corridors.filter(({ from, until }) => from < end.session && end.session <= until));
    closes.push(...bridge(start, end, inside, () => size * standardMove(chance), limits), end);
    start = end;
  }
  return closes;
}

function monthOf({ session }: Close): string {
  return session.slice(0, 7);
}

/** What lies in all of the corridors. */
function limitsOf(corridors: readonly Corridor[]): { readonly low: number; readonly high: number } {
  return {
    low: Math.max(0, ...corridors.map(({ low }) => low)),
    high: Math.min(Number.POSITIVE_INFINITY, ...corridors.map(({ high }) => high)),
  };
}

/** A Brownian bridge: a random walk of the logarithm, tilted so that it arrives at `end`, and mirrored at the limits. */
function bridge(
  start: Close,
  end: Close,
  inside: readonly Session[],
  move: () => number,
  limits: { readonly low: number; readonly high: number },
): Close[] {
  let walked = 0;
  const walk = inside.map((session) => {
    walked += move();
    return { session, walked };
  });
  walked += move();
  const tilt = (Math.log(end.close / start.close) - walked) / (inside.length + 1);
  const low = Math.log(limits.low);
  const high = Math.log(limits.high);
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
 * no chance can bring a daily move that the sanity rules would hold.
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
