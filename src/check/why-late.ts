import type { Session } from '../market/close.ts';
import { NEW_YORK } from '../market/exchange.ts';
import { CLOSE_LAG_MS } from '../market/new-york.ts';
import { date, instant, points } from '../message/format.ts';
import type { SignalRecord } from '../store/events.ts';
import type { Evaluation } from './evaluation.ts';

/** Why an event was not found on its evening, as a sentence; null when it was. */
export function whyLate(evaluation: Evaluation, session: Session, record: SignalRecord | undefined): string | null {
  const { now, known, labels, closes } = evaluation;
  const exchange = closes.exchange ?? NEW_YORK;
  if (exchange.date(now) === session) return null;
  const { close, revisions } = known(session);
  const revision = revisions.at(-1);
  if (revision?.from.believed && revision.to.believed) {
    const { from, to } = revision;
    return `${labels.origin} revised the close from ${points(from.close)} to ${points(to.close)}, read on ${instant(Date.parse(to.readAt))}.`;
  }
  if (close?.readAt && close.firstReadAt < close.readAt) {
    return `the close was not believed at first, and only confirmed on ${instant(Date.parse(close.readAt))}.`;
  }
  const lastLook = record === undefined ? undefined : Date.parse(record.evaluatedAt);
  if (lastLook !== undefined && lastLook < exchange.closingTime(session) + CLOSE_LAG_MS) {
    return `the closes were not read between ${instant(lastLook)} and ${instant(now)}.`;
  }
  if (close !== undefined && exchange.date(Date.parse(close.firstReadAt)) > session) {
    return `${labels.origin} had no close of ${date(session)} until ${instant(Date.parse(close.firstReadAt))}.`;
  }
  return `an earlier close was revised.`;
}
