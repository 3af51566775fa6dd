import type { Session } from '../market/close.ts';
import { NEW_YORK } from '../market/exchange.ts';
import { CLOSE_LAG_MS } from '../market/new-york.ts';
import { date, instant, points } from '../message/format.ts';
import type { SignalRecord } from '../store/events.ts';
import { type ImportNote, importOfSession } from '../store/imports.ts';
import type { Evaluation } from './evaluation.ts';

/** Why an event was not found on its evening, as a sentence; null when it was. */
export function whyLate(evaluation: Evaluation, session: Session, record: SignalRecord | undefined): string | null {
  const { now, known, labels, closes } = evaluation;
  const exchange = closes.exchange ?? NEW_YORK;
  if (exchange.date(now) === session) return null;
  const { close, revisions } = known(session);
  const imports = evaluation.imports?.() ?? [];
  const revision = revisions.at(-1);
  if (revision?.from.believed && revision.to.believed) {
    const { from, to } = revision;
    return `${labels.origin} revised the close from ${points(from.close)} to ${points(to.close)}, read on ${instant(Date.parse(to.readAt))}.`;
  }
  const { importedAt } = importOfSession(imports, session);
  if (importedAt !== null) return `the close was imported from a file on ${instant(Date.parse(importedAt))}.`;
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
  return earlierCloses(imports, exchange.closingTime(session)) ?? 'an earlier close was revised.';
}

/**
 * An import, or the end of one, since a session was over: it changes which record that session's close had to pass.
 * @param closed epoch milliseconds
 */
function earlierCloses(imports: readonly ImportNote[], closed: number): string | undefined {
  const since = new Date(closed).toISOString();
  const undone = imports.find(({ undoneAt }) => undoneAt !== null && undoneAt >= since);
  if (undone?.undoneAt) return `an import of earlier closes was taken back on ${instant(Date.parse(undone.undoneAt))}.`;
  const made = imports.find(({ at, undoneAt }) => undoneAt === null && at >= since);
  return made && `earlier closes were imported from a file on ${instant(Date.parse(made.at))}.`;
}
