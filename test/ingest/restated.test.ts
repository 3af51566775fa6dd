import { beforeEach, describe, expect, test } from 'vitest';
import { mailsTo, subjects } from '../support/posted.ts';
import { EVENT, SEP_17, SEP_18, SEP_19, SEP_22, type Story, startStory } from '../support/story.ts';
import { editBar, multiply } from '../support/yahoo-chart.ts';

const SEP_18_MORNING = '2025-09-18T12:30:00Z';

const SEP_19_MORNING = '2025-09-19T12:30:00Z';

const SEP_23 = '2025-09-23T20:45:00Z';

let story: Story;

beforeEach(async () => {
  story = await startStory({ OUTBOX_DIR: '' });
  await story.round(SEP_17);
});

function closeOf(session: string): Promise<number | undefined> {
  return story.at(
    SEP_23,
    async ({ closes }) => closes.accepted('^RUT', session).find((row) => row.session === session)?.close,
  );
}

describe('a history of another scale, the whole of it', () => {
  test.each([0.01, 0.1, 0.5, 2 / 3, 0.8, 1.25, 1.5, 2, 10])(
    '× %f is read again whole, and the event is told',
    async (factor) => {
      story.yahoo.tweak = multiply(() => factor);
      const { report } = await story.round(SEP_18);
      expect(report?.fired).toEqual([EVENT]);
      expect(report?.held).toEqual([]);
      expect(await closeOf('2025-09-17')).toBeCloseTo(2407.34 * factor, 1);
      expect(await closeOf('2021-11-08')).toBeCloseTo(2442.74 * factor, 1);
      expect(subjects(story)).toEqual(['Russell 2000: first record close in over a year']);
      // All twelve events still: the records from before Yahoo follow.
      const { events } = (await story.at(SEP_18, ({ ledger }) => ledger.signal('russell-2000'))) ?? { events: [] };
      expect(events.filter(({ status }) => status !== 'cancelled')).toHaveLength(12);
      const kept = await story.at(SEP_18, async ({ closes }) => closes.revisions('^RUT', '2021-11-08'));
      expect(kept.map(({ from }) => from.close)).toEqual([2442.74]);
    },
  );

  test('in an answer that lacks years of what is stored is not believed', async () => {
    const { closes } = story.yahoo;
    const all = closes.get('^RUT') ?? [];
    closes.set(
      '^RUT',
      all.filter(({ session }) => session > '2022-06-01'),
    );
    story.yahoo.tweak = multiply(() => 1.05);
    const { report, problems } = await story.round(SEP_18);
    expect([report?.fired, report?.held]).toEqual([[], []]);
    expect(problems.join()).toMatch(/every close × 1\.05, in an answer that lacks 8,75\d stored sessions/);
    expect(await closeOf('2021-11-08')).toBe(2442.74);
  });

  test('but for its newest session needs a second answer, and one look invents no event', async () => {
    story.setClose('^RUT', '2025-09-18', 2410);
    story.yahoo.tweak = multiply((session) => (session < '2025-09-18' ? 0.98 : 1));
    const { report, problems } = await story.round(SEP_18);
    expect(report?.fired).toEqual([]);
    expect(problems.join()).toMatch(/every close × 0\.98, but its newest session lies nearer to the old scale/);
    story.yahoo.tweak = undefined;
    expect((await story.round('2025-09-18T21:50:00Z')).report?.fired).toEqual([]);
    expect(await closeOf('2025-09-17')).toBe(2407.34);
    expect(subjects(story)).toEqual([]);
  });

  test.each([0.97, 0.98])('× %f on an evening that rises as much is believed an hour later', async (factor) => {
    story.yahoo.tweak = multiply(() => factor);
    await story.round(SEP_18);
    expect((await story.round('2025-09-18T21:50:00Z')).report?.fired).toEqual([EVENT]);
  });

  test('on a quiet evening tells nobody anything', async () => {
    story.yahoo.tweak = multiply(() => 0.1);
    await story.round(SEP_18_MORNING);
    expect(subjects(story)).toEqual([]);
  });
});

describe('a history of two scales', () => {
  test.each([
    ['from a day on', (session: string) => (session >= '2025-09-10' ? 0.8 : 1)],
    ['from weeks ago on', (session: string) => (session >= '2025-07-01' ? 1.02 : 1)],
    ['up to a day', (session: string) => (session <= '2025-09-10' ? 1.05 : 1)],
  ])('%s is not believed: nothing is told but that', async (_what, factor) => {
    story.yahoo.tweak = multiply(factor);
    const { report, problems } = await story.round(SEP_18);
    expect(report?.fired).toEqual([]);
    expect(problems.join()).toMatch(/\^RUT: the source now has every close (from|up to) .* two scales/);
    expect(await closeOf('2025-09-17')).toBe(2407.34);
    expect(subjects(story)).toEqual([]);
    await story.round(SEP_19_MORNING);
    expect(subjects(story)).toEqual(['No close of ^RUT for 18 Sep 2025']);
    story.yahoo.tweak = undefined;
    expect((await story.round(SEP_19)).report?.fired).toEqual([EVENT]);
  });

  test('of which only the newest session is of the other one is told the next morning', async () => {
    for (const factor of [0.01, 0.5, 2 / 3, 0.8]) {
      story.yahoo.tweak = multiply((session) => (session >= '2025-09-18' ? factor : 1));
      const { report } = await story.round(SEP_18);
      expect([report?.fired, report?.held.map(({ session }) => session)]).toEqual([[], ['2025-09-18']]);
    }
    const { report } = await story.round(SEP_19_MORNING);
    expect(report?.fired).toEqual([]);
    expect(subjects(story)).toEqual(['No close of ^RUT for 18 Sep 2025']);
    expect(mailsTo(story).at(-1)?.text?.replaceAll('\n', ' ')).toMatch(
      /1,974\.16 was read for \^RUT on 18 Sep 2025, but it is held/,
    );
  });

  test('of which the older one still stands after five days is what the source means', async () => {
    story.yahoo.tweak = multiply((session) => (session <= '2025-09-10' ? 0.957 : 1));
    for (const day of [18, 19, 22]) {
      const { problems } = await story.round(`2025-09-${day}T20:45:00Z`);
      expect(problems.join()).toMatch(/every close up to 10 Sep 2025 × 0\.957 .* two scales/);
    }
    expect(mailsTo(story)[0]?.text?.replace(/\s+/g, ' ')).toMatch(
      /A check said: \^RUT: the source now has every close up to 10 Sep 2025 × 0\.957/,
    );
    const { report } = await story.round('2025-09-23T20:45:00Z');
    expect(report?.missing).toEqual([]);
    expect(await closeOf('2021-11-08')).toBeCloseTo(2442.74 * 0.957, 1);
  });

  test('of which the older one comes and goes is not meant by it', async () => {
    const older = multiply((session) => (session <= '2025-09-05' ? 0.957 : 1));
    story.yahoo.tweak = older;
    await story.round('2025-09-17T21:45:00Z');
    story.yahoo.tweak = undefined;
    await story.round('2025-09-18T12:30:00Z');
    story.yahoo.tweak = older;
    expect((await story.round('2025-09-23T20:45:00Z')).problems.join()).toMatch(/two scales/);
    expect(await closeOf('2021-11-08')).toBe(2442.74);
  });

  test('that the source takes back is as it was an hour later', async () => {
    story.setClose('^RUT', '2025-09-18', 2400);
    const half = multiply((session) => (session < '2025-09-18' ? 0.97 : 1));
    story.yahoo.tweak = half;
    await story.round(SEP_18);
    await story.round('2025-09-18T21:50:00Z');
    expect(await closeOf('2021-11-08')).toBeCloseTo(2442.74 * 0.97, 1);
    story.yahoo.tweak = undefined;
    expect((await story.round('2025-09-19T12:30:00Z')).problems.join()).toMatch(/two scales/);
    expect((await story.round('2025-09-19T13:35:00Z')).problems).toEqual([]);
    expect(await closeOf('2021-11-08')).toBe(2442.74);
  });

  test.each([
    ['the two newest', '2025-09-16', 1.02],
    ['the two newest', '2025-09-16', 0.8],
    ['the newest', '2025-09-17', 0.8],
    ['the newest', '2025-09-17', 1.2],
    ['only what is new', '2025-09-18', 1.25],
    ['only what is new', '2025-09-18', 0.8],
  ])(
    'of which %s of the stored ones, from %s on × %f, are of the other one is never believed',
    async (_what, from, factor) => {
      story.yahoo.tweak = multiply((session) => (session >= from ? factor : 1));
      for (const day of [18, 19, 22, 23]) {
        expect((await story.round(`2025-09-${day}T12:30:00Z`)).report?.fired).toEqual([]);
        expect((await story.round(`2025-09-${day}T20:45:00Z`)).report?.fired).toEqual([]);
      }
      expect(await closeOf('2025-09-16')).toBe(2403.03);
      expect(subjects(story)).toEqual(
        expect.arrayContaining([expect.stringMatching(/^No close of \^RUT|would be a record/)]),
      );
      story.yahoo.tweak = undefined;
      expect((await story.round('2025-09-24T20:45:00Z')).report?.fired).toEqual([EVENT]);
    },
  );

  test('heals when the source follows back to the beginning, as after a split', async () => {
    story.yahoo.tweak = multiply((session) => (session >= '2025-09-18' ? 0.8 : 1));
    for (const evening of [SEP_18, SEP_19, SEP_22]) await story.round(evening);
    expect(await closeOf('2025-09-18')).toBeUndefined();
    story.yahoo.tweak = multiply(() => 0.8);
    const { report } = await story.round(SEP_23);
    expect(report?.fired).toEqual([EVENT]);
    expect(await closeOf('2021-11-08')).toBeCloseTo(2442.74 * 0.8, 1);
  });
});

test('a revised close among the same ones is judged by itself', async () => {
  story.yahoo.tweak = (chart, symbol) => {
    if (symbol === '^RUT') editBar(chart, '2025-09-16', { close: 2404.5, high: 2410, low: 2400 });
  };
  await story.round(SEP_18);
  expect(await closeOf('2025-09-16')).toBe(2403.03);
  await story.round(SEP_19_MORNING);
  expect(await closeOf('2025-09-16')).toBe(2404.5);
});
