import type { EventStudy } from '../study/event-study.ts';
import { alertMessage, type SignalLabels } from './alert.ts';
import { date } from './format.ts';
import type { Message } from './message.ts';

/**
 * What an alert would look like, labelled as a preview in title, lead and id. It is shown and never sent.
 * @param supposed true where the record close of the event is made up
 */
export function previewMessage(labels: SignalLabels, eventStudy: EventStudy, supposed: boolean): Message {
  const alert = alertMessage(labels, eventStudy, null);
  const label = supposed
    ? `This is a preview: it supposes a close a cent above the record on ${date(eventStudy.event.session)}.`
    : `This is a preview: how the alert of ${date(eventStudy.event.session)} reads from today's closes.`;
  return {
    ...alert,
    id: `preview/${alert.id}`,
    title: `Preview, not an alert: ${alert.title}`,
    lead: `${label} ${alert.lead}`,
  };
}
