import type { Close, Session } from '../market/close.ts';
import { daysBetween } from '../market/session.ts';
import { detect, type IndexHistory, type RecordEvent } from '../signal/first-record.ts';
import type { Signal } from '../signal/signal.ts';
import { byHorizon, type Horizons } from './by-horizon.ts';
import { maxDrawdown } from './drawdown.ts';
import { entryPosition, exitPosition, outcomeAfter } from './outcomes.ts';
import { binomialAtLeast, mean, median, wilson } from './statistics.ts';
import { NO_YARDSTICK, type Wait, waitsOf, type Yardstick, yardsticksOf } from './yardstick.ts';

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
  /** The days on which the rule was armed, oldest first. */
  readonly waits: readonly Wait[];
  /** Statistics by horizon in calendar months. */
  readonly horizons: Horizons<HorizonStatistics>;
}

export interface StudiedEvent extends RecordEvent {
  /** Calendar days from the previous record. */
  readonly quietDays: number;
  /** The benchmark's close that outcomes start from; null while unknown. */
  readonly benchmarkClose: number | null;
  /** Benchmark return by horizon in calendar months, as a fraction; null while not reached. */
  readonly outcomes: Horizons<number | null>;
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
  /** Share above zero of the armed sessions: the index had gone over the rule's years without a record, and made none. */
  readonly armedRate: number | null;
  readonly armedMean: number | null;
  readonly armedN: number;
  /** The waits that these sessions lie in; inside one they overlap heavily. */
  readonly armedWaits: number;
  /** One-sided: the chance of `up` or more of `n` at the rate of armed sessions. */
  readonly armedPValue: number | null;
}

/**
 * Studies what the benchmark did after every event of the index.
 * @param benchmark closes of the benchmark, ascending by session
 * @returns undefined while the index has no close
 */
export function study(signal: Signal, history: IndexHistory, benchmark: readonly Close[]): Study | undefined {
  const detection = detect(history, signal.quietYears);
  const { events, state } = detection;
  const from = history.closes[0]?.session;
  if (state === undefined || from === undefined) return undefined;

  const studied = events.map((event) => studyEvent(event, benchmark, signal.horizons));
  const waits = waitsOf(detection, signal.quietYears);
  const yardsticks = yardsticksOf(benchmark, from, waits, signal.horizons);
  const benchmarkTo = benchmark.at(-1)?.session ?? '';
  return {
    signal: signal.id,
    asOf: state.session,
    span: { from, to: benchmarkTo > state.session ? benchmarkTo : state.session },
    record: state.record,
    events: studied,
    waits,
    horizons: byHorizon(signal.horizons, (months, position) => {
      const reached = studied.flatMap(({ outcomes }) => outcomes[months] ?? []);
      return statisticsOf(reached, yardsticks[position] ?? NO_YARDSTICK);
    }),
  };
}

function studyEvent(event: RecordEvent, benchmark: readonly Close[], horizons: readonly number[]): StudiedEvent {
  const entry = entryPosition(benchmark, event.session);
  return {
    ...event,
    quietDays: daysBetween(event.previousRecord.session, event.session),
    benchmarkClose: benchmark[entry]?.close ?? null,
    outcomes: byHorizon(horizons, (months) => outcomeAfter(benchmark, event.session, months)),
    drawdown12: maxDrawdown(benchmark, entry, exitPosition(benchmark, event.session, 12)),
  };
}

/**
 * The statistics of some outcomes beside those of any day and of armed days.
 * @param outcomes reached ones, as fractions
 */
export function statisticsOf(outcomes: readonly number[], { anyDay, armed, armedWaits }: Yardstick): HorizonStatistics {
  const up = outcomes.filter((r) => r > 0).length;
  const n = outcomes.length;
  const [baseRate, armedRate] = [shareAboveZero(anyDay), shareAboveZero(armed)];
  const chanceAt = (rate: number | null) => (n === 0 || rate === null ? null : binomialAtLeast(up, n, rate));
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
    pValue: chanceAt(baseRate),
    armedRate,
    armedMean: mean(armed),
    armedN: armed.length,
    armedWaits,
    armedPValue: chanceAt(armedRate),
  };
}

function shareAboveZero(outcomes: Float64Array): number | null {
  let higher = 0;
  for (const r of outcomes) if (r > 0) higher++;
  return outcomes.length === 0 ? null : higher / outcomes.length;
}
