import type { Close, Session } from '../../src/market/close.ts';
import { addMonths } from '../../src/market/session.ts';

/** Something that is summed over the outcomes of any day: they themselves, or how many are above a value. */
export interface Figure {
  /** Undefined: the sum. */
  readonly above?: number;
  /** 1 for the sessions that count; undefined: all. */
  readonly only?: Uint8Array;
  /** True where only its print matters, not how near it is on other days. */
  readonly loose?: true;
  /** What a study of a session prints of the figure's share or mean; undefined where it prints nothing of it. */
  readonly printed?: (value: number, asOf: Session) => string | undefined;
}

/** What any day is asked for: its return, or the deepest fall on the way. */
export interface AskedWindow {
  readonly months: number;
  readonly of: 'return' | 'fall';
}

interface Kept extends Figure {
  /** By day: how far the figure may be from the real one and still be printed alike; [−∞, ∞] where it is not printed. */
  readonly bounds: readonly (readonly [low: number, high: number])[];
}

interface Horizon {
  readonly of: AskedWindow['of'];
  readonly exits: Int32Array;
  /** Per session the first of the days on which its outcome is reached. */
  readonly reached: Uint8Array;
}

/** Steps of a sum, and how many steps a figure may be off at most. */
const SUM_STEP = 0.3;
const MOST_STEPS = 2_000;
const ANY: readonly [number, number] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];

/**
 * How far the outcomes of any day are from the real ones while months of closes are exchanged, as studies of several days
 * count them. An exchange touches only the outcomes that begin or end in its month.
 */
export class AnyDayFit {
  readonly sessions: readonly Session[];
  /** As they are now; at first the real ones. */
  readonly closes: readonly Close[];
  private readonly values: Float64Array;
  private readonly days: readonly Session[];
  private readonly figures: readonly Kept[];
  private readonly horizons: readonly { readonly horizon: Horizon; readonly figures: readonly Kept[] }[];
  /** Now less real, by figure and first day on which it counts. */
  private differences: Float64Array;
  private last: { from: number; closes: Float64Array; differences: Float64Array } | undefined;

  /**
   * @param days ascending; a study of each should be right
   * @param figuresOf the figures of a window, from its real values by session, null where not reached
   */
  constructor(
    real: readonly Close[],
    days: readonly Session[],
    windows: readonly AskedWindow[],
    figuresOf: (window: AskedWindow, values: readonly (number | null)[]) => readonly Figure[],
  ) {
    this.sessions = real.map(({ session }) => session);
    this.closes = real.map((close) => ({ ...close }));
    this.values = Float64Array.from(real, ({ close }) => close);
    this.days = days;
    this.horizons = windows.map((window) => {
      const horizon = this.horizonOf(window);
      const outcomes = this.sessions.map((_, entry) =>
        (horizon.reached[entry] ?? days.length) < days.length ? this.outcome(horizon, entry) : null,
      );
      const figures = figuresOf(window, outcomes).map((figure) => {
        return { ...figure, bounds: this.boundsOf(figure, horizon, outcomes) };
      });
      return { horizon, figures };
    });
    this.figures = this.horizons.flatMap(({ figures }) => figures);
    this.differences = new Float64Array(this.figures.length * days.length);
  }

  /** Puts other closes in, from a position on. */
  put(from: number, closes: Float64Array): void {
    const to = from + closes.length;
    this.last = { from, closes: this.values.slice(from, to), differences: this.differences.slice() };
    this.add(from, to, -1);
    this.set(from, closes);
    this.add(from, to, 1);
  }

  /** Takes the last `put` back. */
  undo(): void {
    if (this.last === undefined) return;
    this.set(this.last.from, this.last.closes);
    this.differences = this.last.differences;
  }

  private set(from: number, closes: Float64Array): void {
    this.values.set(closes, from);
    for (const [at, close] of closes.entries()) {
      const there = this.closes[from + at] as { close: number };
      there.close = close;
    }
  }

  /**
   * How far all figures are off on all days, and how far those that are printed are out of their bounds: 0 and 0 where
   * all are the real ones. In days more or less.
   */
  error(): { readonly off: number; readonly outside: number } {
    let [off, outside, position] = [0, 0, 0];
    for (const { above, loose, bounds } of this.figures) {
      const unit = above === undefined ? SUM_STEP : 1;
      let total = 0;
      for (const [low, high] of bounds) {
        total += this.differences[position++] ?? 0;
        if (!loose) off += (total / unit) ** 2;
        const beyond = total < low ? low - total : total > high ? total - high : 0;
        if (beyond > 0) outside += 1 + beyond / unit;
      }
    }
    return { off, outside };
  }

  private horizonOf({ months, of }: AskedWindow): Horizon {
    const exits = exitsOf(this.sessions, months);
    const lasts = this.days.map((day) => this.sessions.findLast((session) => session <= day) ?? '');
    let day = 0;
    const reached = Uint8Array.from(this.sessions, (session) => {
      const target = addMonths(session, months);
      while (day < lasts.length && (lasts[day] ?? '') < target) day++;
      return day;
    });
    return { of, exits, reached };
  }

  private boundsOf({ above, only, printed }: Figure, { reached }: Horizon, outcomes: readonly (number | null)[]) {
    return this.days.map((day, place) => {
      const known = outcomes.filter((_, at) => (reached[at] ?? 0) <= place && only?.[at] !== 0) as number[];
      const total = known.reduce((sum, outcome) => sum + counted(outcome, above), 0);
      const expected = known.length === 0 ? undefined : printed?.(total / known.length, day);
      if (printed === undefined || expected === undefined) return ANY;
      const step = above === undefined ? SUM_STEP / 20 : 1;
      const reach = (sign: number) => {
        let steps = 0;
        while (steps < MOST_STEPS && printed((total + sign * step * (steps + 1)) / known.length, day) === expected)
          steps++;
        return sign * step * steps;
      };
      return [reach(-1), reach(1)] as const;
    });
  }

  private add(from: number, to: number, sign: number): void {
    let offset = 0;
    for (const { horizon, figures } of this.horizons) {
      const begin = Math.min(from, lowerBound(horizon.exits, from));
      const end = lowerBound(horizon.exits, to);
      for (let entry = begin; entry < to; entry++) {
        // A return depends on both ends only.
        const touched = entry >= from || entry < end || horizon.of === 'fall';
        if (touched) this.addEntry(horizon, figures, offset, entry, sign);
      }
      offset += figures.length * this.days.length;
    }
  }

  private addEntry(horizon: Horizon, figures: readonly Kept[], offset: number, entry: number, sign: number): void {
    const day = horizon.reached[entry] ?? 0;
    if (day >= this.days.length) return;
    const outcome = this.outcome(horizon, entry);
    let position = offset + day;
    for (const { above, only } of figures) {
      if (only === undefined || only[entry] === 1) {
        this.differences[position] = (this.differences[position] ?? 0) + sign * counted(outcome, above);
      }
      position += this.days.length;
    }
  }

  private outcome({ of, exits }: Horizon, entry: number): number {
    const exit = exits[entry] ?? 0;
    if (of === 'return') return (this.values[exit] ?? 0) / (this.values[entry] ?? 0) - 1;
    let [peak, deepest] = [0, 1];
    for (let position = entry; position <= exit; position++) {
      const close = this.values[position] ?? 0;
      if (close > peak) peak = close;
      else if (close < deepest * peak) deepest = close / peak;
    }
    return deepest - 1;
  }
}

function counted(outcome: number, above: number | undefined): number {
  if (above === undefined) return outcome;
  return outcome > above ? 1 : 0;
}

/** Per session the position of the last one on or before so many months later. */
export function exitsOf(sessions: readonly Session[], months: number): Int32Array {
  let exit = 0;
  return Int32Array.from(sessions, (session) => {
    const target = addMonths(session, months);
    while ((sessions[exit + 1] ?? '9999') <= target) exit++;
    return exit;
  });
}

/** The first position whose value is `least` or more. */
function lowerBound(ascending: Int32Array, least: number): number {
  let [low, high] = [0, ascending.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ascending[middle] ?? 0) < least) low = middle + 1;
    else high = middle;
  }
  return low;
}
