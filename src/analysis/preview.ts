import type { App } from '../app/app.ts';
import { type ChartFacts, chartFacts } from '../app/chart-facts.ts';
import { labelsOf } from '../app/labels.ts';
import { signalCloses } from '../app/signal-closes.ts';
import type { Session } from '../market/close.ts';
import { NEW_YORK } from '../market/exchange.ts';
import type { Message } from '../message/message.ts';
import { previewMessage } from '../message/preview.ts';
import { detect } from '../signal/first-record.ts';
import type { Signal } from '../signal/signal.ts';
import { eventStudyAt } from '../study/event-study.ts';
import { historyOf, upTo } from '../study/signal-closes.ts';

/** A cent, the smallest step of an index. */
const CENT = 0.01;

/** The alert of an event that was never told, or of one that is only supposed; stored and sent nowhere. */
export interface Preview {
  readonly message: Message;
  /** What its pictures are drawn from. */
  readonly charts: ChartFacts;
}

/**
 * The alert as it would read.
 * @param session of an event; without one a record close in the next session is supposed while the signal is armed, and
 * the newest event is taken otherwise
 * @returns undefined where there is no such event
 */
export function preview(
  app: Pick<App, 'settings' | 'closes' | 'source' | 'now'>,
  signal: Signal,
  session?: Session,
): Preview | undefined {
  const closes = signalCloses(app, signal);
  const { events, state } = detect(historyOf(signal, closes), signal.quietYears);
  if (state === undefined) return undefined;
  const next = (closes.exchange ?? NEW_YORK).nextSession(state.session);
  const supposed = session === undefined && state.state === 'armed';
  const index = supposed ? [...closes.index, { session: next, close: state.record.close + CENT }] : closes.index;
  const day = supposed ? next : (session ?? events.at(-1)?.session);
  const all = { ...closes, index };
  const eventStudy = day === undefined ? undefined : eventStudyAt(signal, all, day);
  if (day === undefined || eventStudy === undefined) return undefined;
  const then = { ...all, index: upTo(index, day), benchmark: upTo(all.benchmark, day) };
  const charts = chartFacts(app.settings, signal, then);
  return charts && { message: previewMessage(labelsOf(app, signal), eventStudy, supposed), charts };
}
