import { expect, test } from 'vitest';
import { drill } from '../../src/jobs/drill.ts';
import { get, leadBy } from '../support/page-words.ts';
import { SEP_17, SEP_18, startStory } from '../support/story.ts';

test('before the first check it says what happens and what to do, and nothing is called wrong', async () => {
  const story = await startStory();
  const { status, text, body } = await get(story, '/');
  expect(status).toBe(200);
  expect(text).toContain('Not started yet Never checked.');
  expect(text).toContain('No closes yet: the bell cannot ring before its first check.');
  expect(text).toContain('Nothing has been read yet. The first check reads the whole history once');
  expect(text).toMatch(
    /Read the closes To do.*Say where alerts go Done.*Send a test message To do.*Keep watching To do/,
  );
  expect(body).not.toContain('class="health bad"');
  await leadBy(story, SEP_18);
  expect((await get(story, '/')).text).toContain('The daemon has just started, and its first check comes at once.');
});

test('where the first check failed, it says why', async () => {
  const story = await startStory();
  story.yahoo.fault = () => ({ status: 500, body: 'out of order' });
  await story.round(SEP_18);
  const { text } = await get(story, '/');
  expect(text).toMatch(/The last check failed: .*Yahoo answered HTTP 500.* npm run doctor looks for the cause\./);
});

test('where alerts go to a folder only, it says how to change that', async () => {
  const nowhere = { DISCORD_WEBHOOK_URL: '', SMTP_URL: '', EMAIL_FROM: '', EMAIL_TO: '' };
  const { text } = await get(await startStory(nowhere), '/');
  expect(text).toContain('Say where alerts go To do Alerts are only written to a folder on this machine.');
});

test('once a message was sent there is nothing left to set up', async () => {
  const story = await startStory();
  await story.round(SEP_17);
  expect((await get(story, '/', SEP_17)).text).toMatch(
    /Getting started Read the closes Done.*Send a test message To do/,
  );
  await story.at(SEP_17, (app) => drill(app));
  expect((await get(story, '/', SEP_17)).text).not.toContain('Getting started');
});
