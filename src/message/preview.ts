import type { Occasion } from '../study/occasion.ts';
import { alertMessage, type Telling } from './alert.ts';
import { date } from './format.ts';
import type { Message } from './message.ts';

/**
 * What an alert would look like, labelled as a preview in title, lead and id. It is shown and never sent.
 * @param supposed true where the record close of the occasion is made up
 */
export function previewMessage(telling: Telling, occasion: Occasion, supposed: boolean): Message {
  const alert = alertMessage(telling, occasion, null);
  const label = supposed
    ? `This is a preview: it supposes a close a cent above the record on ${date(occasion.event.session)}.`
    : `This is a preview: how the alert of ${date(occasion.event.session)} reads from today's closes.`;
  return {
    ...alert,
    id: `preview/${alert.id}`,
    title: `Preview, not an alert: ${alert.title}`,
    lead: `${label} ${alert.lead}`,
  };
}
