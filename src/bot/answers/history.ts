import { studySignal, studyStored } from '../../analysis/study-signal.ts';
import type { App } from '../../app/app.ts';
import { labelsById, labelsOf } from '../../app/labels.ts';
import { rule } from '../../message/alert.ts';
import { againstWaiting, comparedWithAnyDay, headline, hitRate, trust, whatFollowed } from '../../message/evidence.ts';
import { capital, plural } from '../../message/format.ts';
import type { Message, Section } from '../../message/message.ts';
import { renderText } from '../../render/text.ts';
import type { FullStudy } from '../../study/full-study.ts';
import { QuestionError } from '../question-error.ts';
import { type Answer, answer, type Question, signalOf } from './answer.ts';

/** Every occasion, and what followed. */
export async function history(app: App, { options }: Question): Promise<Answer> {
  const signal = signalOf(app, options.signal);
  const { study: found } = await studySignal(app, signal);
  if (found === undefined) throw new QuestionError(`There are no closes of ${signal.index} yet.`);
  const { benchmarkName } = labelsOf(app, signal);
  // The four horizons of an alert: more do not fit a phone.
  const horizons = Object.fromEntries(signal.horizons.map((months) => [String(months), found.horizons[months]]));
  const shown = { ...found, horizons: horizons as typeof found.horizons };
  return answer(app, {
    name: 'history',
    title: `${signal.title}: ${plural(found.events.length, 'occasion')} since ${found.span.from.slice(0, 4)}`,
    lead: `${capital(hitRate(benchmarkName, headline(found)))}.`,
    sections: [
      whatFollowed(shown, benchmarkName, found.totalReturn?.horizons[12] ?? null),
      comparedWithAnyDay(shown, benchmarkName),
      howFarToTrust(found),
    ],
    footer: [rule(signal)],
  });
}

/** The evidence of a message: the whole of it as it was sent, and the study as it stands today, each in a file. */
export async function evidence(
  app: Pick<App, 'settings' | 'closes' | 'source' | 'now'>,
  message: Message,
): Promise<Answer> {
  const signal = signalOf(app, message.signal ?? undefined);
  const full = studyStored(app, signal);
  if (full === undefined) throw new QuestionError('There are no closes yet.');
  const { studyLines } = await import('../../console/study.ts');
  const lines = studyLines(full, labelsById(app)(signal.id));
  const { benchmarkName } = labelsOf(app, signal);
  return {
    ...answer(app, {
      name: 'evidence',
      title: `${signal.title}: the evidence`,
      lead: `Today: ${hitRate(benchmarkName, headline(full))}. Attached: the message as it was sent, and the study as it stands today.`,
      sections: [howFarToTrust(full)],
    }),
    files: [
      { name: 'evidence.txt', text: renderText({ message, repeat: false, refersTo: null }) },
      { name: 'study-today.txt', text: `${lines.join('\n')}\n` },
    ],
  };
}

function howFarToTrust(study: FullStudy): Section {
  const year = headline(study);
  return { heading: 'How far to trust it', paragraphs: [trust(year), ...againstWaiting(year)], table: null };
}
