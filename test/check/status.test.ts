import { expect, test } from 'vitest';
import { status } from '../../src/check/status.ts';
import { SEP_17, startStory } from '../support/story.ts';

test('status repeats where things stand without reading anything', async () => {
  const story = await startStory();
  await story.check(SEP_17);
  const requests = story.yahoo.requests.length;
  const report = await story.at(SEP_17, status);
  expect(report.signals).toMatchObject([{ session: '2025-09-17', state: 'armed', quietSessions: 967 }]);
  expect(story.yahoo.requests).toHaveLength(requests);
});
