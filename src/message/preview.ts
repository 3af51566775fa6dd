import type { Session } from '../market/close.ts';
import type { EventStudy } from '../study/event-study.ts';
import { alertMessage, rule, type SignalLabels } from './alert.ts';
import { date } from './format.ts';
import type { Message } from './message.ts';

/** What is made up in a preview. */
export interface Supposed {
  /** The last session whose closes are real. */
  readonly from: Session;
  /** True where the event is supposed right after it. */
  readonly isNextSession: boolean;
}

/**
 * What an alert would look like, labelled as a preview in title, lead and id. It is shown and never sent.
 * @param supposed where the record close of the event is made up; undefined: it is real
 */
export function previewMessage(labels: SignalLabels, eventStudy: EventStudy, supposed: Supposed | undefined): Message {
  const alert = alertMessage(labels, eventStudy, null);
  return {
    ...alert,
    id: `preview/${alert.id}`,
    title: `Preview, not an alert: ${alert.title}`,
    lead: `${labelOf(eventStudy, supposed)} ${alert.lead}`,
    footer:
      supposed === undefined
        ? alert.footer
        : [
            rule(labels.signal),
            `Data: closes from ${labels.origin} to ${date(supposed.from)}; what follows is supposed.`,
          ],
  };
}

function labelOf({ event }: EventStudy, supposed: Supposed | undefined): string {
  const day = date(event.session);
  if (supposed === undefined) return `This is a preview: the alert of ${day} as today's closes would write it.`;
  if (supposed.isNextSession) return `This is a preview: it supposes a close just above the record on ${day}.`;
  return (
    `This is a preview: it supposes no change until ${day}, the first day on which a record close can be an event again, ` +
    'and a close just above the record then.'
  );
}
