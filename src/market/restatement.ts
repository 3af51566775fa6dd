import { type Close, exactOf, type Session } from './close.ts';
import type { Judgement, KnownClose, Revision } from './known-close.ts';
import { CENTS, precise } from './precision.ts';
import { dateText } from './session.ts';
import type { Bar } from './source.ts';

/** Stored closes that a reading tells otherwise, all of them by one factor or one shift. */
export interface Restatement {
  readonly kind: 'factor' | 'shift';
  /** What the stored closes were multiplied by, or what was added to them, index points. */
  readonly by: number;
  readonly from: Session;
  readonly to: Session;
  /** How many sessions are told otherwise. */
  readonly sessions: number;
  /** Which of the sessions that both have: all of them, those from a day on, or those up to a day. */
  readonly part: 'all' | 'newer' | 'older';
  /** True where the reading is of one scale: all of it is restated, or the step between two scales is in what is stored. */
  readonly isWhole: boolean;
}

/** Fewer changed closes than these are revisions of single sessions; of two, each by more than this fraction. */
const FEWEST = 2;
const OF_TWO = 0.005;
/** What rounding and the floats of a provider make of a close does not count: a fraction, and steps of its last decimal. */
const UNCHANGED = 0.0002;
const UNCHANGED_STEPS = 1.5;
/** The share of a span's closes that has to follow the rule. */
const MOST = 0.8;

/**
 * Compares a reading with what is accepted. An index that is divided by a hundred, or a split of 5:4, changes every close
 * by one factor; a provider's mistake the newest ones only. Neither may be judged one close at a time: the new values
 * would meet a record of the old scale.
 * @param bars of one reading, ascending
 * @param known what is stored, ascending
 * @param decimals of the source
 * @returns undefined where nothing changed, or single sessions were revised
 */
export function restatementOf(
  bars: readonly Bar[],
  known: readonly KnownClose[],
  decimals: number = CENTS,
): Restatement | undefined {
  const pairs = pairsOf(bars, known, decimals);
  const changed = pairs.filter((pair) => isChanged(pair, decimals));
  const [first, last] = [changed[0], changed.at(-1)];
  if (first === undefined || last === undefined || changed.length < FEWEST) return undefined;
  const small = ({ stored, read }: Pair) => Math.abs(read / stored - 1) <= OF_TWO;
  if (changed.length === FEWEST && changed.some(small)) return undefined;
  const rule = ruleOf(changed, decimals);
  if (rule === undefined) return undefined;
  const inside = pairs.filter(({ session }) => session >= first.session && session <= last.session);
  if (changed.length < inside.length * MOST) return undefined;
  const [begins, ends] = [first === pairs[0], last === pairs.at(-1)];
  const part = begins && ends ? 'all' : ends ? 'newer' : begins ? 'older' : null;
  // A block in the middle is a correction of just these sessions.
  if (part === null) return undefined;
  const meets = part === 'newer' ? pairs.indexOf(first) : pairs.indexOf(last) + 1;
  const isWhole = part === 'all' || isSmoother(pairs, meets, rule);
  return { ...rule, from: first.session, to: last.session, sessions: changed.length, part, isWhole };
}

/** A step that is bigger than what days bring, in logs: of smaller ones it cannot be said on which side they are. */
const STEP = 0.1;

/** True where the stored closes jump to another scale at a position, and the ones that were read do not. */
function isSmoother(pairs: readonly Pair[], position: number, { kind, by }: Pick<Restatement, 'kind' | 'by'>): boolean {
  const [before, after] = [pairs[position - 1], pairs[position]];
  if (before === undefined || after === undefined || kind === 'shift' || Math.abs(Math.log(by)) < STEP) return false;
  return Math.abs(Math.log(after.read / before.read)) < Math.abs(Math.log(after.stored / before.stored));
}

/** One session that both a reading and the store have a close of, index points. */
export interface Pair {
  readonly session: Session;
  readonly stored: number;
  readonly read: number;
}

export function pairsOf(
  bars: readonly Bar[],
  known: readonly (Pick<KnownClose, 'session' | 'close'> & Pick<Close, 'exact'>)[],
  decimals: number,
): Pair[] {
  const stored = new Map(known.map((row) => [row.session, row]));
  return bars.flatMap(({ session, close }) => {
    const { close: before = null, exact } = stored.get(session) ?? {};
    const read = precise(close ?? 0, decimals).close;
    if (before === null || !(Number.isFinite(read) && read > 0)) return [];
    return {
      session,
      stored: precise(exactOf({ close: before, ...(exact === undefined ? {} : { exact }) }), decimals).close,
      read,
    };
  });
}

/** True where they are two values, and not one that was rounded. */
export function isChanged({ stored, read }: Pick<Pair, 'stored' | 'read'>, decimals: number): boolean {
  return Math.abs(read - stored) > UNCHANGED_STEPS * step(decimals) && Math.abs(read / stored - 1) > UNCHANGED;
}

/** The factor or the shift that most changed closes follow. */
export function ruleOf(changed: readonly Pair[], decimals: number): Pick<Restatement, 'kind' | 'by'> | undefined {
  const factor = median(changed.map(({ stored, read }) => read / stored));
  const follows = changed.filter(
    ({ stored, read }) => Math.abs(read - factor * stored) <= tolerance(factor, decimals) + read * 1e-5,
  );
  if (follows.length >= changed.length * MOST) return { kind: 'factor', by: factor };
  const shift = median(changed.map(({ stored, read }) => read - stored));
  const shifted = changed.filter(
    ({ stored, read }) => Math.abs(read - stored - shift) <= tolerance(1, decimals) + read * 1e-5,
  );
  return shifted.length >= changed.length * MOST ? { kind: 'shift', by: shift } : undefined;
}

/** What rounding both closes may add up to, in index points of the reading, with as much again for the factor's own. */
function tolerance(factor: number, decimals: number): number {
  return 1.2 * step(decimals) * (1 + factor);
}

/** The smallest difference of two closes. */
function step(decimals: number): number {
  return 10 ** -decimals;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

/** A restatement in words: `every close × 0.01`. */
export function restatementText({ kind, by, part, from, to }: Restatement): string {
  const rule = kind === 'factor' ? `× ${rounded(by)}` : `${by > 0 ? '+' : '−'} ${rounded(Math.abs(by))}`;
  if (part === 'all') return `every close ${rule}`;
  return part === 'newer'
    ? `every close from ${dateText(from)} on ${rule}`
    : `every close up to ${dateText(to)} ${rule}`;
}

function rounded(value: number): string {
  return String(Number(value.toPrecision(4)));
}

/**
 * What is stored of a symbol whose every close was restated: the closes of the new reading, judged as a first one, in the
 * place of the old ones, which stay in the revisions. A session that the reading does not have is held: its close is of the
 * old scale.
 * @param fresh the new reading of the whole history, judged without anything known
 * @param now epoch milliseconds of that reading
 */
export function restated(fresh: Judgement, known: readonly KnownClose[], now: number): Judgement {
  const readAt = new Date(now).toISOString();
  const read = new Map(fresh.changed.map((row) => [row.session, row]));
  const before = new Map(known.map((row) => [row.session, row]));
  const changed = fresh.changed.flatMap((row): KnownClose[] => {
    const old = before.get(row.session);
    if (old === undefined) return [row];
    if (old.close === row.close && old.held?.close === row.held?.close) return [];
    return [{ ...row, firstReadAt: old.firstReadAt, state: row.close === null ? row.state : 'revised' }];
  });
  const left = known.flatMap(({ high: _, ...row }): KnownClose[] => {
    const close = row.close ?? row.held?.close;
    if (read.has(row.session) || close === undefined) return [];
    const reason = 'on the scale before the last restatement, and missing from the reading that restated all others';
    return [{ ...row, close: null, state: 'held', readAt: null, held: { close, reason, since: readAt } }];
  });
  const revisions = known.flatMap(({ session, close, readAt: was, firstReadAt }): Revision[] => {
    const row = read.get(session);
    const value = row?.close ?? row?.held?.close;
    if (close === null || value === undefined || value === close) return [];
    const from = { close, readAt: was ?? firstReadAt, believed: true };
    return [{ session, from, to: { close: value, readAt, believed: row?.close != null } }];
  });
  return { changed: [...changed, ...left].sort((a, b) => (a.session < b.session ? -1 : 1)), revisions };
}
