import { describe, expect, test } from 'vitest';
import { withLease } from '../../src/app/lease.ts';
import { check } from '../../src/check/check.ts';
import { dryRun } from '../../src/check/dry-run.ts';
import { fileOf } from '../support/file-of.ts';
import { ALERT, allSubjects, titles } from '../support/posted.ts';
import { EVENT, SEP_17, SEP_18, SEP_22, startStory } from '../support/story.ts';
import { temporaryFolder } from '../support/temporary.ts';

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
    expect(allSubjects(story)).toEqual([ALERT, ALERT]);
    expect(story.discord.messages[0]?.payload.embeds?.[0]?.description).not.toContain('Found late');
  });
});

describe('what does not work', () => {
  test('a channel that is down gets its message from a later run, and the others at once', async () => {
    const story = await startStory();
    await story.check(SEP_17);
    story.discord.fault = () => ({ status: 502 });
    const report = await story.check(SEP_18);
    expect(allSubjects(story)).toHaveLength(2);
    expect(report.deliveries.find(({ channel }) => channel === 'discord-webhook')).toMatchObject({ state: 'pending' });
    expect(report.problems).toHaveLength(1);
    story.discord.fault = undefined;
    const later = await story.check('2025-09-18T21:30:00Z');
    expect(later.problems).toEqual([]);
    expect(titles(story)).toEqual([ALERT]);
    expect(allSubjects(story)).toHaveLength(2);
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
    expect.stringMatching(/to email:ann@example.com: failed, given up after 7 days.*it is not tried again until/),
  ]);
  expect(last.deliveries).toMatchObject([{ channel: 'email:ann@example.com', state: 'failed' }]);
  expect(await story.check('2025-09-29T20:45:00Z')).toMatchObject({ deliveries: [], problems: [] });
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
          fileOf(app).exec("update lease set holder = 'another', expires_at = '2099-01-01T00:00:00Z'");
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
