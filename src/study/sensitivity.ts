import { type Close, exactOf, type Session } from '../market/close.ts';
import { addMonths } from '../market/session.ts';
import { detect, type IndexHistory } from '../signal/first-record.ts';
import type { Signal } from '../signal/signal.ts';
import { entryPosition, exitPosition, outcome } from './outcomes.ts';
import { historyOf, type SignalCloses } from './signal-closes.ts';
import { mean } from './statistics.ts';

/** The 12-month outcomes of the events that another rule would have found. */
export interface SensitivityRow {
  /** The rule in words. */
  readonly rule: string;
  /** Reached outcomes. */
  readonly n: number;
  /** How many of them are above zero. */
  readonly up: number;
  /** As a fraction; null for none. */
  readonly mean: number | null;
  /** An earlier row that the same events are counted in: this one says nothing new. Absent where there is none. */
  readonly sameAs?: string;
}

/** A quiet period of other lengths, in calendar months. */
const QUIET_MONTHS = [6, 12, 18, 24, 36];
/** The sessions of a year, as the field counts them. */
const YEAR_SESSIONS = 252;
/** How far the earlier series is moved against the source's, as a fraction. */
const JOIN_SHIFT = 0.01;
const HORIZON = 12;

/**
 * How the count and the mean a year later change when the rule is read in other ways: the signal's own rule first.
 * @param highs the highest price of each session of the index; sessions without one count with their close
 */
export function sensitivity(
  signal: Signal,
  closes: SignalCloses,
  highs: ReadonlyMap<Session, number> = new Map(),
): SensitivityRow[] {
  const { benchmark, index, before } = closes;
  const history = historyOf(signal, closes);
  const { sourceFrom } = history;
  const months = signal.quietYears * 12;
  const alone: IndexHistory = { closes: index, sourceFrom: 0 };
  const [first] = index;
  if (first === undefined) return [];
  const counted = new Map<string, string>();
  const row = (rule: string, sessions: readonly Session[], offset = 0): SensitivityRow => {
    const reached = sessions.flatMap((session) => {
      const value = outcomeFrom(benchmark, session, offset);
      return value === null ? [] : [{ session, value }];
    });
    const outcomes = reached.map(({ value }) => value);
    const events = `${offset}: ${reached.map(({ session }) => session).join(' ')}`;
    const sameAs = counted.get(events);
    if (sameAs === undefined) counted.set(events, rule);
    return {
      ...{ rule, n: outcomes.length, up: outcomes.filter((r) => r > 0).length, mean: mean(outcomes) },
      ...(sameAs === undefined || outcomes.length === 0 ? {} : { sameAs }),
    };
  };
  const own = eventsOf(history, months);
  const secondYear = addMonths(first.session, 12);
  const fromSecondYear = (sessions: readonly Session[]) => sessions.filter((session) => session > secondYear);
  const since = `closes from ${first.session} on`;
  const moved = (factor: number) =>
    eventsOf(
      historyOf(signal, {
        before: before.map((record) => ({ session: record.session, close: exactOf(record) * factor })),
        index,
      }),
      months,
    );
  return [
    row(`${quietText(months)}: the rule itself`, own),
    ...QUIET_MONTHS.filter((other) => other !== months).map((other) =>
      // Under a year, the few records that are known from before are not enough.
      other < 12
        ? row(`${quietText(other)}, ${since}, first year left out`, fromSecondYear(eventsOf(alone, other)))
        : row(quietText(other), eventsOf(history, other)),
    ),
    row(
      `over ${YEAR_SESSIONS * signal.quietYears} sessions`,
      eventsBySessions(history, YEAR_SESSIONS * signal.quietYears, months),
    ),
    ...(highs.size === 0
      ? []
      : [
          row(
            `records of intraday highs (known for ${highs.size} of ${index.length} sessions)`,
            eventsOf(withHighs(history, highs), months),
          ),
        ]),
    row('entry at the next close', own, 1),
    ...(sourceFrom === 0
      ? [row('first year left out', fromSecondYear(own))]
      : [
          row(`${since} alone`, eventsOf(alone, months)),
          row(`${since} alone, first year left out`, fromSecondYear(eventsOf(alone, months))),
          row('earlier series joined 1% higher', moved(1 + JOIN_SHIFT)),
          row('earlier series joined 1% lower', moved(1 - JOIN_SHIFT)),
        ]),
  ];
}

/** The sessions of the events after a quiet period of so many calendar months. */
function eventsOf(history: IndexHistory, months: number): Session[] {
  return detect(history, months / 12).events.map(({ session }) => session);
}

/** By sessions where they can be counted, by the calendar before the source's closes. */
function eventsBySessions(history: IndexHistory, sessions: number, months: number): Session[] {
  return detect(history, 0)
    .events.filter(({ session, quietSessions, previousRecord }) =>
      quietSessions === null ? session > addMonths(previousRecord.session, months) : quietSessions > sessions,
    )
    .map(({ session }) => session);
}

function withHighs(history: IndexHistory, highs: ReadonlyMap<Session, number>): IndexHistory {
  return {
    ...history,
    closes: history.closes.map(({ session, close }) => ({ session, close: highs.get(session) ?? close })),
  };
}

/** The outcome of an event's session, or of the benchmark's close so many sessions later. */
function outcomeFrom(benchmark: readonly Close[], session: Session, offset: number): number | null {
  const entry = entryPosition(benchmark, session);
  if (offset === 0) return outcome(benchmark, entry, exitPosition(benchmark, session, HORIZON));
  const later = entry < 0 ? undefined : benchmark[entry + offset]?.session;
  return later === undefined ? null : outcome(benchmark, entry + offset, exitPosition(benchmark, later, HORIZON));
}

function quietText(months: number): string {
  if (months % 12 !== 0) return `quiet over ${months} months`;
  return months === 12 ? 'quiet over a calendar year' : `quiet over ${months / 12} calendar years`;
}
