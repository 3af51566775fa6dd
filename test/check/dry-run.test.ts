import { expect, test } from 'vitest';
import { dryRun } from '../../src/check/dry-run.ts';
import { EVENT, SEP_17, SEP_18, startStory } from '../support/story.ts';

test('a dry run stores closes and says what would fire, but decides and sends nothing', async () => {
  const story = await startStory();
  await story.check(SEP_17);
  const report = await story.at(SEP_18, (app) => dryRun(app, { offline: false, command: 'test' }));
  expect(report).toMatchObject({ asOf: '2025-09-18', fired: [], wouldFire: [EVENT] });
  expect(story.discord.messages).toEqual([]);
  expect((await story.check(SEP_18)).fired).toEqual([EVENT]);
});
