import { describe, expect, test } from 'vitest';
import { EVENT, SEP_17, SEP_18, SEP_19, startStory } from '../support/story.ts';
import { editBar, removeBar } from '../support/yahoo-chart.ts';

describe('an event found late', () => {
  test('after three weeks off says that nobody looked', async () => {
    const story = await startStory();
    await story.check('2025-09-12T20:45:00Z');
    const report = await story.check('2025-10-03T20:45:00Z');
    expect(report.fired).toEqual([EVENT]);
    expect(story.discord.messages[0]?.payload.embeds?.[0]?.description).toContain(
      'Found late: the closes were not read between 12 Sep 2025, 16:45 New York and 3 Oct 2025, 16:45 New York',
    );
  });

  test('is sent when a null close is filled the next day, and says so', async () => {
    const story = await startStory();
    await story.check(SEP_17);
    story.yahoo.tweak = (chart) => editBar(chart, '2025-09-18', { close: null });
    const empty = await story.check(SEP_18);
    expect(empty.fired).toEqual([]);
    expect(empty.missing).toContainEqual({ symbol: '^RUT', session: '2025-09-18' });
    story.yahoo.tweak = undefined;
    expect((await story.check(SEP_19)).fired).toEqual([EVENT]);
    expect(story.discord.messages[0]?.payload.embeds?.[0]?.description).toContain('had no close of 18 Sep 2025 until');
  });

  test('is found when its session was absent for five days', async () => {
    const story = await startStory();
    await story.check(SEP_17);
    story.yahoo.tweak = (chart) => removeBar(chart, '2025-09-18');
    for (const day of [18, 19, 22, 23, 24]) {
      expect((await story.check(`2025-09-${day}T20:45:00Z`)).fired).not.toContain(EVENT);
    }
    story.yahoo.tweak = undefined;
    expect((await story.check('2025-09-25T20:45:00Z')).fired).toEqual([EVENT]);
  });
});

test('a run that could not read has not looked: the late alert says so', async () => {
  const story = await startStory();
  await story.check(SEP_17);
  story.yahoo.fault = () => ({ status: 500 });
  await story.check(SEP_18);
  story.yahoo.fault = undefined;
  await story.check('2025-09-19T12:30:00Z');
  expect(story.discord.messages[0]?.payload.embeds?.[0]?.description).toContain(
    'the closes were not read between 17 Sep 2025, 16:45 New York and 19 Sep 2025, 08:30 New York',
  );
});
