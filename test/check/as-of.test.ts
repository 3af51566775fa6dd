import { expect, test } from 'vitest';
import { checkAsOf } from '../../src/check/as-of.ts';
import { EVENT, SEP_22, startStory } from '../support/story.ts';

test('as of a day cuts what is known and tells what that day would have fired', async () => {
  const story = await startStory();
  await story.check(SEP_22);
  expect(await story.at(SEP_22, (app) => checkAsOf(app, '2025-09-17', 'test'))).toMatchObject({
    asOf: '2025-09-17',
    wouldFire: [],
    signals: [{ state: 'armed' }],
  });
  expect(await story.at(SEP_22, (app) => checkAsOf(app, '2025-09-18', 'test'))).toMatchObject({
    wouldFire: [EVENT],
    missing: [],
  });
});
