import type { Close, Session } from '../market/close.ts';
import type { Signal } from '../signal/signal.ts';
import { byHorizon, type Horizons } from './by-horizon.ts';
import { maxDrawdown } from './drawdown.ts';
import { entryPosition, exitPosition } from './outcomes.ts';
import { historyOf, type SignalCloses, upTo } from './signal-closes.ts';
import { type HorizonStatistics, type StudiedEvent, type Study, statisticsOf, study } from './study.ts';
import { NO_YARDSTICK, yardsticksOf } from './yardstick.ts';

/** What the benchmark has done since an event, against the events before it. */
export interface Aftermath {
  readonly event: StudiedEvent;
  /** The last horizon that is reached, in calendar months. */
  readonly months: number;
  /** The benchmark's close at that horizon. */
  readonly exit: Close;
  /** The benchmark's return to it, as a fraction. */
  readonly return: number;
  /** The benchmark's maximum drawdown on the way, as a fraction ≤ 0. */
  readonly drawdown: number;
  /** Place of that return among those of all events up to this one: 1 is the best. */
  readonly rank: number;
  /** The statistics of the earlier events alone, by horizon in calendar months. */
  readonly earlier: Horizons<HorizonStatistics>;
  /** All events up to this one, with the outcomes that are known today. */
  readonly study: Study;
}

/**
 * What has followed the event of `session` up to its last reached horizon.
 * @returns undefined where `session` is no event, or no horizon is reached yet
 */
export function aftermathOf(signal: Signal, closes: SignalCloses, session: Session): Aftermath | undefined {
  const { before, index, benchmark } = closes;
  const history = historyOf(signal, { before, index: upTo(index, session) });
  const whole = study(signal, history, benchmark);
  const event = whole?.events.at(-1);
  if (whole === undefined || event?.session !== session) return undefined;

  const months = Math.max(0, ...signal.horizons.filter((horizon) => typeof event.outcomes[horizon] === 'number'));
  const sinceThen = event.outcomes[months];
  const exitAt = exitPosition(benchmark, session, months);
  const exit = benchmark[exitAt];
  const drawdown = maxDrawdown(benchmark, entryPosition(benchmark, session), exitAt);
  if (typeof sinceThen !== 'number' || exit === undefined || drawdown === null) return undefined;

  const yardsticks = yardsticksOf(benchmark, whole.span.from, whole.waits, signal.horizons);
  const earlierAt = (horizon: number) => whole.events.slice(0, -1).flatMap(({ outcomes }) => outcomes[horizon] ?? []);
  return {
    event,
    months,
    exit,
    return: sinceThen,
    drawdown,
    rank: 1 + earlierAt(months).filter((outcome) => outcome > sinceThen).length,
    earlier: byHorizon(signal.horizons, (horizon, position) =>
      statisticsOf(earlierAt(horizon), yardsticks[position] ?? NO_YARDSTICK),
    ),
    study: whole,
  };
}
