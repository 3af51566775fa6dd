import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ALERT, titles } from '../support/posted.ts';
import { EVENT, SEP_17, SEP_18, SEP_19, startStory } from '../support/story.ts';
import { temporaryFolder } from '../support/temporary.ts';
import { removeBar } from '../support/yahoo-chart.ts';

/** Closes and record: docs/architecture.md, "Facts to reproduce": 2,467.70 on 18 September 2025, past 2,442.74. */
const RECORD_CLOSE = 2467.7;

describe('the first run', () => {
  test('on the evening of the event is news', async () => {
    const story = await startStory();
    expect((await story.check(SEP_18)).fired).toEqual([EVENT]);
  });

  test('a session later it is history', async () => {
    const story = await startStory();
    expect((await story.check(SEP_19)).fired).toEqual([]);
    expect(story.discord.messages).toEqual([]);
  });

  test('over a closed week it is history, though the session is the newest one', async () => {
    const story = await startStory();
    story.yahoo.closes.set(
      '^RUT',
      (story.yahoo.closes.get('^RUT') ?? []).filter(({ session }) => session <= '2025-09-18'),
    );
    expect((await story.check('2025-09-25T20:45:00Z')).fired).toEqual([]);
  });

  test('whose source had lost the history does not alert when the history arrives', async () => {
    const story = await startStory();
    const whole = story.yahoo.closes.get('^RUT') ?? [];
    story.yahoo.closes.set(
      '^RUT',
      whole.filter(({ session }) => session > '2024-06-01'),
    );
    await story.check(SEP_17);
    story.yahoo.closes.set('^RUT', whole);
    expect((await story.check('2025-09-17T21:30:00Z')).fired).toEqual([]);
    expect((await story.check(SEP_18)).fired).toEqual([EVENT]);
  });
});

describe('a close that is not believed', () => {
  test('fires nothing while it is held, and the true close fires later', async () => {
    const story = await startStory();
    await story.check(SEP_17);
    story.setClose('^RUT', '2025-09-18', RECORD_CLOSE * 100);
    const report = await story.check(SEP_18);
    expect(report.fired).toEqual([]);
    expect(report.signals[0]).toMatchObject({ session: '2025-09-17', state: 'armed' });
    expect(report.held).toMatchObject([{ symbol: '^RUT', session: '2025-09-18', close: 246770 }]);
    story.setClose('^RUT', '2025-09-18', RECORD_CLOSE);
    expect((await story.check('2025-09-19T12:30:00Z')).fired).toEqual([EVENT]);
    expect(titles(story)).toEqual([ALERT]);
  });

  test('equal to the record is no record', async () => {
    const story = await startStory();
    story.setClose('^RUT', '2025-09-18', 2442.74);
    await story.check(SEP_17);
    expect((await story.check(SEP_18)).fired).toEqual([]);
  });
});

test('an alert after a missing close says that it may not be the first', async () => {
  const story = await startStory();
  await story.check(SEP_17);
  story.yahoo.tweak = (chart) => removeBar(chart, '2025-09-18');
  await story.check(SEP_18);
  await story.check(SEP_19);
  expect(story.discord.messages[0]?.payload.embeds?.[0]?.description).toContain(
    'The close of 18 Sep 2025 is not known.',
  );
});

test('an alert on files that begin late says that an earlier record may be higher', async () => {
  const story = await startStory();
  const folder = temporaryFolder();
  story.configure({ MARKET_SOURCE: 'csv', MARKET_CSV_DIR: folder });
  for (const evening of [SEP_17, SEP_18]) {
    for (const symbol of ['^RUT', '^GSPC']) {
      const rows = (story.yahoo.closes.get(symbol) ?? []).filter(
        ({ session }) => session >= '2020-01-02' && session <= evening.slice(0, 10),
      );
      const lines = rows.map(({ session, close }) => `${session},${close}`);
      writeFileSync(join(folder, `${symbol}.csv`), ['Date,Close', ...lines, ''].join('\n'));
    }
    expect((await story.check(evening)).problems).toEqual([]);
  }
  expect(story.discord.messages[0]?.payload.embeds?.[0]?.description).toContain(
    'The history begins on 2 Jan 2020, and an earlier record may be higher',
  );
});
