import type { App } from '../../app/app.ts';
import { chartFacts } from '../../app/chart-facts.ts';
import { drawPicture, drawPictures } from '../../app/pictures.ts';
import { signalCloses } from '../../app/signal-closes.ts';
import { fingerprintOf } from '../../channel/channel.ts';
import type { Message } from '../../message/message.ts';
import type { Desk } from '../desk.ts';
import { QuestionError } from '../question-error.ts';
import { type Answer, answer, type Question, shortened, signalOf } from './answer.ts';

/** One picture, as things stand. */
export async function chart(
  app: Pick<App, 'settings' | 'closes' | 'source' | 'now'>,
  { options }: Question,
  desk: Desk,
): Promise<Answer> {
  const { which = '' } = options;
  if (which !== 'record' && which !== 'outcomes') {
    throw new QuestionError(`which is '${shortened(which)}'; allowed: record, outcomes.`);
  }
  const signal = signalOf(app, options.signal);
  const charts = chartFacts(app.settings, signal, signalCloses(app, signal));
  if (charts === undefined) throw new QuestionError(`There are no closes of ${signal.index} yet.`);
  // The same facts make the same picture: whatever is asked meanwhile, it is never an old one.
  const fingerprint = fingerprintOf(which, JSON.stringify(charts[which]));
  const picture = await desk.remember(fingerprint, () => drawPicture(which, charts));
  return { ...answer(app, { name: `chart-${which}`, title: signal.title, lead: picture.alt }), pictures: [picture] };
}

/** The pictures of a message, as it was sent. */
export async function charts(
  app: Pick<App, 'settings' | 'closes' | 'source' | 'now' | 'host'>,
  message: Message,
): Promise<Answer> {
  const pictures = await drawPictures(app, message);
  if (pictures === undefined || pictures.length === 0) throw new QuestionError('There are no charts for this message.');
  return { ...answer(app, { name: 'charts', title: message.title, lead: 'As they were sent.' }), pictures };
}
