import { preview } from '../../../src/analysis/preview.ts';
import type { App } from '../../../src/app/app.ts';
import { answerTo, answerToButton } from '../../../src/bot/answers.ts';
import { createDesk } from '../../../src/bot/desk.ts';
import { sendDigest } from '../../../src/jobs/digest.ts';
import { drill } from '../../../src/jobs/drill.ts';
import { EVENT, SEP_17, SEP_18, SEP_19, startStory } from '../../support/story.ts';
import { answerText, shownText } from '../message-text.ts';
import { READERS, rounds, type Scene } from './scene.ts';

/** What the bot says of itself and of where things stand, and what it answers. */
export const OWN_WORDS: readonly Scene[] = [
  {
    title: 'a quiet week before the event, and the week of the event',
    messages: { 'digest-armed': 'digest/2025-09-12', 'digest-not-armed': 'digest/2025-09-19' },
    shown: {
      'preview-not-armed': previewed,
      'answer-status': asked('status'),
      'answer-history': asked('history'),
      'answer-asof-event': asked('asof', { date: '2025-09-18' }),
      'answer-evidence': async (app) => answerText(app, await answerToButton(app, 'evidence', `${EVENT}/alert`)),
    },
    play: async () => {
      const story = await startStory(READERS);
      await rounds(story, '2025-09-11T20:45:00Z', '2025-09-12T22:05:00Z');
      await rounds(story, SEP_17, SEP_18, '2025-09-19T22:05:00Z');
      return { story, end: '2025-09-19T23:00:00Z' };
    },
  },
  {
    title: 'a week that ends with a close missing, and no daemon',
    messages: { 'digest-attention': 'digest/2025-09-19' },
    play: async () => {
      const story = await startStory(READERS);
      await story.round(SEP_17);
      for (const symbol of ['^RUT', '^GSPC']) story.setClose(symbol, '2025-09-18', undefined);
      await rounds(story, SEP_18, '2025-09-19T12:30:00Z');
      await story.at(SEP_19, (app) => sendDigest(app));
      return { story, end: SEP_19 };
    },
  },
  {
    title: 'a drill, and questions before the event',
    messages: { drill: 'drill/2025-09-17T21:30:00.000Z' },
    shown: { preview: previewed, 'answer-asof': asked('asof', { date: '2025-09-17' }) },
    play: async () => {
      const story = await startStory(READERS);
      await story.round(SEP_17);
      await story.at('2025-09-17T21:30:00Z', (app) => drill(app));
      return { story, end: '2025-09-17T22:00:00Z' };
    },
  },
];

/** The next alert, as the page shows it. */
async function previewed(app: App): Promise<string> {
  const [signal] = app.settings.signals;
  const found = signal && preview(app, signal);
  if (found === undefined) throw new Error('there is nothing to preview');
  return shownText(found.message);
}

/** What the bot answers to a command. */
function asked(command: string, options: Readonly<Record<string, string>> = {}) {
  return async (app: App): Promise<string> =>
    answerText(app, await answerTo(app, { command, options, by: 'ann', manager: false }, createDesk(app.now)));
}
