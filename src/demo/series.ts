import type { Close } from '../market/close.ts';
import { type Facts, RECORD_BEFORE, RUSSELL_2000, SP_500 } from './facts.ts';
import { type Corridor, corridorsBetweenRecords, seededRandom, simulateBetween } from './simulate.ts';
import { RUSSELL_2000_TAKES, SP_500_TAKES } from './takes.ts';

/** In how many ways a month can be simulated: two digits of base 36. */
const TAKES = 36 ** 2;

/** The largest size of daily moves: three times it, with the way to the next published close, is still a move that is believed. */
const WILDEST = 0.03;

/** An index of the demo. */
export interface Series {
  readonly facts: Facts;
  /** A row for each year: its months' takes, in base 36. */
  readonly takes: string;
  readonly corridors: readonly Corridor[];
  /** Tells the chance of one index from the other's. */
  readonly seed: number;
}

/** By symbol. */
export const SERIES: ReadonlyMap<string, Series> = new Map([
  [
    '^RUT',
    {
      facts: RUSSELL_2000,
      takes: RUSSELL_2000_TAKES,
      // Records are counted with the earlier series and, where another reading of the rule asks for it, without.
      corridors: [
        ...corridorsBetweenRecords([RECORD_BEFORE, ...RUSSELL_2000.closes]),
        ...corridorsBetweenRecords(RUSSELL_2000.closes),
      ],
      seed: 1 << 26,
    },
  ],
  ['^GSPC', { facts: SP_500, takes: SP_500_TAKES, corridors: [], seed: 0 }],
]);

/**
 * The closes of an index, every session of them.
 * @param published by default all; those of some months and the last close before them simulate these months alone
 * @param takeOf the take of a month (`2025-09`), from 0 to 1295; by default the chosen one
 */
export function simulate(
  { facts, takes, corridors, seed }: Series,
  takeOf: (month: string) => number = takesFrom(takes),
  published: readonly Close[] = facts.closes,
): Close[] {
  return simulateBetween(published, {
    volatility: (month) => Math.min(facts.moves.get(month) ?? 0, WILDEST),
    random: (month) => seededRandom(seed + takeOf(month) + TAKES * monthNumber(month)),
    corridors,
  });
}

/** Reads the takes of a series: the one of each month. */
export function takesFrom(rows: string): (month: string) => number {
  const years = new Map(
    rows
      .trim()
      .split('\n')
      .map((row) => [row.slice(0, 4), row.split(' ').slice(1)]),
  );
  return (month) => Number.parseInt(years.get(month.slice(0, 4))?.[monthNumber(month) % 12] ?? '', 36);
}

/** Months since the year 0. */
function monthNumber(month: string): number {
  return 12 * Number(month.slice(0, 4)) + Number(month.slice(5, 7)) - 1;
}
