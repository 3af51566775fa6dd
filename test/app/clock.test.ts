import { describe, expect, test } from 'vitest';
import { clockDoubt } from '../../src/app/clock.ts';
import { createSource } from '../../src/app/sources.ts';
import { type RoundOptions, round } from '../../src/daemon/round.ts';
import { healthOf } from '../../src/health/health.ts';
import { startHeartbeat } from '../support/heartbeat-server.ts';
import { loseEarlierRecords, SEP_17, SEP_18, SEP_19, type Story, startStory } from '../support/story.ts';
import { useStandIn } from '../support/temporary.ts';

const ALERT = 'Russell 2000: first record close in over a year';

const CLOCK = 'The clock of this machine is wrong';

const YEAR_2038 = '2038-01-19T20:45:00Z';

const YEAR_1970 = '1970-01-01T00:00:12Z';

const titles = ({ discord }: Story) => discord.messages.map(({ payload }) => payload.content ?? '');

/** A round by a machine's clock that may be wrong, while it truly is another time, which the source tells. */
function roundOn(story: Story, machine: string, truth: string, check: RoundOptions['check'] = 'always') {
  return story.at(machine, async (app) => {
    story.yahoo.now = Date.parse(truth);
    story.discord.now = () => Date.parse(truth);
    return round(app, { why: 'test', check });
  });
}

describe('the time is in doubt', () => {
  const doubtAt = (story: Story, instant: string) => story.at(instant, async (app) => (await clockDoubt(app))?.why);

  test('before any machine of this kind was, before what is known, and long after the source last told it', async () => {
    const story = await startStory();
    expect(await doubtAt(story, YEAR_1970)).toMatch(/^it says 31 Dec 1969/);
    expect(await doubtAt(story, '2024-01-01T00:00:00Z')).toBeUndefined();
    expect(await doubtAt(story, YEAR_2038)).toBeUndefined();
    await story.round(SEP_17);
    expect(await doubtAt(story, '2024-01-01T00:00:00Z')).toMatch(/but the close of 17 Sep 2025 is known already$/);
    await roundOn(story, SEP_18, SEP_18);
    expect(await doubtAt(story, '2025-09-16T20:30:00Z')).toMatch(/but the close of 18 Sep 2025 is known already$/);
    expect(await doubtAt(story, '2025-10-18T20:30:00Z')).toBeUndefined();
    expect(await doubtAt(story, YEAR_2038)).toBe(
      'it says 19 Jan 2038, and the source last told the time on 18 Sep 2025',
    );
  });

  test('and /healthz says so', async () => {
    const story = await startStory();
    await roundOn(story, SEP_17, SEP_17);
    const health = await story.at(YEAR_1970, healthOf);
    expect(health).toMatchObject({
      ok: false,
      reasons: [expect.stringMatching(/^the clock of this machine cannot be trusted/)],
    });
  });
});

describe('a clock that is behind', () => {
  test('is noticed at the start, though nothing seems to be due, and the watch does not call itself well', async () => {
    const heartbeat = await useStandIn(startHeartbeat());
    const story = await startStory({ HEARTBEAT_URL: heartbeat.url });
    await story.round(SEP_17);
    // Off until the 22nd; the board begins where it stopped. A daemon checks when it starts.
    await roundOn(story, '2025-09-17T20:50:00Z', '2025-09-22T12:00:00Z');
    expect(titles(story)).toEqual([CLOCK]);
    expect(heartbeat.calls.at(-1)).toMatch(
      /^fail: The clock of this machine is 5 days behind, so sessions that have ended since/,
    );
    expect(await story.at('2025-09-17T21:00:00Z', healthOf)).toMatchObject({ ok: false });
    // Every hour it is compared again.
    await roundOn(story, '2025-09-22T13:00:00Z', '2025-09-22T13:00:00Z', 'when due');
    expect(titles(story)).toEqual([CLOCK, ALERT, `All clear: ${CLOCK}`]);
    expect(heartbeat.calls.at(-1)).toBe('ok');
  });
});

describe('a clock that is ahead', () => {
  test('is not called right because nobody has compared it for hours', async () => {
    const story = await startStory();
    await story.round(SEP_17);
    await roundOn(story, '2025-09-18T22:00:00Z', '2025-09-17T22:00:00Z');
    story.yahoo.fault = () => 'reset';
    for (const time of ['19T00:30', '19T02:30', '19T12:30']) await story.round(`2025-09-${time}:00Z`);
    expect(titles(story)).toEqual([CLOCK]);
  });

  test('keeps the record of the run that has noticed it', async () => {
    const story = await startStory();
    await story.round(SEP_17);
    await roundOn(story, '2025-09-17T23:00:00Z', '2025-09-17T22:00:00Z');
    const runs = await story.at(SEP_18, ({ ledger }) => ledger.newestRuns(10));
    expect(runs.filter(({ command }) => command === 'test')).toHaveLength(2);
  });
});

test('an answer is compared with the time at which it came, however long the run takes after it', async () => {
  const story = await startStory();
  await story.round(SEP_17);
  await story.at(SEP_18, async (app) => {
    let now = Date.parse(SEP_18);
    story.yahoo.fault = ({ symbol }) => (symbol === '^GSPC' ? 'reset' : undefined);
    // The lid is closed while the second symbol is tried again.
    const sleep = async () => {
      now += 8 * 3_600_000;
    };
    const source = await createSource(app.settings, { sleep, random: () => 0.5 });
    await round({ ...app, source, now: () => now }, { why: 'test', check: 'always' });
  });
  expect(titles(story)).not.toContain(CLOCK);
});

test('a file of earlier records that is gone keeps nothing else from being told', async () => {
  const story = await startStory();
  await story.round(SEP_17);
  await story.round(SEP_18);
  loseEarlierRecords(story);
  // A follow-up and the digest are due, and the disk is full.
  story.freeBytes = 1e6;
  const { posted } = await story.round('2025-10-24T22:00:00Z');
  expect(posted).toEqual(
    expect.arrayContaining([
      expect.stringMatching(/^warning\/disk/),
      expect.stringMatching(/^warning\/evaluation-/),
      'digest/2025-10-24',
    ]),
  );
});

test('an answer of yesterday, from a cache on the way, is no clock, and the missing session is told', async () => {
  const heartbeat = await useStandIn(startHeartbeat());
  const story = await startStory({ HEARTBEAT_URL: heartbeat.url });
  await story.round(SEP_17);
  for (const now of [SEP_18, '2025-09-19T12:30:00Z', SEP_19, '2025-09-22T12:30:00Z']) {
    await story.at(now, (app) => {
      story.yahoo.now = Date.parse(SEP_17);
      return round(app, { why: 'test', check: 'always' });
    });
  }
  expect(titles(story).filter((title) => title.startsWith('No close'))).toEqual([
    'No close of ^RUT or ^GSPC for 18 Sep 2025',
  ]);
  expect(titles(story)).not.toContain(CLOCK);
  expect(heartbeat.calls.at(-1)).toMatch(/^fail/);
  await story.round('2025-09-22T13:30:00Z');
  expect(titles(story)).toContain(ALERT);
});
