import type { Close, Session } from '../market/close.ts';
import { rule, type SignalLabels } from './alert.ts';
import { messageId } from './correction.ts';
import { retractionLine } from './event-line.ts';
import { date, instant, points } from './format.ts';
import type { Message } from './message.ts';

export interface Retraction {
  /** The close of the event's session as it is now; null in it: it was imported, the import was undone, and no other is known. */
  readonly close: { readonly session: Session; readonly close: number | null };
  /** The record that this close would have had to pass. */
  readonly record: Close;
  /** The message that said otherwise last. */
  readonly told: Message;
  /** Id of the first message about the event. */
  readonly first: string;
  /** 1 for the first retraction of the event. */
  readonly number: number;
}

/** Retracts an alert: what was said, what is right, and why. */
export function retractionMessage(labels: SignalLabels, retraction: Retraction): Message {
  const { signal, indexName, createdAt, sourceNote, origin } = labels;
  const { told, first, number, record } = retraction;
  const { session, close } = retraction.close;
  const day = date(session);
  return {
    id: messageId(labels, session, 'retraction', number),
    kind: 'retraction',
    signal: signal.id,
    session,
    createdAt,
    title: `Retracted: ${signal.title} record close of ${day}`,
    lead: `The alert of ${day} no longer holds and is retracted. ${explain(indexName, retraction)}`,
    doubt:
      close === null
        ? 'Two readings at least an hour apart have no other close.'
        : 'A close was revised or arrived late; two readings at least an hour apart agree.',
    notes: sourceNote === undefined ? [] : [sourceNote],
    sections: [
      {
        heading: 'What the alert said',
        paragraphs: [[told.lead, told.followed ?? []].flat().join(' ')],
        table: null,
      },
    ],
    figures: told.figures,
    benchmarkTo: told.benchmarkTo,
    line: retractionLine(labels, session, close, record.close, told.line?.weight ?? 0),
    refersTo: first,
    footer: [
      rule(signal),
      `Data: closes of ${signal.index} from ${origin}, read on ${instant(Date.parse(createdAt))}.`,
    ],
  };
}

function explain(indexName: string, { close: { session, close }, record }: Retraction): string {
  if (close === null) {
    return `The close of the ${indexName} of ${date(session)} came from an imported file, and that import was undone.`;
  }
  const now = `The ${indexName} closed at ${points(close)} on ${date(session)}`;
  const before = `${points(record.close)} from ${date(record.session)}`;
  return close > record.close
    ? `${now}, past the record of ${before}: a record close, but its quiet period was too short.`
    : `${now}, not past the record of ${before}.`;
}
