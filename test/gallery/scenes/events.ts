import { EVENT, SEP_17, SEP_18, SEP_19, SEP_22, startStory } from '../../support/story.ts';
import { startWitnessed } from '../../support/witnessed.ts';
import { READERS, rounds, type Scene } from './scene.ts';

const OF_2020 = 'russell-2000/2020-11-13';

/** What is said of events. */
export const EVENTS: readonly Scene[] = [
  {
    title: 'the event of 2025 with its pictures, and its first months',
    messages: {
      alert: `${EVENT}/alert`,
      'follow-up-1': `${EVENT}/follow-up-1`,
      'follow-up-3': `${EVENT}/follow-up-3`,
    },
    play: async () => {
      const story = await startStory(READERS);
      await story.round(SEP_17);
      story.pictures = true;
      await story.round(SEP_18);
      // Drawing holds this process up for so long that a connection of the stand-in may end meanwhile, and with it a link.
      story.pictures = false;
      await rounds(story, '2025-10-20T20:45:00Z', '2025-12-18T21:45:00Z');
      return { story, end: '2025-12-18T22:00:00Z' };
    },
  },
  {
    title: 'an index near its record, the event, and nobody who has seen it',
    messages: {
      approaching: 'approaching/russell-2000/2021-11-08/2',
      reminder: `${EVENT}/alert/reminder`,
    },
    play: async () => {
      const story = await startStory(READERS);
      const { load } = story;
      story.load = () => {
        const settings = load();
        return { ...settings, signals: settings.signals.map((signal) => ({ ...signal, approaching: [0.02] })) };
      };
      await rounds(story, SEP_17, SEP_18, '2025-09-19T21:30:00Z');
      return { story, end: '2025-09-19T22:00:00Z' };
    },
  },
  {
    title: 'the year after the event of 2020',
    messages: { 'follow-up-12': `${OF_2020}/follow-up-12` },
    play: async () => {
      const story = await startStory(READERS);
      await rounds(story, '2020-11-12T21:45:00Z', '2020-11-13T21:45:00Z', '2021-11-15T21:45:00Z');
      return { story, end: '2021-11-15T22:00:00Z' };
    },
  },
  {
    title: 'an event whose close came late',
    messages: { 'alert-late': `${EVENT}/alert` },
    play: async () => {
      const story = await startStory(READERS);
      await story.round(SEP_17);
      story.setClose('^RUT', '2025-09-18', undefined);
      await rounds(story, SEP_18, SEP_19);
      story.setClose('^RUT', '2025-09-18', 2467.7);
      await story.round('2025-09-22T20:45:00Z');
      return { story, end: '2025-09-22T21:00:00Z' };
    },
  },
  {
    title: 'an event that a second source contradicts',
    messages: {
      'alert-contradicted': `${EVENT}/alert`,
      'warning-contradicted': 'warning/witness-russell-2000/2025-09-18',
    },
    play: async () => {
      const story = await startWitnessed(READERS);
      await story.round(SEP_17);
      story.cboe.tweak = (data) => Object.assign(data, { close: 2440.11, current_price: 2440.11 });
      await story.round(SEP_18);
      return { story, end: SEP_19 };
    },
  },
  {
    title: 'an event that a second source confirms',
    messages: { 'alert-confirmed': `${EVENT}/alert` },
    play: async () => {
      const story = await startWitnessed(READERS);
      await rounds(story, SEP_17, SEP_18);
      return { story, end: SEP_19 };
    },
  },
  {
    title: 'a close that is revised by a cent',
    messages: { correction: `${EVENT}/correction` },
    play: async () => {
      const story = await startStory(READERS);
      await rounds(story, SEP_17, SEP_18);
      story.setClose('^RUT', '2025-09-18', 2467.71);
      await rounds(story, SEP_19, '2025-09-19T22:30:00Z');
      return { story, end: SEP_22 };
    },
  },
  {
    title: 'a close that is revised below the record, and back',
    messages: { retraction: `${EVENT}/retraction`, 'correction-returned': `${EVENT}/correction` },
    play: async () => {
      const story = await startStory(READERS);
      await rounds(story, SEP_17, SEP_18);
      story.setClose('^RUT', '2025-09-18', 2430.1);
      await rounds(story, SEP_19, '2025-09-19T22:30:00Z');
      story.setClose('^RUT', '2025-09-18', 2467.7);
      for (const day of ['2025-09-22', '2025-09-23', '2025-09-24']) {
        await rounds(story, `${day}T20:45:00Z`, `${day}T22:30:00Z`);
      }
      return { story, end: '2025-09-24T23:00:00Z' };
    },
  },
];
