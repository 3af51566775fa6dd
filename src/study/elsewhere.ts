import type { Session } from '../market/close.ts';
import type { Signal } from '../signal/signal.ts';
import { windowOf } from './outcomes.ts';
import { historyOf, type SignalCloses } from './signal-closes.ts';
import { mean } from './statistics.ts';
import { study } from './study.ts';
import { overlapOf, type Window } from './windows.ts';

/** What the benchmark did a year after the events of one index. Returns and shares are fractions. */
export interface ElsewhereRow {
  readonly index: string;
  readonly name: string;
  /** First session of the index. */
  readonly from: Session;
  /** Reached outcomes, and how many of them are above zero. */
  readonly n: number;
  readonly up: number;
  readonly mean: number | null;
  readonly baseRate: number | null;
  readonly armedRate: number | null;
  readonly armedN: number;
  readonly armedWaits: number;
}

/** The rows of other indices together. */
export interface Pooled {
  readonly n: number;
  readonly up: number;
  readonly mean: number | null;
  /** The share above zero that any day of each index's span would have brought, by the occasions of each. */
  readonly baseRate: number | null;
  readonly armedRate: number | null;
  /** The greatest number of these years that do not overlap: indices move together. */
  readonly independent: number;
}

/** The same rule on other indices. */
export interface Elsewhere {
  readonly benchmark: string;
  readonly quietYears: number;
  readonly own: ElsewhereRow;
  readonly others: readonly ElsewhereRow[];
  /** Null where no other index has an outcome. */
  readonly pooled: Pooled | null;
  /** What having chosen one of so many is worth; null without outcomes of its own. */
  readonly choice: Choice | null;
}

export interface Choice {
  /** The signals that one was chosen of. */
  readonly signals: number;
  /** p of the one that was chosen. */
  readonly pValue: number;
  /** The chance that the best of so many does as well, were all of them worth nothing and independent. */
  readonly chance: number;
}

/** An index that the rule is tried on. */
export interface Candidate {
  readonly signal: Signal;
  readonly name: string;
  readonly closes: SignalCloses;
}

const MONTHS = 12;

/** @returns undefined while the own index has no close */
export function elsewhere(own: Candidate, candidates: readonly Candidate[]): Elsewhere | undefined {
  const first = rowOf(own);
  if (first === undefined) return undefined;
  const others = candidates.flatMap((candidate) => rowOf(candidate) ?? []);
  const signals = 1 + others.length;
  return {
    benchmark: own.signal.benchmark,
    quietYears: own.signal.quietYears,
    own: first.row,
    others: others.map(({ row }) => row),
    pooled: pooledOf(others),
    choice: first.pValue === null ? null : { signals, pValue: first.pValue, chance: 1 - (1 - first.pValue) ** signals },
  };
}

interface Tried {
  readonly row: ElsewhereRow;
  readonly pValue: number | null;
  readonly outcomes: readonly number[];
  readonly windows: readonly Window[];
}

function rowOf({ signal, name, closes }: Candidate): Tried | undefined {
  const plain = study({ ...signal, horizons: [MONTHS] }, historyOf(signal, closes), closes.benchmark);
  const year = plain?.horizons[MONTHS];
  if (plain === undefined || year === undefined) return undefined;
  const { n, up, baseRate, armedRate, armedN, armedWaits, pValue } = year;
  const reached = plain.events.filter(({ outcomes }) => typeof outcomes[MONTHS] === 'number');
  return {
    row: {
      ...{ index: signal.index, name, from: plain.span.from },
      ...{ n, up, mean: year.mean, baseRate, armedRate, armedN, armedWaits },
    },
    pValue,
    outcomes: reached.flatMap(({ outcomes }) => outcomes[MONTHS] ?? []),
    windows: reached.map(({ session }) => windowOf(closes.benchmark, session, MONTHS)),
  };
}

function pooledOf(tried: readonly Tried[]): Pooled | null {
  const known = tried.filter(({ row }) => row.n > 0);
  const n = known.reduce((sum, { row }) => sum + row.n, 0);
  if (n === 0) return null;
  const expected = (of: (row: ElsewhereRow) => number | null): number | null =>
    known.reduce<number | null>((sum, { row }) => {
      const rate = of(row);
      return sum === null || rate === null ? null : sum + (row.n / n) * rate;
    }, 0);
  return {
    n,
    up: known.reduce((sum, { row }) => sum + row.up, 0),
    mean: mean(known.flatMap(({ outcomes }) => outcomes)),
    baseRate: expected(({ baseRate }) => baseRate),
    armedRate: expected(({ armedRate }) => armedRate),
    independent: overlapOf(known.flatMap(({ windows }) => windows)).independent,
  };
}
