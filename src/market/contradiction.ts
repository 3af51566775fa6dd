import type { Close } from './close.ts';
import { CENTS } from './precision.ts';
import { isChanged, type Pair, pairsOf, ruleOf } from './restatement.ts';
import type { Bar } from './source.ts';

/** Closes that mostly say something else than what is stored: not single corrections but other data. */
export interface Contradiction {
  /** Sessions that both have. */
  readonly both: number;
  /** How many of them differ. */
  readonly differ: number;
  /** What the closes look like, as the end of a sentence. */
  readonly looksLike: string;
}

/** The share of closes that has to fit for them to look like something. */
const MOST = 0.8;
/** Dates that are off are off by a day or two; a few sessions more where holidays lie between. */
const SHIFTS = [1, -1, 2, -2, 3, -3];

/**
 * Compares closes with the stored ones of their sessions.
 * @param stored accepted closes, ascending
 * @param others the accepted closes of other symbols, which it may be instead; asked only where most differ
 * @param fewest so many have to differ
 * @param decimals of the source
 * @returns undefined where at least half of them agree, or fewer differ
 */
export function contradictionOf(
  bars: readonly Bar[],
  stored: readonly Close[],
  others: () => Iterable<readonly [symbol: string, closes: readonly Close[]]>,
  fewest: number,
  decimals: number = CENTS,
): Contradiction | undefined {
  const pairs = pairsOf(bars, stored, decimals);
  const changed = pairs.filter((pair) => isChanged(pair, decimals));
  if (changed.length < fewest || changed.length * 2 <= pairs.length) return undefined;
  const looksLike =
    otherDates(pairs, stored, decimals) ??
    otherSymbol(bars, others(), decimals) ??
    otherScale(changed, decimals) ??
    ANOTHER;
  return { both: pairs.length, differ: changed.length, looksLike };
}

const ANOTHER = 'this looks like another index, or like closes adjusted for dividends';

/** The stored closes under the dates of other sessions. */
function otherDates(pairs: readonly Pair[], stored: readonly Close[], decimals: number): string | undefined {
  const positions = new Map(stored.map(({ session }, position) => [session, position]));
  const sessions = SHIFTS.find((shift) => {
    const there = pairs.flatMap(({ session, read }) => {
      const close = stored[(positions.get(session) ?? Number.NaN) - shift]?.close;
      return close === undefined ? [] : [{ stored: close, read }];
    });
    // At the ends of what is stored some have no other session.
    return there.length >= pairs.length * MOST - Math.abs(shift) && fits(there, decimals);
  });
  if (sessions === undefined) return undefined;
  const count = ['one session', 'two sessions', 'three sessions'][Math.abs(sessions) - 1];
  return `these are the stored closes with dates ${count} ${sessions > 0 ? 'later' : 'earlier'}`;
}

function otherSymbol(
  bars: readonly Bar[],
  others: Iterable<readonly [symbol: string, closes: readonly Close[]]>,
  decimals: number,
): string | undefined {
  for (const [symbol, closes] of others) {
    if (fits(pairsOf(bars, closes, decimals), decimals)) return `these are the stored closes of ${symbol}`;
  }
  return undefined;
}

function otherScale(changed: readonly Pair[], decimals: number): string | undefined {
  const rule = ruleOf(changed, decimals);
  if (rule === undefined) return undefined;
  if (rule.kind === 'shift') {
    return `these are the stored closes ${rule.by > 0 ? 'plus' : 'minus'} ${plain(Math.abs(rule.by))} points`;
  }
  if (rule.by >= 2) return `these are about ${plain(rule.by)} times the stored closes`;
  if (rule.by <= 0.5) return `these are about 1/${plain(1 / rule.by)} of the stored closes`;
  return `these are the stored closes times ${plain(rule.by)}`;
}

/** True where there are some, and most are one value. */
function fits(pairs: readonly Pick<Pair, 'stored' | 'read'>[], decimals: number): boolean {
  return pairs.length > 1 && pairs.filter((pair) => !isChanged(pair, decimals)).length >= pairs.length * MOST;
}

function plain(value: number): string {
  return String(Number(value.toPrecision(4)));
}
