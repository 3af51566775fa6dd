import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { importCloses } from '../../src/ingest/import.ts';
import { takeBackImport } from '../../src/ingest/take-back.ts';
import { EVENT, SEP_17, SEP_18, SEP_19, SEP_22, type Story, startStory } from '../support/story.ts';
import { temporaryFolder } from '../support/temporary.ts';
import { editBar, removeBar } from '../support/yahoo-chart.ts';

/** The record close as published; a story's Yahoo lacks it. */
const RECORD = 2467.7;
const NOON = '2025-09-19T16:00:00Z';

async function storyWithout18() {
  const story = await startStory();
  await story.check(SEP_17);
  story.yahoo.tweak = (chart) => removeBar(chart, '2025-09-18');
  await story.check(SEP_18);
  return story;
}

async function importOne(story: Story, session: string, close: number, instant = NOON) {
  const file = join(temporaryFolder(), 'more.csv');
  writeFileSync(file, `session,close\n${session},${close}\n`);
  return story.at(instant, (app) => importCloses(app, '^RUT', file));
}

const undo = (story: Story, instant: string) =>
  story.at(instant, (app) => takeBackImport(app, '^RUT', { dryRun: false }));
const leads = ({ discord }: Story) => discord.messages.map(({ payload }) => payload.embeds?.[0]?.description ?? '');

describe('an event whose close was imported', () => {
  test('is told late, for the true reason', async () => {
    const story = await storyWithout18();
    expect(await importOne(story, '2025-09-18', RECORD)).toMatchObject({ rows: 1, added: 1 });
    expect((await story.check('2025-09-19T16:05:00Z')).fired).toEqual([EVENT]);
    expect(leads(story)[0]).toContain('Found late: the close was imported from a file on 19 Sep 2025, 12:00 New York.');
  });

  test('is retracted once the import is taken back and two readings an hour apart do not have it', async () => {
    const story = await storyWithout18();
    await importOne(story, '2025-09-18', RECORD);
    await story.check('2025-09-19T16:05:00Z');
    expect(await undo(story, '2025-09-19T16:10:00Z')).toMatchObject({ taken: 1, left: [] });
    await story.check('2025-09-19T16:15:00Z');
    expect(leads(story)).toHaveLength(1);
    await story.check('2025-09-19T17:20:00Z');
    expect(leads(story)).toHaveLength(2);
    expect(leads(story)[1]).toContain(
      'The close of the Russell 2000 of 18 Sep 2025 came from an imported file, and that import was undone.',
    );
    // Yahoo has it in the end: two days of readings, as in any dispute.
    story.yahoo.tweak = undefined;
    await story.check(SEP_22);
    await story.check('2025-09-23T20:45:00Z');
    expect(leads(story)).toHaveLength(3);
    expect(story.discord.messages[2]?.payload.embeds?.[0]?.footer?.text).toContain(`${EVENT}/correction`);
  });

  test('stands where the import comes back within the hour, and where the source cannot be read', async () => {
    const story = await storyWithout18();
    await importOne(story, '2025-09-18', RECORD);
    await story.check('2025-09-19T16:05:00Z');
    await undo(story, '2025-09-19T16:10:00Z');
    story.yahoo.fault = () => ({ status: 500 });
    await story.check('2025-09-19T16:15:00Z');
    await story.check('2025-09-19T18:15:00Z');
    story.yahoo.fault = undefined;
    await importOne(story, '2025-09-18', RECORD, '2025-09-19T18:20:00Z');
    await story.check(SEP_19);
    expect(leads(story)).toHaveLength(1);
  });
});

test('a false close that was imported hides the true event until it is taken back; the alert then says so', async () => {
  const story = await startStory();
  story.yahoo.tweak = (chart) => removeBar(chart, '2025-09-10');
  await story.check('2025-09-12T20:45:00Z');
  // Under 15% from its neighbours, so that no rule holds it, and above the record of 18 September; no event was told of it.
  await importOne(story, '2025-09-10', 2500, '2025-09-13T16:00:00Z');
  const { fired } = await story.check('2025-09-15T20:45:00Z');
  expect(fired).toEqual(['russell-2000/2025-09-10']);
  await story.check(SEP_18);
  expect(leads(story)).toHaveLength(1);
  await undo(story, '2025-09-19T14:00:00Z');
  await story.check('2025-09-19T14:05:00Z');
  await story.check('2025-09-19T15:10:00Z');
  const ids = story.discord.messages.map(({ payload }) => payload.embeds?.[0]?.footer?.text.split('\n').at(-1));
  expect(ids).toEqual(['russell-2000/2025-09-10/alert', 'russell-2000/2025-09-10/retraction', `${EVENT}/alert`]);
  expect(leads(story)[2]).toContain(
    'Found late: an import of earlier closes was taken back on 19 Sep 2025, 10:00 New York.',
  );
});

test('a close that the source has told otherwise since stays', async () => {
  const story = await storyWithout18();
  await importOne(story, '2025-09-18', 2400);
  story.yahoo.tweak = (chart) => editBar(chart, '2025-09-18', { close: RECORD });
  await story.check(SEP_19);
  await story.check('2025-09-19T22:00:00Z');
  expect(await undo(story, '2025-09-19T22:10:00Z')).toMatchObject({ taken: 0, left: ['2025-09-18'] });
});

test('a folder of files in which another index lies is refused whole', async () => {
  const folder = temporaryFolder();
  const story = await startStory({ MARKET_SOURCE: 'csv', MARKET_CSV_DIR: folder });
  const write = (name: string, from: string) => {
    const rows = (story.yahoo.closes.get(from) ?? []).map(({ session, close }) => `${session},${close}`);
    writeFileSync(join(folder, `${name}.csv`), ['session,close', ...rows, ''].join('\n'));
  };
  write('^RUT', '^RUT');
  write('^GSPC', '^GSPC');
  await story.check(SEP_17);
  const good = readFileSync(join(folder, '^RUT.csv'), 'utf8');
  write('^RUT', '^GSPC');
  for (const instant of [SEP_18, SEP_19]) {
    const { problems } = await story.check(instant);
    expect(problems.join('\n')).toContain(
      'differ from the stored ones: these are the stored closes of ^GSPC; none of it was stored',
    );
  }
  writeFileSync(join(folder, '^RUT.csv'), good);
  expect((await story.check(SEP_22)).fired).toEqual([EVENT]);
});
