import { startEvening } from '../../support/evening.ts';
import { SEP_18, SEP_19, type Story } from '../../support/story.ts';
import { READERS, rounds, type Scene } from './scene.ts';

const COUNT = 6;

/** What is said of many events of one evening. The end of an id follows from the events that are in it. */
export const EVENINGS: readonly Scene[] = [
  {
    title: 'six events of one evening, corrected and followed up',
    messages: {
      'alert-evening': 'evening/2025-09-18/alert-b812782a',
      'correction-evening': 'evening/2025-09-19/correction-2ba4524d',
      'follow-up-evening': 'evening/2025-10-17/follow-up-25394e82',
    },
    play: async () => {
      const story = await startEvening(COUNT, { environment: READERS });
      await story.round(SEP_18);
      change(story, 103.7);
      await rounds(story, SEP_19, '2025-09-19T22:30:00Z', '2025-10-20T20:45:00Z');
      return { story, end: '2025-10-20T21:00:00Z' };
    },
  },
  {
    title: 'six events of one evening that are retracted',
    messages: { 'retraction-evening': 'evening/2025-09-19/retraction-6e0262c0' },
    play: async () => {
      const story = await startEvening(COUNT, { environment: READERS });
      await story.round(SEP_18);
      change(story, 99);
      await rounds(story, SEP_19, '2025-09-19T22:30:00Z');
      return { story, end: '2025-09-19T23:00:00Z' };
    },
  },
];

function change(story: Story, close: number): void {
  for (let at = 0; at < COUNT; at++) story.setClose(`SYM${at}`, '2025-09-18', close);
}
