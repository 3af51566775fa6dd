import { beforeEach, describe, expect, test } from 'vitest';
import { EVENT, SEP_17, SEP_18, SEP_19, type Story, startStory } from '../support/story.ts';
import { editBar } from '../support/yahoo-chart.ts';

// A source that goes to and fro, or tells one wrong value of the past, must neither invent an event nor lose one, and must
// not be repeated to people. The expected figures are the closes of docs/architecture.md, "Facts to reproduce".

const ALERT = 'Russell 2000: first record close in over a year';
const RETRACTED = (day: string) => `Retracted: Russell 2000 record close of ${day}`;
const STANDS = 'Stands after all: Russell 2000 record close of 18 Sep 2025';
const RECORD = '2021-11-08';

let story: Story;
beforeEach(async () => {
  story = await startStory({ OUTBOX_DIR: '', EMAIL_TO: 'ann@example.com' });
  await story.check(SEP_17);
});

function subjects(): string[] {
  return story.smtp.messages.map(({ subject }) => subject ?? '');
}

/** What is told of the event and of the source: a digest of a quiet week is neither. */
function news(): string[] {
  return subjects().filter((subject) => !subject.startsWith('All is well'));
}

/** True for a request of all that Yahoo has of the index. */
function isWhole({ symbol, period1 }: { symbol: string; period1: number }): boolean {
  return symbol === '^RUT' && period1 < Date.UTC(1988, 0) / 1000;
}

/** The looks of a day as the daemon has them: in the morning, and twice after the close. */
async function looks(day: string): Promise<void> {
  for (const time of ['12:30', '20:45', '22:30']) await story.round(`${day}T${time}:00Z`);
}

describe('a settled close that one reading overturns', () => {
  test('above the record is no event until a second reading an hour later agrees', async () => {
    story = await startStory({ OUTBOX_DIR: '', EMAIL_TO: 'ann@example.com' });
    await story.check('2025-08-20T20:45:00Z');
    await story.check(SEP_17);
    story.setClose('^RUT', '2025-08-25', 2450);
    expect((await story.check('2025-09-18T12:30:00Z')).fired).toEqual([]);
    const soon = await story.check('2025-09-18T13:00:00Z');
    expect(soon.fired).toEqual([]);
    expect(soon.held).toMatchObject([{ symbol: '^RUT', session: '2025-08-25', close: 2450 }]);
    expect((await story.check('2025-09-18T13:30:00Z')).fired).toEqual(['russell-2000/2025-08-25']);
    expect(subjects()).toEqual([ALERT]);
  });

  test('and that the next reading has as it was is forgotten', async () => {
    story.setClose('^RUT', '2025-08-25', 2450);
    await story.check('2025-09-18T12:30:00Z');
    story.setClose('^RUT', '2025-08-25', 2358.6);
    await story.check('2025-09-18T13:30:00Z');
    story.setClose('^RUT', '2025-08-25', 2450);
    await story.check('2025-09-18T14:30:00Z');
    expect(subjects()).toEqual([]);
  });

  test('is looked at again within the hour, though no session is missing', async () => {
    await story.round(SEP_18);
    await story.round('2025-09-19T12:30:00Z');
    story.setClose('^RUT', '2025-09-18', 2440);
    await story.round('2025-09-19T13:00:00Z');
    expect((await story.round('2025-09-19T13:30:00Z', 'when due')).report).toBeUndefined();
    expect((await story.round('2025-09-19T14:00:00Z', 'when due')).report).toBeDefined();
    expect(subjects()).toEqual([ALERT, RETRACTED('18 Sep 2025')]);
  });
});

describe('an alert compares a close with the record of one answer', () => {
  test('the whole history is read once more before it, and only then', async () => {
    const before = story.yahoo.requests.length;
    await story.check(SEP_18);
    const whole = story.yahoo.requests.slice(before).filter(isWhole);
    expect(whole).toHaveLength(1);
    const after = story.yahoo.requests.length;
    await story.check(SEP_19);
    expect(story.yahoo.requests.slice(after).filter(isWhole)).toEqual([]);
  });

  test('a record that this answer has higher is none to pass; the event comes once the record is back', async () => {
    story.setClose('^RUT', RECORD, 2480);
    expect((await story.check(SEP_18)).fired).toEqual([]);
    story.setClose('^RUT', RECORD, 2442.74);
    expect((await story.check('2025-09-18T22:30:00Z')).fired).toEqual([EVENT]);
    expect(subjects()).toEqual([ALERT]);
  });

  test('and that a second answer has too stays one', async () => {
    story.setClose('^RUT', RECORD, 2480);
    await story.check(SEP_18);
    await story.check('2025-09-18T22:30:00Z');
    await story.check(SEP_19);
    expect(subjects()).toEqual([]);
  });

  test('where the whole cannot be read nothing is told, the run says so, and the next one tells', async () => {
    story.yahoo.fault = (request) => (isWhole(request) ? { status: 500 } : undefined);
    const report = await story.check(SEP_18);
    expect(report.fired).toEqual([]);
    expect(report.problems).toEqual([
      expect.stringContaining(
        'Russell 2000: a message is due, but the whole history has to be read again first: ^RUT: Yahoo answered HTTP 500',
      ),
    ]);
    expect(report.unread).toBe(true);
    story.yahoo.fault = undefined;
    expect((await story.round('2025-09-18T20:46:00Z', 'when due')).report?.fired).toEqual([EVENT]);
    expect(subjects()).toEqual([ALERT]);
  });
});

describe('a whole history that is restated', () => {
  function restate(factor: number): void {
    for (const [symbol, rows] of story.yahoo.closes) {
      if (symbol !== '^RUT') continue;
      story.yahoo.closes.set(
        symbol,
        rows.map(({ session, close }) => ({ session, close: close * factor })),
      );
    }
  }

  test('for an evening changes nothing that was told', async () => {
    await story.round(SEP_18);
    restate(1.05);
    for (const time of ['20:45', '22:30']) await story.round(`2025-09-19T${time}:00Z`);
    expect((await story.at(SEP_19, async ({ closes }) => closes.accepted('^RUT'))).at(-2)?.close).toBeCloseTo(
      2591.09,
      1,
    );
    restate(1 / 1.05);
    await looks('2025-09-20');
    await looks('2025-09-22');
    expect(news()).toEqual([ALERT]);
  });

  test('and stays so is corrected once, when the readings of two days agree', async () => {
    await story.round(SEP_18);
    restate(0.01);
    await looks('2025-09-19');
    expect(news()).toEqual([ALERT]);
    await looks('2025-09-20');
    await looks('2025-09-22');
    expect(news()).toEqual([ALERT, 'Correction: Russell 2000 record close of 18 Sep 2025']);
  });
});

test('a record that the first reading had wrong hides no event: all is read again where it alone stands against one', async () => {
  story = await startStory({ OUTBOX_DIR: '', EMAIL_TO: 'ann@example.com' });
  story.setClose('^RUT', RECORD, 2480);
  await story.round(SEP_17);
  story.setClose('^RUT', RECORD, 2442.74);
  await story.round(SEP_18);
  await story.round('2025-09-18T21:50:00Z', 'when due');
  expect(news()).toEqual([ALERT]);
});

describe('an event that the readings put off', () => {
  /** Every answer of the whole history has the record higher, the shorter ones have it as it was. */
  function contradict(): void {
    story.yahoo.tweak = (chart, symbol) => {
      const asked = story.yahoo.requests.findLast((request) => request.symbol === symbol);
      if (asked && isWhole(asked)) editBar(chart, RECORD, { close: 2480, high: 2481, low: 2470 });
    };
  }

  test('for ever is told the next morning, and the event as soon as they agree', async () => {
    contradict();
    await story.round(SEP_18);
    await story.round('2025-09-18T23:45:00Z', 'when due');
    expect(news()).toEqual([]);
    await story.round('2025-09-19T12:30:00Z', 'when due');
    await story.round(SEP_19, 'when due');
    const warning = 'Russell 2000: the close of 18 Sep 2025 may be an event, but has not been announced yet';
    expect(news()).toEqual([warning]);
    expect(story.smtp.messages[0]?.text?.replace(/\s+/g, ' ')).toContain(
      'The source contradicts itself: for 8 Nov 2021 it now gives 2,480.00, and gave 2,442.74 before',
    );
    story.yahoo.tweak = undefined;
    await story.round('2025-09-19T22:30:00Z', 'when due');
    expect(news()).toEqual([warning, ALERT]);
  });

  test('and that is none in the end is told to be over', async () => {
    contradict();
    await story.round(SEP_18);
    await story.round('2025-09-19T12:30:00Z', 'when due');
    story.setClose('^RUT', RECORD, 2480);
    story.yahoo.tweak = undefined;
    await story.round('2025-09-19T13:45:00Z', 'when due');
    await story.round('2025-09-19T14:50:00Z', 'when due');
    expect(news()).toEqual([
      expect.stringContaining('may be an event'),
      expect.stringMatching(/^All clear: .*may be an event/),
    ]);
  });

  test('as a second reading never comes is told when the first has waited for two days, also at a weekend', async () => {
    story.setClose('^RUT', RECORD, 2480);
    await story.round(SEP_18);
    story.setClose('^RUT', RECORD, undefined);
    await story.round(SEP_19);
    const { report } = await story.round('2025-09-20T21:00:00Z', 'when due');
    expect(report?.fired).toEqual([EVENT]);
  });

  test('by an answer of all that begins after the record waits for one that has both', async () => {
    const { closes } = story.yahoo;
    const all = closes.get('^RUT') ?? [];
    closes.set(
      '^RUT',
      all.filter(({ session }) => session > '2022-06-01'),
    );
    const { report, problems } = await story.round(SEP_18);
    expect(report?.fired).toEqual([]);
    expect(problems.join()).toMatch(/begins on 2 Jun 2022, after the record of 8 Nov 2021 that the event passes/);
    await story.round('2025-09-19T12:30:00Z', 'when due');
    expect(news()).toEqual(['Russell 2000: the session of 18 Sep 2025 has not been evaluated']);
    closes.set('^RUT', all);
    expect((await story.round('2025-09-19T13:30:00Z', 'when due')).report?.fired).toEqual([EVENT]);
  });
});

describe('a close that goes to and fro', () => {
  test('by a cent at every reading tells nobody anything', async () => {
    await story.round(SEP_18);
    let reading = 0;
    for (const day of ['2025-09-19', '2025-09-22', '2025-09-23', '2025-09-24', '2025-09-25', '2025-09-26']) {
      for (const time of ['12:30', '20:45', '22:30']) {
        story.setClose('^RUT', '2025-09-18', reading++ % 2 === 0 ? 2467.71 : 2467.7);
        await story.round(`${day}T${time}:00Z`);
      }
    }
    expect(news()).toEqual([ALERT]);
  });

  test('by a cent day by day is corrected once, is in dispute, and ends with one message', async () => {
    await story.round(SEP_18);
    const days = ['2025-09-19', '2025-09-22', '2025-09-23', '2025-09-24', '2025-09-25', '2025-09-26'];
    for (const [position, day] of days.entries()) {
      story.setClose('^RUT', '2025-09-18', position % 2 === 0 ? 2467.71 : 2467.7);
      await looks(day);
    }
    const correction = 'Correction: Russell 2000 record close of 18 Sep 2025';
    const dispute = 'Russell 2000: the source contradicts itself about 18 Sep 2025';
    expect(news()).toEqual([ALERT, correction, dispute]);
    await looks('2025-09-29');
    await looks('2025-09-30');
    // The cent that was corrected is none in the end.
    expect(news().slice(3)).toEqual([correction]);
  });

  test('for one look, weeks after a correction, tells nobody anything', async () => {
    await story.round(SEP_18);
    story.setClose('^RUT', '2025-09-18', 2468.1);
    await looks('2025-09-19');
    const before = news();
    expect(before).toHaveLength(2);
    await looks('2025-09-22');
    story.setClose('^RUT', '2025-09-18', 2440);
    await story.round('2025-09-23T12:30:00Z');
    story.setClose('^RUT', '2025-09-18', 2468.1);
    for (const day of ['2025-09-24', '2025-09-25']) await looks(day);
    expect(news()).toEqual(before);
  });

  test('once, and then is not read any more, is told to be undecided', async () => {
    await story.round(SEP_18);
    story.setClose('^RUT', '2025-09-18', 2440);
    await story.round('2025-09-19T12:30:00Z');
    story.setClose('^RUT', '2025-09-18', undefined);
    await looks('2025-09-20');
    await looks('2025-09-21');
    expect(news()).toContain('Russell 2000: the source contradicts itself about 18 Sep 2025');
    expect(news()).not.toContain(RETRACTED('18 Sep 2025'));
  });

  test.each([
    ['above', 2467.7],
    ['below', 2440],
  ])('past the record and back day by day tells of each way once, and how it ended: %s', async (_end, end) => {
    await story.round(SEP_18);
    const days = ['2025-09-19', '2025-09-22', '2025-09-23', '2025-09-24', '2025-09-25', '2025-09-26'];
    for (const [position, day] of days.entries()) {
      story.setClose('^RUT', '2025-09-18', position % 2 === 0 ? 2440 : 2467.7);
      await looks(day);
    }
    const dispute = 'Russell 2000: the source contradicts itself about 18 Sep 2025';
    expect(news()).toEqual([ALERT, RETRACTED('18 Sep 2025'), ALERT, dispute]);
    story.setClose('^RUT', '2025-09-18', end);
    await looks('2025-09-29');
    await looks('2025-09-30');
    expect(news().slice(4)).toEqual(end === 2440 ? [`All clear: ${dispute}`] : [STANDS, RETRACTED('19 Sep 2025')]);
  });
});
