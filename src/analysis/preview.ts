import type { App } from '../app/app.ts';
import { type ChartFacts, chartFacts } from '../app/chart-facts.ts';
import { labelsOf } from '../app/labels.ts';
import { signalCloses } from '../app/signal-closes.ts';
import type { Close, Session } from '../market/close.ts';
import { type Exchange, NEW_YORK } from '../market/exchange.ts';
import { addDays, addMonths } from '../market/session.ts';
import type { Message } from '../message/message.ts';
import { previewMessage, type Supposed } from '../message/preview.ts';
import { detect, type RecordState } from '../signal/first-record.ts';
import type { Signal } from '../signal/signal.ts';
import { eventStudyAt } from '../study/event-study.ts';
import { historyOf, upTo } from '../study/signal-closes.ts';

/** No exchange is closed for longer, in days. */
const LONGEST_CLOSURE = 90;

/** The alert of an event that was never told, or of one that is only supposed; stored and sent nowhere. */
export interface Preview {
  readonly message: Message;
  /** What its pictures are drawn from. */
  readonly charts: ChartFacts;
}

/**
 * The alert as it would read.
 * @param session of an event; without one the next event is supposed, at the first session that could bring it
 * @returns undefined where there is no such event
 */
export function preview(
  app: Pick<App, 'settings' | 'closes' | 'source' | 'now'>,
  signal: Signal,
  session?: Session,
): Preview | undefined {
  const closes = signalCloses(app, signal);
  const { state } = detect(historyOf(signal, closes), signal.quietYears);
  if (state === undefined) return undefined;
  // The smallest step of the index: a cent.
  const step = 10 ** -app.closes.decimals(signal.index);
  const supposed = session === undefined ? untilNextEvent(state, signal, closes.exchange ?? NEW_YORK, step) : [];
  const all = { ...closes, index: [...closes.index, ...supposed] };
  const day = session ?? supposed.at(-1)?.session;
  const eventStudy = day === undefined ? undefined : eventStudyAt(signal, all, day);
  if (day === undefined || eventStudy === undefined) return undefined;
  const then = { ...all, index: upTo(all.index, day), benchmark: upTo(all.benchmark, day) };
  const charts = chartFacts(app.settings, signal, then);
  const supposition: Supposed | undefined =
    session === undefined ? { from: state.session, isNextSession: supposed.length === 1 } : undefined;
  return charts && { message: previewMessage(labelsOf(app, signal), eventStudy, supposition), charts };
}

/** Closes that lead to the next event as soon as one can be: unchanged to the day that it is armed, then a step above the record. */
function untilNextEvent(
  { session, close, record }: RecordState,
  signal: Signal,
  exchange: Exchange,
  step: number,
): Close[] {
  const next = exchange.nextSession(session);
  const armedFrom = addDays(addMonths(record.session, signal.quietYears * 12), 1);
  const first = next > armedFrom ? next : armedFrom;
  const sessions = exchange.sessionsBetween(next, addDays(first, LONGEST_CLOSURE));
  const waited = sessions.filter((day) => day < first);
  const event = sessions[waited.length] ?? first;
  return [...waited.map((day) => ({ session: day, close })), { session: event, close: record.close + step }];
}
