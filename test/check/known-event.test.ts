import { describe, expect, test } from 'vitest';
import { check } from '../../src/check/check.ts';
import { ALERT, allSubjects, mailsTo, titles } from '../support/posted.ts';
import { EVENT, SEP_17, SEP_18, SEP_19, SEP_22, type Story, startStory } from '../support/story.ts';
import { removeBar } from '../support/yahoo-chart.ts';

/** Closes and record: docs/architecture.md, "Facts to reproduce": 2,467.70 on 18 September 2025, past 2,442.74. */
const RECORD_CLOSE = 2467.7;

const NO_RECORD = 2440;

describe('a revision', () => {
  test('below the record is retracted once, after a second reading an hour later, where the alert arrived', async () => {
    const story = await startStory();
    await story.check(SEP_17);
    await story.check(SEP_18);
    story.setClose('^RUT', '2025-09-18', NO_RECORD);
    await story.check('2025-09-19T12:30:00Z');
    await story.check('2025-09-19T13:00:00Z');
    expect(titles(story)).toEqual([ALERT]);
    await story.check('2025-09-19T13:30:00Z');
    await story.check('2025-09-19T15:00:00Z');
    const retraction = 'Retracted: Russell 2000 record close of 18 Sep 2025';
    expect(titles(story)).toEqual([ALERT, retraction]);
    expect(allSubjects(story)).toEqual([ALERT, ALERT, retraction, retraction]);
    const [, , mail] = story.smtp.messages;
    expect(mail?.inReplyTo).toBe(
      story.smtp.messages.find(({ envelope }) => envelope.to[0] === mail?.envelope.to[0])?.messageId,
    );
    expect(mail?.text).toContain('closed at 2,440.00 on 18 Sep 2025, not past the record of 2,442.74');
  });

  test('that comes back before the second reading tells nobody', async () => {
    const story = await startStory();
    await story.check(SEP_17);
    await story.check(SEP_18);
    story.setClose('^RUT', '2025-09-18', NO_RECORD);
    await story.check('2025-09-19T12:30:00Z');
    story.setClose('^RUT', '2025-09-18', RECORD_CLOSE);
    await story.check('2025-09-19T13:45:00Z');
    story.setClose('^RUT', '2025-09-18', NO_RECORD);
    await story.check('2025-09-19T14:00:00Z');
    expect(titles(story)).toEqual([ALERT]);
  });

  test('is not confirmed by a run that could not read', async () => {
    const story = await startStory();
    await story.check(SEP_17);
    await story.check(SEP_18);
    story.setClose('^RUT', '2025-09-18', NO_RECORD);
    await story.check('2025-09-19T12:30:00Z');
    story.yahoo.fault = () => ({ status: 500 });
    await story.check('2025-09-19T14:30:00Z');
    expect(titles(story)).toEqual([ALERT]);
  });

  test('of a retracted event that returns is a correction', async () => {
    const story = await startStory();
    await story.check(SEP_17);
    await story.check(SEP_18);
    story.setClose('^RUT', '2025-09-18', NO_RECORD);
    await story.check('2025-09-19T12:30:00Z');
    await story.check('2025-09-19T13:45:00Z');
    story.setClose('^RUT', '2025-09-18', RECORD_CLOSE);
    await story.check('2025-09-19T15:00:00Z');
    await story.check(SEP_19);
    expect(titles(story)).toHaveLength(2);
    // Not before the readings of two days agree.
    await story.check('2025-09-20T15:00:00Z');
    expect(titles(story).slice(2)).toEqual(['Stands after all: Russell 2000 record close of 18 Sep 2025']);
  });

  test('that changes a printed figure is corrected once, and one that changes none is not', async () => {
    const story = await startStory();
    await story.check(SEP_17);
    await story.check(SEP_18);
    story.setClose('^RUT', '2025-09-18', 2468.1);
    await story.check('2025-09-19T12:30:00Z');
    await story.check(SEP_19);
    expect(titles(story)).toEqual([ALERT, 'Correction: Russell 2000 record close of 18 Sep 2025']);
    const said = story.discord.messages[1]?.payload.embeds?.[0]?.description;
    expect(said).toMatch(/^The event stands\. .* changed: Russell 2000 close, from 2,467\.70 to 2,468\.10; /);
    expect(said).toContain(story.discord.messages[0]?.id ?? 'no id');
    expect(mailsTo(story)[1]?.text).toMatch(/What changed\n-+\n.*\nRussell 2000 close +2,467\.70 +2,468\.10/);
  });

  test('before anything was sent cancels the event silently', async () => {
    const story = await startStory();
    await story.check(SEP_17);
    story.discord.fault = () => ({ status: 502 });
    story.smtp.fault = () => ({ connect: 421 });
    expect((await story.check(SEP_18)).fired).toEqual([EVENT]);
    story.discord.fault = story.smtp.fault = undefined;
    story.setClose('^RUT', '2025-09-18', NO_RECORD);
    const report = await story.check('2025-09-19T12:30:00Z');
    expect(report.deliveries).toEqual([]);
    expect([...titles(story), ...allSubjects(story)]).toEqual([]);
    story.setClose('^RUT', '2025-09-18', RECORD_CLOSE);
    expect((await story.check('2025-09-19T13:30:00Z')).fired).toEqual([]);
    expect((await story.check('2025-09-19T14:30:00Z')).fired).toEqual([EVENT]);
    expect(titles(story)).toEqual([ALERT]);
  });

  test('that moves the event a day sends a late alert and retracts the first', async () => {
    const story = await startStory();
    story.setClose('^RUT', '2025-09-17', 2430);
    await story.check(SEP_17);
    await story.check(SEP_18);
    story.setClose('^RUT', '2025-09-17', 2445);
    await story.check('2025-09-19T12:30:00Z');
    await story.check(SEP_19);
    expect(titles(story)).toEqual([ALERT, 'Retracted: Russell 2000 record close of 18 Sep 2025', ALERT]);
    expect(story.discord.messages[2]?.payload.embeds?.[0]?.description).toContain(
      'Yahoo Finance revised the close from 2,430.00 to 2,445.00',
    );
  });
});

describe('a benchmark that stops a day early', () => {
  test('does not stop the alert, and nothing is corrected when it arrives', async () => {
    const story = await startStory();
    await story.check(SEP_17);
    story.yahoo.tweak = (chart, symbol) => {
      if (symbol === '^GSPC') removeBar(chart, '2025-09-18');
    };
    expect((await story.check(SEP_18)).fired).toEqual([EVENT]);
    story.yahoo.tweak = undefined;
    await story.check(SEP_19);
    await story.check(SEP_22);
    expect(titles(story)).toEqual([ALERT]);
  });
});

test('a retraction says when its data was read', async () => {
  const story = await startStory();
  await story.check(SEP_17);
  await story.check(SEP_18);
  story.setClose('^RUT', '2025-09-18', NO_RECORD);
  await story.check('2025-09-19T12:30:00Z');
  await story.check('2025-09-19T13:30:00Z');
  expect(mailsTo(story)[1]?.text).toContain('read on 19 Sep 2025, 09:30 New York');
});

describe('a second reading', () => {
  test('that lacks the session does not confirm a retraction', async () => {
    const story = await startStory();
    await story.check(SEP_17);
    await story.check(SEP_18);
    story.setClose('^RUT', '2025-09-18', NO_RECORD);
    await story.check('2025-09-19T12:30:00Z');
    story.yahoo.tweak = (chart) => removeBar(chart, '2025-09-18');
    await story.check('2025-09-19T14:30:00Z');
    expect(titles(story)).toEqual([ALERT]);
    story.yahoo.tweak = undefined;
    await story.check('2025-09-19T15:30:00Z');
    expect(titles(story)).toHaveLength(2);
  });

  test('while one is awaited, an alert that has not arrived is not sent', async () => {
    const story = await startStory();
    await story.check(SEP_17);
    story.discord.fault = () => ({ status: 502 });
    await story.check(SEP_18);
    story.discord.fault = undefined;
    story.setClose('^RUT', '2025-09-18', NO_RECORD);
    await story.check('2025-09-19T12:30:00Z');
    await story.check('2025-09-19T14:00:00Z');
    expect(titles(story)).toEqual([]);
    expect(allSubjects(story).slice(2)).toEqual(Array(2).fill('Retracted: Russell 2000 record close of 18 Sep 2025'));
  });
});

test('a correction refers to the first mail, also where its fate is unknown', async () => {
  const story = await startStory();
  await story.check(SEP_17);
  story.smtp.fault = () => 'drop-after-data';
  await story.check(SEP_18);
  story.smtp.fault = undefined;
  story.setClose('^RUT', '2025-09-18', 2468.1);
  await story.check('2025-09-19T12:30:00Z');
  await story.check('2025-09-19T13:30:00Z');
  const mails = story.smtp.messages.filter(({ envelope }) => envelope.to[0] === 'ann@example.com');
  expect(mails.map(({ subject }) => subject)).toEqual([
    ALERT,
    `${ALERT} (may be a repeat)`,
    'Correction: Russell 2000 record close of 18 Sep 2025',
  ]);
  expect(new Set(mails.slice(0, 2).map(({ messageId }) => messageId)).size).toBe(1);
  expect(mails[2]?.inReplyTo).toBe(mails[0]?.messageId);
});

describe('a changed rule', () => {
  test('sets a new baseline and sends nothing', async () => {
    const story = await startStory();
    await story.check(SEP_17);
    await story.check(SEP_18);
    const [signal] = story.settings.signals;
    if (signal === undefined) throw new Error('no signal');
    const stricter = { ...story.settings, signals: [{ ...signal, quietYears: 4 }] };
    const story2 = { ...story, settings: stricter };
    await withSettings(story2, SEP_19);
    await withSettings(story2, SEP_22);
    await story.check(SEP_22);
    await story.check('2025-09-22T23:45:00Z');
    expect(titles(story)).toEqual([ALERT]);
  });
});

async function withSettings(story: Story, instant: string): Promise<void> {
  const { openApp } = await import('../../src/app/open.ts');
  const now = Date.parse(instant);
  story.yahoo.now = now;
  const app = await openApp(story.settings, {
    now: () => now,
    sleep: async () => {},
    random: () => 0.5,
    progress: () => {},
  });
  await check(app, { offline: false, command: 'test' });
  app.close();
}

test('a changed rule withdraws an alert that it does not know and nobody has seen', async () => {
  const story = await startStory();
  await story.check(SEP_17);
  story.discord.fault = () => ({ status: 502 });
  story.smtp.fault = () => ({ connect: 421 });
  expect((await story.check(SEP_18)).fired).toEqual([EVENT]);
  story.discord.fault = story.smtp.fault = undefined;
  const [signal] = story.settings.signals;
  if (signal === undefined) throw new Error('no signal');
  await withSettings({ ...story, settings: { ...story.settings, signals: [{ ...signal, quietYears: 5 }] } }, SEP_19);
  expect([...titles(story), ...allSubjects(story)]).toEqual([]);
});
