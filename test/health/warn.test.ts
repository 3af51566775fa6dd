import { expect, test } from 'vitest';
import { withLease } from '../../src/app/lease.ts';
import { isNews, warn } from '../../src/health/warn.ts';
import { subjects, titles } from '../support/posted.ts';
import { SEP_17, startStory } from '../support/story.ts';

const HOUR = 3_600_000;

test('a warning that reached nobody is not taken back: it is not sent at all', async () => {
  const story = await startStory();
  await story.round(SEP_17);
  story.freeBytes = 1e6;
  story.discord.fault = () => ({ status: 502 });
  story.smtp.fault = () => ({ connect: 421 });
  await story.round('2025-09-17T21:30:00Z', 'when due');
  story.freeBytes = 1e9;
  story.discord.fault = story.smtp.fault = undefined;
  await story.round('2025-09-17T22:30:00Z', 'when due');
  await story.round('2025-09-17T23:30:00Z');
  expect([titles(story), subjects(story)]).toEqual([[], []]);
});

test('what lasts is told a second time after a day and a half, not before', async () => {
  const trouble = { name: 'a', since: '2025-09-17', title: 'A', text: 'a', again: true, blocking: false, about: null };
  const story = await startStory();
  const after = (ms: number) => new Date(Date.parse(SEP_17) + ms).toISOString();
  const isDue = (instant: string) => story.at(instant, (app) => isNews(app, [trouble]));
  const tell = (instant: string) =>
    story.at(instant, (app) => withLease(app, 'test', async () => ({ told: await warn(app, [trouble]) })));
  await tell(SEP_17);
  expect(await isDue(after(36 * HOUR - 1))).toBe(false);
  expect(await isDue(after(36 * HOUR))).toBe(true);
  await tell(after(36 * HOUR));
  expect(await isDue(after(100 * HOUR))).toBe(false);
});
