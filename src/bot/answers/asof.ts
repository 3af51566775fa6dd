import { preview } from '../../analysis/preview.ts';
import type { App } from '../../app/app.ts';
import { labelsOf } from '../../app/labels.ts';
import { signalCloses } from '../../app/signal-closes.ts';
import { isDate } from '../../market/session.ts';
import { rule } from '../../message/alert.ts';
import { comparedWithAnyDay } from '../../message/evidence.ts';
import { date, longDate, points } from '../../message/format.ts';
import { recordDistance } from '../../message/record-distance.ts';
import { renderText } from '../../render/text.ts';
import { detect, type RecordState } from '../../signal/first-record.ts';
import { historyOf } from '../../study/signal-closes.ts';
import { study } from '../../study/study.ts';
import { QuestionError } from '../question-error.ts';
import { type Answer, answer, type Question, shortened, signalOf } from './answer.ts';

/** What it would have said after the close of a day: the alert of an event, or where the index stood. */
export async function asof(
  app: Pick<App, 'settings' | 'closes' | 'source' | 'now'>,
  { options }: Question,
): Promise<Answer> {
  const { date: day = '' } = options;
  if (!isDate(day)) {
    throw new QuestionError(`'${shortened(day)}' is not a date; allowed: YYYY-MM-DD, as in 2025-09-18.`);
  }
  const signal = signalOf(app, options.signal);
  const closes = signalCloses(app, signal, day);
  const history = historyOf(signal, closes);
  const { state, events } = detect(history, signal.quietYears);
  if (state === undefined) throw new QuestionError(`There is no close of ${signal.index} up to ${date(day)}.`);
  const newest = app.closes.accepted(signal.index).at(-1)?.session ?? '';
  if (day > newest) throw new QuestionError(`There is no close of ${date(day)} yet; the newest is of ${date(newest)}.`);
  if (events.at(-1)?.session === state.session) {
    const alert = preview(app, signal, state.session);
    if (alert !== undefined) {
      const { message } = alert;
      const text = renderText({ message, repeat: false, refersTo: null });
      return { message, pictures: [], files: [{ name: 'evidence.txt', text }] };
    }
  }
  const { indexName, benchmarkName } = labelsOf(app, signal);
  const then = study(signal, history, closes.benchmark);
  return answer(app, {
    name: `asof/${day}`,
    title: `${signal.title} on ${date(state.session)}: no event`,
    lead: `The bot would have sent nothing. ${whereItStood(indexName, state)}`,
    sections: then === undefined ? [] : [comparedWithAnyDay(then, benchmarkName)],
    footer: [rule(signal)],
  });
}

/** Where the index stood, as sentences. */
function whereItStood(indexName: string, where: RecordState): string {
  const { session, close, record, state, toRecord } = where;
  const distance =
    toRecord === 0 ? 'That was its record' : `Its record of ${points(record.close)} was ${recordDistance(where)}`;
  return `The ${indexName} closed at ${points(close)} on ${longDate(session)}. ${distance}. It was ${state === 'armed' ? 'armed' : 'not armed'}.`;
}
