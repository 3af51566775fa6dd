import type { Close, Session } from '../market/close.ts';
import type { Signal } from '../signal/signal.ts';
import { byHorizon, type Horizons, less } from './by-horizon.ts';
import { type Expectation, expectationOf } from './expectation.ts';
import { firstOnOrAfter, outcomeAfter, outcomesByHorizon, windowOf } from './outcomes.ts';
import { blockBootstrap, type Resampling, shiftTest } from './resampling.ts';
import type { Series } from './series.ts';
import { type SeriesStudy, type Span, seriesStudy } from './series-study.ts';
import { historyOf, type SignalCloses } from './signal-closes.ts';
import { mean, median } from './statistics.ts';
import { type HorizonStatistics, type StudiedEvent, type Study, study } from './study.ts';
import { overlapOf, type WindowFigures, windowFigures } from './windows.ts';

/** The horizons of a full study, in calendar months, beside those of the signal. */
const HORIZONS = [1, 3, 6, 12, 24];
const PATH_MONTHS = 24;
/** Two years: longer than the longest window, so that events whose windows overlap stay in one block. */
const BLOCK_SESSIONS = 504;
const RESAMPLES = 5_000;
/** The seed where none is given. */
export const SEED = 1;

/** The evidence and all that says how far to trust it. Returns are fractions; what is not known is null. */
export interface FullStudy extends Study {
  readonly events: readonly FullEvent[];
  readonly horizons: Horizons<FullHorizon>;
  /** The way of the benchmark after events and after any day, by calendar month. */
  readonly path: readonly PathPoint[];
  /** The same outcomes of the index itself, after the events within its source's closes. */
  readonly index: SeriesStudy;
  /** The same outcomes with dividends; null where no such series is stored. */
  readonly totalReturn: SeriesStudy | null;
  readonly resampling: Resampling;
  /** What to expect of the next event; null while no outcome is known. */
  readonly expectation: Expectation | null;
  /** The records from before the source's history; null where the signal has none. */
  readonly beforeHistory: BeforeHistoryUse | null;
}

/** Whether the records from before the source's history count. */
export interface BeforeHistoryUse {
  /** The session that they were joined at. */
  readonly until: Session;
  /** False where the source's closes begin later: the records in between are not known, so these are left out. */
  readonly joined: boolean;
}

export interface FullEvent extends StudiedEvent {
  /** Inside the benchmark's window, by horizon; null while it is not reached. */
  readonly windows: Horizons<WindowFigures | null>;
  /** Return of the index itself by horizon. */
  readonly indexOutcomes: Horizons<number | null>;
  /** Return of the benchmark with dividends by horizon. */
  readonly totalReturns: Horizons<number | null>;
}

export interface FullHorizon extends HorizonStatistics {
  /** From the first event that is counted to the end of the last one's window. */
  readonly span: Span | null;
  /** Events less any day. */
  readonly difference: Difference;
  /** The lowest and the highest mean when one event is left out; null for fewer than two events. */
  readonly leaveOneOut: readonly [number, number] | null;
  readonly inside: InsideWindows;
  /** Windows that share sessions with another one, and the greatest number that do not. */
  readonly overlapping: number;
  readonly independent: number;
}

export interface Difference {
  /** Mean outcome less that of any day: the excess over the base. */
  readonly mean: number | null;
  /** Block bootstrap, 95%. */
  readonly meanInterval: readonly [number, number] | null;
  /** One-sided permutation p: the share of all places of the same pattern of events with this mean or a higher one. */
  readonly meanP: number | null;
  /** Share above zero less the base rate. */
  readonly rate: number | null;
  readonly rateInterval: readonly [number, number] | null;
  readonly rateP: number | null;
}

/** Over the windows of all reached events. */
export interface InsideWindows {
  readonly worstDrawdown: number | null;
  readonly medianDrawdown: number | null;
  readonly largestGain: number | null;
  readonly medianGain: number | null;
  readonly medianTroughSessions: number | null;
}

export interface PathPoint {
  readonly month: number;
  readonly n: number;
  readonly mean: number | null;
  readonly median: number | null;
  readonly baseMean: number | null;
  readonly baseN: number;
}

/**
 * Studies a signal in full: five horizons, the windows from inside, the difference to any day with its uncertainty, the
 * index itself, and dividends where they are known.
 * @param totalReturn the benchmark with dividends; undefined where it is not stored
 * @returns undefined while the index has no close
 */
export function fullStudy(
  signal: Signal,
  closes: SignalCloses,
  totalReturn: Series | undefined,
  seed = SEED,
): FullStudy | undefined {
  const horizons = [...new Set([...HORIZONS, ...signal.horizons])].sort((a, b) => a - b);
  const { index, benchmark } = closes;
  const plain = study({ ...signal, horizons }, historyOf(signal, closes), benchmark);
  if (plain === undefined) return undefined;
  const { from } = plain.span;
  const resampling = { seed, resamples: RESAMPLES, blockSessions: BLOCK_SESSIONS };
  const anyDay = outcomesByHorizon(benchmark, from, horizons);
  const own = { symbol: signal.index, closes: index };
  const year = plain.horizons[12];
  const withDividends = totalReturn?.closes.length ? totalReturn : undefined;
  return {
    ...plain,
    events: plain.events.map((event) => ({
      ...event,
      windows: byHorizon(horizons, (months) => windowFigures(benchmark, windowOf(benchmark, event.session, months))),
      indexOutcomes: byHorizon(horizons, (months) => outcomeAfter(index, event.session, months)),
      totalReturns: byHorizon(horizons, (months) => outcomeAfter(withDividends?.closes ?? [], event.session, months)),
    })),
    horizons: byHorizon(horizons, (months, position) =>
      fullHorizon(plain, benchmark, months, anyDay[position] ?? new Float64Array(), resampling),
    ),
    path: pathOf(plain.events, benchmark, from),
    index: seriesStudy(plain, own, horizons, benchmark),
    totalReturn: withDividends === undefined ? null : seriesStudy(plain, withDividends, horizons, withDividends.closes),
    resampling,
    expectation: year === undefined ? null : expectationOf(year, plain.events, benchmark, from),
    beforeHistory: beforeHistoryUse(signal, index),
  };
}

function beforeHistoryUse({ beforeHistory }: Signal, [first]: readonly Close[]): BeforeHistoryUse | null {
  if (beforeHistory === undefined || first === undefined) return null;
  const { until } = beforeHistory;
  return { until, joined: first.session <= until };
}

function fullHorizon(
  { events, horizons, span }: Study,
  benchmark: readonly Close[],
  months: number,
  anyDay: Float64Array,
  resampling: Resampling,
): FullHorizon {
  const statistics = horizons[months];
  if (statistics === undefined) throw new TypeError(`the study has no horizon of ${months} months`);
  const reached = events.filter(({ outcomes }) => typeof outcomes[months] === 'number');
  const outcomes = reached.flatMap((event) => event.outcomes[months] ?? []);
  const windows = reached.map(({ session }) => windowOf(benchmark, session, months));
  const figures = windows.flatMap((window) => windowFigures(benchmark, window) ?? []);
  const first = firstOnOrAfter(benchmark, span.from);
  const positions = windows.map(({ entry }) => entry - first).filter((at) => at >= 0 && at < anyDay.length);
  const occurrences = { outcomes: anyDay, events: positions };
  const interval = blockBootstrap(occurrences, resampling);
  const p = shiftTest(occurrences);
  const [begin, end] = [windows[0]?.entry ?? -1, windows.at(-1)?.exit ?? -1].map((at) => benchmark[at]?.session);
  return {
    ...statistics,
    span: begin === undefined || end === undefined ? null : { from: begin, to: end },
    difference: {
      mean: less(statistics.mean, statistics.baseMean),
      meanInterval: interval?.mean ?? null,
      meanP: p?.mean ?? null,
      rate: less(statistics.n === 0 ? null : statistics.up / statistics.n, statistics.baseRate),
      rateInterval: interval?.rate ?? null,
      rateP: p?.rate ?? null,
    },
    leaveOneOut: leaveOneOut(outcomes),
    inside: {
      worstDrawdown: extreme(
        figures.map(({ drawdown }) => drawdown),
        Math.min,
      ),
      medianDrawdown: median(figures.map(({ drawdown }) => drawdown)),
      largestGain: extreme(
        figures.map(({ gain }) => gain),
        Math.max,
      ),
      medianGain: median(figures.map(({ gain }) => gain)),
      medianTroughSessions: median(figures.map(({ troughSessions }) => troughSessions)),
    },
    ...overlapOf(windows),
  };
}

/** The lowest and the highest mean of all values but one; null for fewer than two. */
export function leaveOneOut(values: readonly number[]): [number, number] | null {
  if (values.length < 2) return null;
  const means = values.map((_, left) => mean(values.filter((__, position) => position !== left)) ?? 0);
  return [Math.min(...means), Math.max(...means)];
}

function pathOf(events: readonly StudiedEvent[], benchmark: readonly Close[], from: Session): PathPoint[] {
  const months = Array.from({ length: PATH_MONTHS }, (_, position) => position + 1);
  const anyDay = outcomesByHorizon(benchmark, from, months);
  return months.map((month, position) => {
    const outcomes = events.flatMap(({ session }) => outcomeAfter(benchmark, session, month) ?? []);
    const base = anyDay[position] ?? new Float64Array();
    return {
      month,
      n: outcomes.length,
      mean: mean(outcomes),
      median: median(outcomes),
      baseMean: mean(base),
      baseN: base.length,
    };
  });
}

function extreme(values: readonly number[], of: (...values: number[]) => number): number | null {
  return values.length === 0 ? null : of(...values);
}
