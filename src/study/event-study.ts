import type { Session } from '../market/close.ts';
import { NEW_YORK } from '../market/exchange.ts';
import { dayChange, type IndexHistory } from '../signal/first-record.ts';
import type { Signal } from '../signal/signal.ts';
import { type SensitivityRow, sensitivity } from './sensitivity.ts';
import { type SeriesHorizon, yearWithDividends } from './series-study.ts';
import { historyOf, type SignalCloses, upTo } from './signal-closes.ts';
import { type HorizonStatistics, type StudiedEvent, type Study, study } from './study.ts';

/** One event with everything that was known on its day and nothing that came after. */
export interface EventStudy {
  readonly event: StudiedEvent;
  /** The index's return on the session before, as a fraction; null where that session's close is not known. */
  readonly change: number | null;
  /** The session before, where its close is not known and may have been the first record. */
  readonly missingBefore: Session | null;
  /** The study as of the event's session; the earlier events are the evidence. */
  readonly study: Study;
  /** Last benchmark session that the study stands on. */
  readonly benchmarkTo: Session | null;
  /** The 12-month statistics of the source's closes alone; null where nothing is joined before them. */
  readonly sourceOnly: { readonly from: Session; readonly statistics: HorizonStatistics } | null;
  /** The same 12 months with dividends; null where they are not known. */
  readonly dividends: SeriesHorizon | null;
  /** The evidence under other rules, from closes alone; the signal's own rule first. */
  readonly sensitivity: readonly SensitivityRow[];
}

/**
 * The event of `session` as it stood on its day.
 * @param benchmarkTo where the benchmark's closes end, when an earlier message had fewer than the session's own
 * @returns undefined where `session` is no event
 */
export function eventStudyAt(
  signal: Signal,
  closes: SignalCloses,
  session: Session,
  benchmarkTo: Session = session,
): EventStudy | undefined {
  const index = upTo(closes.index, session);
  const benchmark = upTo(closes.benchmark, benchmarkTo);
  const { before, exchange } = closes;
  const history = historyOf(signal, { before, index, exchange });
  const full = study(signal, history, benchmark);
  const event = full?.events.at(-1);
  if (full === undefined || event?.session !== session) return undefined;
  const first = index[0];
  const alone =
    history.sourceFrom > 0 ? study(signal, { closes: index, sourceFrom: 0 }, benchmark)?.horizons[12] : undefined;
  return {
    event,
    change: dayChange(history),
    missingBefore: missingBefore(history),
    study: full,
    benchmarkTo: benchmark.at(-1)?.session ?? null,
    sourceOnly: alone === undefined || first === undefined ? null : { from: first.session, statistics: alone },
    dividends: yearWithDividends(
      full,
      closes.dividends && { ...closes.dividends, closes: upTo(closes.dividends.closes, benchmarkTo) },
    ),
    sensitivity: sensitivity(signal, { before, index, benchmark }),
  };
}

function missingBefore(history: IndexHistory): Session | null {
  const { closes, exchange = NEW_YORK } = history;
  const event = closes.at(-1)?.session;
  return event === undefined || dayChange(history) !== null ? null : exchange.previousSession(event);
}
