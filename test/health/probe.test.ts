import { describe, expect, test } from 'vitest';
import { pause } from '../../src/jobs/pause.ts';
import { fileOf } from '../support/file-of.ts';
import { GONE, subjects, titles, warnings } from '../support/posted.ts';
import { SEP_17, SEP_18, startStory } from '../support/story.ts';

describe('the daily test of a channel', () => {
  const webhook = 'The daily test of discord-webhook fails';

  test('is made once a morning, and a failure told through the others, then taken back', async () => {
    const story = await startStory();
    await story.round(SEP_17);
    expect(story.discord.requests).toEqual([]);
    await story.round('2025-09-18T12:30:00Z');
    await story.round('2025-09-18T13:30:00Z', 'when due');
    expect(story.discord.requests.map(({ method }) => method)).toEqual(['GET']);

    story.discord.fault = GONE;
    await story.round('2025-09-19T12:30:00Z');
    await story.round('2025-09-19T13:30:00Z', 'when due');
    expect(subjects(story).filter((subject) => subject === webhook)).toHaveLength(1);
    story.discord.fault = undefined;
    await story.round('2025-09-19T14:30:00Z', 'when due');
    expect(subjects(story).at(-1)).toBe(`All clear: ${webhook}`);
    expect(warnings(story)).toEqual([]);
  });

  test('a hiccup is no trouble: a failing test is tried again before it counts', async () => {
    const story = await startStory();
    await story.round(SEP_17);
    story.discord.fault = ({ count }) => (count === 1 ? 'reset' : undefined);
    await story.round('2025-09-18T12:30:00Z');
    expect(subjects(story)).toEqual([]);
  });

  test('a pause of the failing channel is no all-clear', async () => {
    const story = await startStory();
    await story.round(SEP_17);
    story.discord.fault = GONE;
    await story.round('2025-09-18T12:30:00Z');
    await story.at('2025-09-18T13:00:00Z', (app) => pause(app, 'discord-webhook', undefined));
    await story.round('2025-09-18T13:30:00Z', 'when due');
    expect(subjects(story)).toEqual([webhook]);
    expect(await story.at(SEP_18, ({ ledger }) => ledger.openTroubles())).toEqual([]);
  });

  test('all addresses share one server, and one warning', async () => {
    const story = await startStory();
    await story.round(SEP_17);
    story.smtp.fault = () => ({ login: 535 });
    await story.round('2025-09-18T12:30:00Z');
    expect(titles(story)).toEqual(['The daily test of email fails']);
    expect(subjects(story)).toEqual([]);
  });
});

test('a disk that is nearly full is told once, and taken back', async () => {
  const story = await startStory();
  await story.round(SEP_17);
  story.freeBytes = 150e6;
  await story.round('2025-09-17T21:30:00Z', 'when due');
  await story.round('2025-09-17T22:30:00Z', 'when due');
  // At the limit there would be a warning and an all-clear every hour.
  story.freeBytes = 210e6;
  await story.round('2025-09-17T22:45:00Z', 'when due');
  expect(titles(story)).toHaveLength(1);
  story.freeBytes = 1e9;
  await story.round('2025-09-17T23:30:00Z', 'when due');
  expect(titles(story)).toEqual(['The disk is nearly full', 'All clear: The disk is nearly full']);
  expect(story.discord.messages[0]?.payload.embeds?.[0]?.description).toMatch(/^Only 150 MB are free on the disk of /);
});

test('a database that does not pass its daily check is told, with the cure', async () => {
  const story = await startStory();
  await story.round(SEP_17);
  await story.at(SEP_17, async (app) => {
    fileOf(app).exec("pragma ignore_check_constraints = on; insert into probes values ('x', 'never', 'half', null)");
  });
  await story.round('2025-09-18T12:30:00Z');
  expect(titles(story)).toEqual(['The database is damaged']);
  expect(story.discord.messages[0]?.payload.embeds?.[0]?.description).toMatch(
    /CHECK constraint failed in probes.*npm run restore FILE/,
  );
});
