import { expect, test, vi } from 'vitest';
import { round } from '../../src/daemon/round.ts';
import { ALERT, titles } from '../support/posted.ts';
import { SEP_17, SEP_18, startStory } from '../support/story.ts';

test('a duty that fails stops no other, and says what failed', async () => {
  const story = await startStory();
  await story.round(SEP_17);
  const done = await story.at(SEP_18, async (app) => {
    const freeBytes = () => Promise.reject(new Error('no such disk'));
    return round({ ...app, host: { ...app.host, freeBytes } }, { why: 'test', check: 'always' });
  });
  expect(done.problems).toEqual(['probe: no such disk']);
  expect(done.errors).toHaveLength(1);
  expect(titles(story)).toEqual([ALERT]);
});

test('a quiet hour writes nothing: no run, no message', async () => {
  const story = await startStory();
  await story.round(SEP_17);
  const runs = () => story.at(SEP_17, async ({ ledger }) => (await ledger.runs('2025-01-01')).length);
  const before = await runs();
  expect(await story.round('2025-09-17T22:00:00Z', 'when due')).toEqual({
    report: undefined,
    skipped: undefined,
    posted: [],
    backup: undefined,
    drilled: false,
    problems: [],
    errors: [],
  });
  expect(await runs()).toBe(before);
});

test('a round reads what others have stored before it asks what is due; where it cannot, it says so and goes on', async () => {
  const story = await startStory();
  await story.round(SEP_17);
  const done = await story.at('2025-09-17T22:00:00Z', async (app) => {
    vi.spyOn(app.closes, 'refresh').mockRejectedValueOnce(new Error('nobody answers'));
    return round(app, { why: 'test', check: 'when due' });
  });
  expect(done.problems).toEqual(['closes: nobody answers']);
});
