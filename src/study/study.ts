import type { Close, Session } from '../market/close.ts';
import { daysBetween } from '../market/session.ts';
import { detect, type IndexHistory, type RecordEvent } from '../signal/first-record.ts';
import type { Signal } from '../signal/signal.ts';
import { maxDrawdown } from './drawdown.ts';
import { entryPosition, exitPosition, outcome, outcomesByHorizon } from './outcomes.ts';
import { binomialAtLeast, mean, median, wilson } from './statistics.ts';

/** The evidence: every event with what followed, per horizon the statistics, and the same figures for any day. */
export interface Study {
  readonly signal: string;
  /** Session of the newest close of the index. */
  readonly asOf: Session;
  /** First close of the joined index and newest close of the index or the benchmark. */
  readonly span: { readonly from: Session; readonly to: Session };
  /** The newest record close. */
  readonly record: Close;
  readonly events: readonly StudiedEvent[];
  /** Statistics by horizon in calendar months. */
  readonly horizons: Readonly<Record<string, HorizonStatistics>>;
}

export interface StudiedEvent extends RecordEvent {
  /** Calendar days from the previous record. */
  readonly quietDays: number;
  /** The benchmark's close that outcomes start from; null while unknown. */
  readonly benchmarkClose: number | null;
  /** Benchmark return by horizon in calendar months, as a fraction; null while not reached. */
  readonly outcomes: Readonly<Record<string, number | null>>;
  /** The benchmark's maximum drawdown in the 12 months after, as a fraction ≤ 0; null while they are not over. */
  readonly drawdown12: number | null;
}

/** Returns are fractions. Without a reached outcome the figures are null, never zero. */
export interface HorizonStatistics {
  /** Reached outcomes; pending ones are not counted. */
  readonly n: number;
  /** How many of them are above zero. */
  readonly up: number;
  readonly mean: number | null;
  readonly median: number | null;
  readonly min: number | null;
  readonly max: number | null;
  /** Wilson interval at 95% of the share of `up`. */
  readonly wilson: readonly [number, number] | null;
  /** Share of all sessions of the span whose outcome is above zero. */
  readonly baseRate: number | null;
  readonly baseMean: number | null;
  readonly baseMedian: number | null;
  readonly baseN: number;
  /** One-sided: the chance of `up` or more of `n` at the base rate. */
  readonly pValue: number | null;
}

/**
 * Studies what the benchmark did after every event of the index.
 * @param benchmark closes of the benchmark, ascending by session
 * @returns undefined while the index has no close
 */
export function study(signal: Signal, history: IndexHistory, benchmark: readonly Close[]): Study | undefined {
  const { events, state } = detect(history, signal.quietYears);
  const from = history.closes[0]?.session;
  if (state === undefined || from === undefined) return undefined;

  const studied = events.map((event) => studyEvent(event, benchmark, signal.horizons));
  const anyDay = outcomesByHorizon(benchmark, from, signal.horizons);
  const benchmarkTo = benchmark.at(-1)?.session ?? '';
  return {
    signal: signal.id,
    asOf: state.session,
    span: { from, to: benchmarkTo > state.session ? benchmarkTo : state.session },
    record: state.record,
    events: studied,
    horizons: Object.fromEntries(
      signal.horizons.map((months, position) => {
        const reached = studied.map(({ outcomes }) => outcomes[months] ?? null).filter((r) => r !== null);
        return [String(months), statisticsOf(reached, anyDay[position] ?? new Float64Array())];
      }),
    ),
  };
}

function studyEvent(event: RecordEvent, benchmark: readonly Close[], horizons: readonly number[]): StudiedEvent {
  const entry = entryPosition(benchmark, event.session);
  const outcomeAfter = (months: number) => outcome(benchmark, entry, exitPosition(benchmark, event.session, months));
  return {
    ...event,
    quietDays: daysBetween(event.previousRecord.session, event.session),
    benchmarkClose: benchmark[entry]?.close ?? null,
    outcomes: Object.fromEntries(horizons.map((months) => [String(months), outcomeAfter(months)])),
    drawdown12: maxDrawdown(benchmark, entry, exitPosition(benchmark, event.session, 12)),
  };
}

/**
 * The statistics of some outcomes beside those of any day.
 * @param outcomes reached ones, as fractions
 * @param anyDay the outcomes of all sessions
 */
export function statisticsOf(outcomes: readonly number[], anyDay: Float64Array): HorizonStatistics {
  const up = outcomes.filter((r) => r > 0).length;
  const n = outcomes.length;
  let higher = 0;
  for (const r of anyDay) if (r > 0) higher++;
  const baseRate = anyDay.length === 0 ? null : higher / anyDay.length;
  return {
    n,
    up,
    mean: mean(outcomes),
    median: median(outcomes),
    min: n === 0 ? null : Math.min(...outcomes),
    max: n === 0 ? null : Math.max(...outcomes),
    wilson: wilson(up, n),
    baseRate,
    baseMean: mean(anyDay),
    baseMedian: median(anyDay),
    baseN: anyDay.length,
    pValue: n === 0 || baseRate === null ? null : binomialAtLeast(up, n, baseRate),
  };
}
