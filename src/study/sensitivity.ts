import type { Close, Session } from '../market/close.ts';
import { addMonths } from '../market/session.ts';
import type { IndexHistory } from '../signal/first-record.ts';
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
}

/** A quiet period of other lengths, in calendar months. */
const QUIET_MONTHS = [6, 12, 18, 24, 36];
/** The sessions of a year, as the field counts them. */
const YEAR_SESSIONS = 252;
/** How far the earlier series is moved against the source's, as a fraction. */
const JOIN_SHIFT = 0.01;
const HORIZON = 12;

/** Whether a quiet period is over. */
type QuietRule = (record: Close, recordAt: number, session: Session, position: number) => boolean;

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
  const row = (rule: string, sessions: readonly Session[], offset = 0): SensitivityRow => {
    const outcomes = sessions.flatMap((session) => outcomeFrom(benchmark, session, offset) ?? []);
    return { rule, n: outcomes.length, up: outcomes.filter((r) => r > 0).length, mean: mean(outcomes) };
  };
  const own = eventsOf(history, quietFor(months));
  const secondYear = addMonths(first.session, 12);
  const fromSecondYear = (sessions: readonly Session[]) => sessions.filter((session) => session > secondYear);
  const since = `closes from ${first.session} on`;
  const moved = (factor: number) =>
    eventsOf(
      historyOf(signal, { before: before.map((c) => ({ ...c, close: c.close * factor })), index }),
      quietFor(months),
    );
  return [
    row(`${quietText(months)}: the rule itself`, own),
    ...QUIET_MONTHS.filter((other) => other !== months).map((other) =>
      // Under a year, the few records that are known from before are not enough.
      other < 12
        ? row(`${quietText(other)}, ${since}, first year left out`, fromSecondYear(eventsOf(alone, quietFor(other))))
        : row(quietText(other), eventsOf(history, quietFor(other))),
    ),
    row(
      `over ${YEAR_SESSIONS * signal.quietYears} sessions`,
      eventsOf(history, quietForSessions(YEAR_SESSIONS * signal.quietYears, months, sourceFrom)),
    ),
    ...(highs.size === 0
      ? []
      : [
          row(
            `records of intraday highs (known for ${highs.size} of ${index.length} sessions)`,
            eventsOf(withHighs(history, highs), quietFor(months)),
          ),
        ]),
    row('entry at the next close', own, 1),
    ...(sourceFrom === 0
      ? [row('first year left out', fromSecondYear(own))]
      : [
          row(`${since} alone`, eventsOf(alone, quietFor(months))),
          row(`${since} alone, first year left out`, fromSecondYear(eventsOf(alone, quietFor(months)))),
          row('earlier series joined 1% higher', moved(1 + JOIN_SHIFT)),
          row('earlier series joined 1% lower', moved(1 - JOIN_SHIFT)),
        ]),
  ];
}

/** The sessions of the events by a rule; each is judged with only what came before it. */
function eventsOf({ closes }: Pick<IndexHistory, 'closes'>, isOver: QuietRule): Session[] {
  const events: Session[] = [];
  let [record] = closes;
  let recordAt = 0;
  for (let position = 1; position < closes.length; position++) {
    const close = closes[position];
    if (close === undefined || record === undefined || close.close <= record.close) continue;
    if (isOver(record, recordAt, close.session, position)) events.push(close.session);
    record = close;
    recordAt = position;
  }
  return events;
}

function quietFor(months: number): QuietRule {
  return (record, _, session) => session > addMonths(record.session, months);
}

/** By sessions where they can be counted, by the calendar before the source's closes. */
function quietForSessions(sessions: number, months: number, sourceFrom: number): QuietRule {
  const byCalendar = quietFor(months);
  return (record, recordAt, session, position) =>
    recordAt < sourceFrom ? byCalendar(record, recordAt, session, position) : position - recordAt > sessions;
}

function withHighs({ closes }: IndexHistory, highs: ReadonlyMap<Session, number>): Pick<IndexHistory, 'closes'> {
  return { closes: closes.map(({ session, close }) => ({ session, close: highs.get(session) ?? close })) };
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
