import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { withLease } from '../../src/app/lease.ts';
import { checkAsOf } from '../../src/check/as-of.ts';
import { check } from '../../src/check/check.ts';
import { dryRun } from '../../src/check/dry-run.ts';
import { status } from '../../src/check/status.ts';
import { EVENT, SEP_17, SEP_18, SEP_19, SEP_22, type Story, startStory } from '../support/story.ts';
import { temporaryFolder } from '../support/temporary.ts';
import { editBar, removeBar } from '../support/yahoo-server.ts';

/** Closes and the record are those of DESIGN 6: 2,467.70 on 18 September 2025, past 2,442.74. */
const RECORD_CLOSE = 2467.7;
const NO_RECORD = 2440;

function subjects({ smtp }: Story): string[] {
  return smtp.messages.map(({ subject }) => subject ?? '');
}

function titles({ discord }: Story): string[] {
  return discord.messages.map(({ payload }) => payload.embeds?.[0]?.title ?? '');
}

const ALERT = 'Russell 2000: first record close in over a year';

describe('the story of September 2025', () => {
  test('the evening before is armed and sends nothing', async () => {
    const story = await startStory();
    const report = await story.check(SEP_17);
    expect(report).toMatchObject({
      asOf: '2025-09-17',
      fired: [],
      deliveries: [],
      held: [],
      missing: [],
      problems: [],
    });
    expect(report.signals).toMatchObject([
      { signal: 'russell-2000', session: '2025-09-17', close: 2407.34, state: 'armed', quietSessions: 967 },
    ]);
    expect(report.signals[0]?.toRecord).toBeCloseTo(0.0147, 4);
    expect(story.discord.messages).toEqual([]);
    expect(story.smtp.messages).toEqual([]);
  });

  test('the record close goes out once to every channel, whatever runs after it', async () => {
    const story = await startStory();
    await story.check(SEP_17);
    const report = await story.check(SEP_18);
    expect(report.fired).toEqual([EVENT]);
    expect(report.deliveries.map(({ channel, state, attempts }) => [channel, state, attempts])).toEqual([
      ['discord-webhook', 'sent', 1],
      ['email:ann@example.com', 'sent', 1],
      ['email:bob@example.com', 'sent', 1],
    ]);
    for (let run = 0; run < 10; run++) {
      const later = await story.check(run < 5 ? SEP_18 : SEP_22);
      expect(later.fired).toEqual([]);
      expect(later.deliveries).toEqual([]);
    }
    expect(titles(story)).toEqual([ALERT]);
    expect(subjects(story)).toEqual([ALERT, ALERT]);
    expect(story.discord.messages[0]?.payload.embeds?.[0]?.description).not.toContain('Found late');
  });
});

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

describe('an event found late', () => {
  test('after three weeks off says that nobody looked', async () => {
    const story = await startStory();
    await story.check('2025-09-12T20:45:00Z');
    const report = await story.check('2025-10-03T20:45:00Z');
    expect(report.fired).toEqual([EVENT]);
    expect(story.discord.messages[0]?.payload.embeds?.[0]?.description).toContain(
      'Found late: the closes were not read between 12 Sep 2025, 16:45 New York and 3 Oct 2025, 16:45 New York',
    );
  });

  test('is sent when a null close is filled the next day, and says so', async () => {
    const story = await startStory();
    await story.check(SEP_17);
    story.yahoo.tweak = (chart) => editBar(chart, '2025-09-18', { close: null });
    const empty = await story.check(SEP_18);
    expect(empty.fired).toEqual([]);
    expect(empty.missing).toContainEqual({ symbol: '^RUT', session: '2025-09-18' });
    story.yahoo.tweak = undefined;
    expect((await story.check(SEP_19)).fired).toEqual([EVENT]);
    expect(story.discord.messages[0]?.payload.embeds?.[0]?.description).toContain('had no close of 18 Sep 2025 until');
  });

  test('is found when its session was absent for five days', async () => {
    const story = await startStory();
    await story.check(SEP_17);
    story.yahoo.tweak = (chart) => removeBar(chart, '2025-09-18');
    for (const day of [18, 19, 22, 23, 24]) {
      expect((await story.check(`2025-09-${day}T20:45:00Z`)).fired).not.toContain(EVENT);
    }
    story.yahoo.tweak = undefined;
    expect((await story.check('2025-09-25T20:45:00Z')).fired).toEqual([EVENT]);
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
    expect(subjects(story)).toEqual([ALERT, ALERT, retraction, retraction]);
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
    expect(titles(story).slice(2)).toEqual([`Stands after all: ${ALERT}`]);
  });

  test('that changes a printed figure is corrected once, and one that changes none is not', async () => {
    const story = await startStory();
    await story.check(SEP_17);
    await story.check(SEP_18);
    story.setClose('^RUT', '2025-09-18', 2468.1);
    await story.check('2025-09-19T12:30:00Z');
    await story.check(SEP_19);
    expect(titles(story)).toEqual([ALERT, 'Correction: Russell 2000 record close of 18 Sep 2025']);
    const fields = story.discord.messages[1]?.payload.embeds?.[0]?.fields ?? [];
    expect(fields[0]).toMatchObject({ name: 'What changed' });
    expect(fields[0]?.value).toMatch(/Russell 2000 close +2,467.70 +2,468.10/);
    expect(story.discord.messages[1]?.payload.embeds?.[0]?.description).toContain(
      story.discord.messages[0]?.id ?? 'no id',
    );
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
    expect([...titles(story), ...subjects(story)]).toEqual([]);
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

describe('what does not work', () => {
  test('a channel that is down gets its message from a later run, and the others at once', async () => {
    const story = await startStory();
    await story.check(SEP_17);
    story.discord.fault = () => ({ status: 502 });
    const report = await story.check(SEP_18);
    expect(subjects(story)).toHaveLength(2);
    expect(report.deliveries.find(({ channel }) => channel === 'discord-webhook')).toMatchObject({ state: 'pending' });
    expect(report.problems).toHaveLength(1);
    story.discord.fault = undefined;
    const later = await story.check('2025-09-18T21:30:00Z');
    expect(later.problems).toEqual([]);
    expect(titles(story)).toEqual([ALERT]);
    expect(subjects(story)).toHaveLength(2);
  });

  test('one refused recipient does not keep the other from the message', async () => {
    const story = await startStory();
    await story.check(SEP_17);
    story.smtp.fault = () => ({ recipients: { 'ann@example.com': 550 } });
    const report = await story.check(SEP_18);
    expect(report.deliveries.map(({ channel, state }) => [channel, state])).toContainEqual([
      'email:ann@example.com',
      'failed',
    ]);
    expect(story.smtp.messages.map(({ envelope }) => envelope.to)).toEqual([['bob@example.com']]);
  });

  test('a source that answers nonsense is one clear line, and the next run goes on', async () => {
    const story = await startStory();
    await story.check(SEP_17);
    story.yahoo.fault = () => ({ status: 200, body: '<html>consent</html>' });
    const report = await story.check(SEP_18);
    expect(report.problems).toEqual([
      expect.stringMatching(/^\^RUT: Yahoo answered with an HTML page/),
      expect.stringMatching(/^\^GSPC: Yahoo answered with an HTML page/),
    ]);
    expect(report.missing).toContainEqual({ symbol: '^RUT', session: '2025-09-18' });
    story.yahoo.fault = undefined;
    expect((await story.check('2025-09-18T21:30:00Z')).fired).toEqual([EVENT]);
  });

  test('an empty database says that there is nothing to evaluate', async () => {
    const story = await startStory();
    story.yahoo.fault = () => 'reset';
    const report = await story.check(SEP_17);
    expect(report).toMatchObject({ asOf: null, signals: [], fired: [] });
    expect(report.problems.at(-1)).toContain('no closes of ^RUT are stored yet');
  });

  test('a hang after the message was taken is unknown, sent again as a repeat after 1, 6 and 24 hours', async () => {
    const story = await startStory();
    await story.check(SEP_17);
    story.discord.fault = ({ method }) => (method === 'POST' ? 'accept-then-reset' : undefined);
    const { problems } = await story.check(SEP_18);
    expect(problems).toEqual([expect.stringMatching(/marked as a repeat, not before 18 Sep 2025, 17:45 New York$/)]);
    for (const hour of [0.5, 1, 2, 6.9, 7, 30, 31, 60]) {
      await story.check(new Date(Date.parse(SEP_18) + hour * 3_600_000).toISOString());
    }
    expect(story.discord.messages.map(({ at }) => (at - Date.parse(SEP_18)) / 3_600_000)).toEqual([0, 1, 7, 31]);
    const descriptions = story.discord.messages.map(({ payload }) => payload.embeds?.[0]?.description ?? '');
    expect(descriptions.map((text) => text.includes('may be a repeat'))).toEqual([false, true, true, true]);
    expect((await story.check('2025-09-22T12:30:00Z')).deliveries).toMatchObject([
      { channel: 'discord-webhook', state: 'unknown', attempts: 4 },
    ]);
  });
});

test('the run that gives a delivery up says so, and later ones are quiet', async () => {
  const story = await startStory();
  await story.check(SEP_17);
  story.smtp.fault = () => ({ recipients: { 'ann@example.com': 451 } });
  expect((await story.check(SEP_18)).problems).toEqual([expect.stringMatching(/email:ann.*; later runs try again$/)]);
  const last = await story.check('2025-09-26T20:45:00Z');
  expect(last.problems).toEqual([
    expect.stringMatching(/is failed on email:ann@example.com: given up after 7 days.*it is not tried again until/),
  ]);
  expect(last.deliveries).toMatchObject([{ channel: 'email:ann@example.com', state: 'failed' }]);
  expect(await story.check('2025-09-29T20:45:00Z')).toMatchObject({ deliveries: [], problems: [] });
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

test('a retraction says when its data was read', async () => {
  const story = await startStory();
  await story.check(SEP_17);
  await story.check(SEP_18);
  story.setClose('^RUT', '2025-09-18', NO_RECORD);
  await story.check('2025-09-19T12:30:00Z');
  await story.check('2025-09-19T13:30:00Z');
  expect(story.discord.messages[1]?.payload.embeds?.[0]?.footer?.text).toContain('read on 19 Sep 2025, 09:30 New York');
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
    expect(subjects(story).slice(2)).toEqual(Array(2).fill('Retracted: Russell 2000 record close of 18 Sep 2025'));
  });
});

test('a run that could not read has not looked: the late alert says so', async () => {
  const story = await startStory();
  await story.check(SEP_17);
  story.yahoo.fault = () => ({ status: 500 });
  await story.check(SEP_18);
  story.yahoo.fault = undefined;
  await story.check('2025-09-19T12:30:00Z');
  expect(story.discord.messages[0]?.payload.embeds?.[0]?.description).toContain(
    'the closes were not read between 17 Sep 2025, 16:45 New York and 19 Sep 2025, 08:30 New York',
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
    'The history begins on 2 Jan 2020 only',
  );
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

describe('one writer', () => {
  test('a run that lost its lease while it read decides nothing', async () => {
    const story = await startStory();
    await story.check(SEP_17);
    const taken = story.at(SEP_18, async (app) => {
      const { source } = app;
      const slow = {
        ...source,
        read: async (...args: Parameters<typeof source.read>) => {
          app.database.exec("update lease set holder = 'another', expires_at = '2099-01-01T00:00:00Z'");
          return source.read(...args);
        },
      };
      return await check({ ...app, source: slow }, { offline: false, command: 'slow' });
    });
    expect(await taken).toEqual({ skipped: expect.stringContaining('took over') });
    expect(story.discord.messages).toEqual([]);
  });

  test('a second check says who is in the way and does nothing', async () => {
    const story = await startStory();
    await story.check(SEP_17);
    await story.at(SEP_18, (app) =>
      withLease(app, 'another run', async () => {
        await expect(story.check(SEP_18)).rejects.toThrow(/another check is running \(process \d+ on /);
        return {};
      }),
    );
    expect(story.discord.messages).toEqual([]);
    expect((await story.check(SEP_18)).fired).toEqual([EVENT]);
  });

  test('two checks at once send one alert', async () => {
    const story = await startStory();
    await story.check(SEP_17);
    await Promise.allSettled([story.check(SEP_18), story.check(SEP_18), story.check(SEP_18)]);
    expect(titles(story)).toEqual([ALERT]);
  });
});

describe('options', () => {
  test('a dry run stores closes and says what would fire, but decides and sends nothing', async () => {
    const story = await startStory();
    await story.check(SEP_17);
    const report = await story.at(SEP_18, (app) => dryRun(app, { offline: false, command: 'test' }));
    expect(report).toMatchObject({ asOf: '2025-09-18', fired: [], wouldFire: [EVENT] });
    expect(story.discord.messages).toEqual([]);
    expect((await story.check(SEP_18)).fired).toEqual([EVENT]);
  });

  test('offline decides, leaves network channels pending without an attempt, and a later run sends', async () => {
    const story = await startStory({ OUTBOX_DIR: temporaryFolder() });
    await story.check(SEP_17);
    await story.at(SEP_18, (app) => dryRun(app, { offline: false, command: 'test' }));
    const requests = story.yahoo.requests.length;
    const report = await story.check(SEP_18, { offline: true });
    expect(story.yahoo.requests).toHaveLength(requests);
    expect(report.fired).toEqual([EVENT]);
    expect(report.deliveries.map(({ channel, state, attempts }) => [channel, state, attempts])).toEqual([
      ['folder', 'sent', 1],
      ['discord-webhook', 'pending', 0],
      ['email:ann@example.com', 'pending', 0],
      ['email:bob@example.com', 'pending', 0],
    ]);
    expect(report.problems).toEqual([]);
    await story.check(SEP_18);
    expect(titles(story)).toEqual([ALERT]);
  });

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

  test('status repeats where things stand without reading anything', async () => {
    const story = await startStory();
    await story.check(SEP_17);
    const requests = story.yahoo.requests.length;
    const report = await story.at(SEP_17, status);
    expect(report.signals).toMatchObject([{ session: '2025-09-17', state: 'armed', quietSessions: 967 }]);
    expect(story.yahoo.requests).toHaveLength(requests);
  });
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
  const app = openApp(story.settings, {
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
  expect([...titles(story), ...subjects(story)]).toEqual([]);
});
