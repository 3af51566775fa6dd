import { expect, test } from 'vitest';
import { pause } from '../../src/jobs/pause.ts';
import { get, leadBy, storyOfTheEvent } from '../support/page-words.ts';
import { EVENT, SEP_17, SEP_18, startStory } from '../support/story.ts';

test('it says whether the bot works: well, without a daemon, or not', async () => {
  const story = await startStory();
  await story.round(SEP_17);
  const at = '2025-09-17T21:00:00Z';
  const said = async () => (await get(story, '/', at)).text;
  expect(await said()).toContain(
    'No daemon is running Last checked 17 Sep 2025, 16:45 New York. Start it with npm run daemon.',
  );
  await leadBy(story, at);
  expect(await said()).toContain(
    'All is well Last checked 17 Sep 2025, 16:45 New York. Next check 17 Sep 2025, 17:30.',
  );
});

test('the operations have a page of their own: runs, messages and their deliveries, channels', async () => {
  const story = await storyOfTheEvent();
  const { text, body } = await get(story, '/operations');
  expect(text).toContain('Open problems None. No action needed.');
  expect(text).toContain(`rang for ${EVENT}`);
  expect(text).toContain('Sent to 3 of 3');
  expect(text).toContain('email 1 of 2: sent 18 Sep 2025, 16:45');
  expect(text).toContain('discord-webhook works Last tested 18 Sep 2025, 16:45 Last delivery 18 Sep 2025, 16:45');
  expect(body).not.toContain('<table');
  expect((await get(story, '/')).text).not.toContain('email 1 of 2');
});

test('what is wrong is there: a channel that fails, one that is paused, what was not sent, a run that had problems', async () => {
  const story = await startStory();
  await story.round(SEP_17);
  await story.at(SEP_17, (app) => pause(app, 'email:bob@example.com', undefined));
  story.discord.fault = () => ({ status: 404, body: '{"message":"Unknown Webhook","code":10015}' });
  await story.round(SEP_18);
  expect((await get(story, '/')).text).toMatch(/Needs attention Not delivered: .* And 1 more reason/);
  const { text } = await get(story, '/operations');
  expect(text).toMatch(/^.*Needs attention/);
  expect(text).toMatch(/Open problems Not delivered: .*Channels/);
  expect(text).toMatch(/discord-webhook: failed 18 Sep 2025, 16:45: Discord does not know this webhook/);
  expect(text).toMatch(/discord-webhook fails Discord does not know this webhook/);
  expect(text).toContain('email 2 of 2 paused until resumed');
  expect(text).toMatch(/test 0\.0 s rang for russell-2000\/2025-09-18 .*alert to discord-webhook: failed, /);
});
