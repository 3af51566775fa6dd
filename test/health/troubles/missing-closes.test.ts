import { beforeEach, describe, expect, test } from 'vitest';
import { ALERT, subjects, titles, warnings } from '../../support/posted.ts';
import { SEP_17, SEP_18, SEP_19, SEP_22, type Story, startStory } from '../../support/story.ts';
import { multiply } from '../../support/yahoo-chart.ts';

let story: Story;

beforeEach(async () => {
  story = await startStory({ OUTBOX_DIR: '' });
  await story.round(SEP_17);
});

describe('closes that are held for weeks', () => {
  test('are one trouble, whatever the cause, and an all-clear at the end', async () => {
    story.yahoo.tweak = multiply((session) => (session >= '2025-09-18' ? 0.1 : 1));
    const evenings = [18, 19, 22, 23, 24, 25, 26, 29, 30].map((day) => `2025-09-${day}T20:45:00Z`);
    for (const evening of evenings) await story.round(evening);
    const warnings = subjects(story).filter(
      (subject) => !subject.includes('all is well') && !subject.includes('Needs attention'),
    );
    expect(warnings.slice(0, 2)).toEqual([
      'No close of ^RUT for 18 Sep 2025',
      expect.stringMatching(/^Still: No close/),
    ]);
    expect(warnings.filter((subject) => subject.startsWith('No close of ^RUT'))).toHaveLength(1);
  });

  test('above the record, are one trouble too', async () => {
    story.yahoo.tweak = multiply((session) => (session >= '2025-09-18' ? 10 : 1));
    for (const day of [18, 19, 22, 23, 24]) await story.round(`2025-09-${day}T20:45:00Z`);
    const warnings = subjects(story).filter((subject) => subject.includes('would be a record'));
    expect(warnings).toHaveLength(1);
    expect(subjects(story).filter((subject) => subject.startsWith('No close of ^RUT'))).toEqual([]);
  });
});

describe('a close that does not come', () => {
  test('is told the next morning, again after three sessions, and taken back once', async () => {
    const story = await startStory();
    await story.round(SEP_17);
    for (const session of ['2025-09-18', '2025-09-19', '2025-09-22']) story.setClose('^RUT', session, undefined);
    await story.round(SEP_18);
    await story.round('2025-09-19T11:59:00Z');
    expect(warnings(story)).toEqual([]);
    await story.round('2025-09-19T12:30:00Z');
    await story.round(SEP_19);
    expect(warnings(story)).toEqual(['No close of ^RUT for 18 Sep 2025']);
    await story.round('2025-09-20T12:30:00Z');
    await story.round(SEP_22);
    expect(warnings(story)).toHaveLength(1);
    await story.round('2025-09-23T12:30:00Z');
    await story.round('2025-09-23T13:30:00Z');
    expect(warnings(story)).toEqual([
      'No close of ^RUT for 18 Sep 2025',
      'Still: No close of ^RUT for 3 sessions from 18 Sep 2025 to 22 Sep 2025',
    ]);

    story.setClose('^RUT', '2025-09-18', 2467.7);
    story.setClose('^RUT', '2025-09-19', 2448.77);
    story.setClose('^RUT', '2025-09-22', 2463.34);
    await story.round('2025-09-23T14:30:00Z');
    await story.round('2025-09-23T15:30:00Z');
    expect(titles(story)).toContain(ALERT);
    expect(warnings(story).slice(2)).toEqual(['All clear: No close of ^RUT for 18 Sep 2025']);
    const allClear = story.smtp.messages.find(({ subject }) => subject?.startsWith('All clear'));
    const first = story.smtp.messages.find(({ subject }) => subject?.startsWith('No close'));
    expect(allClear?.inReplyTo).toBe(first?.messageId);
  });

  test('that is long already when it is first told is not told twice on one day', async () => {
    const story = await startStory();
    await story.round(SEP_17);
    for (const session of ['2025-09-18', '2025-09-19', '2025-09-22']) story.setClose('^RUT', session, undefined);
    await story.round('2025-09-23T12:30:00Z');
    await story.round('2025-09-23T13:30:00Z');
    expect(warnings(story)).toEqual(['No close of ^RUT for 3 sessions from 18 Sep 2025 to 22 Sep 2025']);
    for (const session of ['2025-09-23', '2025-09-24']) story.setClose('^RUT', session, undefined);
    await story.round('2025-09-25T12:30:00Z');
    expect(warnings(story).slice(1)).toEqual([expect.stringMatching(/^Still: No close of \^RUT for 5 sessions/)]);
  });

  test('goes on as one trouble while its first closes arrive', async () => {
    const story = await startStory();
    await story.round(SEP_17);
    for (const session of ['2025-09-18', '2025-09-19']) story.setClose('^RUT', session, undefined);
    await story.round('2025-09-20T12:30:00Z');
    story.setClose('^RUT', '2025-09-18', 2430);
    await story.round('2025-09-20T13:30:00Z');
    expect(warnings(story)).toHaveLength(1);
  });

  test('that nobody ever fills ends without a word: an unplanned holiday is no trouble for ever', async () => {
    const story = await startStory();
    await story.round(SEP_17);
    story.setClose('^RUT', '2025-09-19', undefined);
    story.setClose('^GSPC', '2025-09-19', undefined);
    await story.round('2025-09-20T12:30:00Z');
    expect(warnings(story)).toEqual(['No close of ^RUT or ^GSPC for 19 Sep 2025']);
    await story.round('2025-11-20T13:30:00Z');
    expect(warnings(story)).toHaveLength(1);
    expect(await story.at('2025-11-20T14:30:00Z', ({ ledger }) => ledger.openTroubles())).toEqual([]);
  });

  test('that is another gap than the one that was just filled is told of its own', async () => {
    const story = await startStory();
    await story.round(SEP_17);
    story.setClose('^RUT', '2025-09-18', undefined);
    await story.round('2025-09-19T12:30:00Z');
    await story.round(SEP_19);
    story.setClose('^RUT', '2025-09-18', 2430);
    story.setClose('^RUT', '2025-09-22', undefined);
    await story.round('2025-09-23T12:30:00Z');
    expect(warnings(story)).toEqual([
      'No close of ^RUT for 18 Sep 2025',
      'No close of ^RUT for 22 Sep 2025',
      'All clear: No close of ^RUT for 18 Sep 2025',
    ]);
  });

  test('before anything was ever read is told too', async () => {
    const story = await startStory();
    story.yahoo.fault = () => ({ status: 500 });
    await story.round(SEP_17);
    await story.round('2025-09-18T12:30:00Z');
    expect(warnings(story)).toEqual(['No close of ^RUT or ^GSPC for 17 Sep 2025']);
  });

  test('before the watch began is none of its business', async () => {
    const story = await startStory();
    story.setClose('^RUT', '2025-09-03', undefined);
    await story.round(SEP_17);
    await story.round('2025-09-18T12:30:00Z');
    expect(titles(story)).toEqual([]);
  });
});
