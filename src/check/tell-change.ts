import { correctionMessage } from '../message/correction.ts';
import type { Message } from '../message/message.ts';
import { retractionMessage } from '../message/retraction.ts';
import { detect } from '../signal/first-record.ts';
import type { EventRecord, LedgerEvent, SignalRecord } from '../store/events.ts';
import { historyOf } from '../study/signal-closes.ts';
import type { Change } from './change.ts';
import type { Evaluation } from './evaluation.ts';
import { GONE } from './pending-change.ts';
import type { Saying } from './saying.ts';

interface Statements {
  readonly first: Message;
  readonly told: Message;
  readonly become: (next: Partial<LedgerEvent>) => LedgerEvent;
}

/** The correction or the retraction that the readings agree on. */
export function tellChange(
  { labels, closes, detection, channels }: Evaluation,
  { id, session, status, messages }: EventRecord,
  record: SignalRecord,
  { to, eventStudy, alert }: Saying,
  { first, told, become }: Statements,
): Change {
  const numberOf = (kind: Message['kind']) => messages.filter((message) => message.kind === kind).length + 1;
  if (to === GONE) {
    // None: it was imported, and taken back.
    const close = closes.index.find((candidate) => candidate.session === session)?.close ?? null;
    const index = closes.index.filter((candidate) => candidate.session < session);
    const before = detect(historyOf(labels.signal, { ...closes, index }), labels.signal.quietYears);
    const lastRecord = before.state?.record ?? detection.state?.record;
    if (lastRecord === undefined) return {};
    const number = numberOf('retraction');
    const now = { close: { session, close }, record: lastRecord };
    const message = retractionMessage(labels, { ...now, told, first: first.id, number });
    const event = become({ status: 'retracted' });
    return { event, withdrawn: id, posting: { message, event: id, channels: 'reached', dueAt: record.evaluatedAt } };
  }
  if (eventStudy === undefined || alert === undefined) return {};
  const returned = status === 'retracted';
  const number = numberOf('correction');
  const message = correctionMessage(labels, eventStudy, { told, alert, first: first.id, number, returned });
  return {
    event: become({ status: 'alerted' }),
    // Whoever has the alert, or still may get it, must not keep its figures: also where the signal names others since.
    posting: { message, event: id, channels, alsoWherePosted: true, dueAt: record.evaluatedAt },
  };
}
