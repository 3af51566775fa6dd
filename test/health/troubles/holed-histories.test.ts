import { beforeEach, describe, expect, test } from 'vitest';
import { subjects } from '../../support/posted.ts';
import { EVENT, SEP_17, SEP_18, type Story, startStory } from '../../support/story.ts';
import type { ChartAnswer } from '../../support/yahoo-chart.ts';

let story: Story;

beforeEach(async () => {
  story = await startStory({ OUTBOX_DIR: '' });
  await story.round(SEP_17);
});

describe('a first reading that is not whole', () => {
  /** The story of a machine that was never there before. */
  async function fresh(change: (chart: ChartAnswer) => void) {
    story = await startStory({ OUTBOX_DIR: '' });
    story.yahoo.tweak = (chart, symbol) => {
      if (symbol === '^RUT') change(chart);
    };
  }

  function cut(chart: ChartAnswer, lost: (session: string) => boolean): void {
    for (const time of [...chart.timestamp]) {
      const session = new Date(time * 1000).toISOString().slice(0, 10);
      const row = chart.timestamp.indexOf(time);
      if (lost(session))
        for (const column of [chart.timestamp, ...Object.values(chart.indicators.quote[0])]) column.splice(row, 1);
    }
  }

  test('tells no event, and says so, until the source has it all', async () => {
    // The years of the record of 2021 are lost: 2,467.70 would be no event, and 2,300 a false one.
    await fresh((chart) => cut(chart, (session) => session > '2019-01-01' && session < '2025-01-01'));
    const { report, problems } = await story.round(SEP_18);
    expect(report?.fired).toEqual([]);
    expect(problems.join()).toMatch(
      /the history of \^RUT has a hole: nothing is stored between 31 Dec 2018 and 2 Jan 2025\. Until it is filled, no event is announced/,
    );
    expect(subjects(story)).toEqual(['Russell 2000: the history has a hole, so no event is announced']);
    story.yahoo.tweak = undefined;
    const whole = await story.round('2025-09-18T21:30:00Z');
    expect(whole.report?.fired).toEqual([EVENT]);
    expect(subjects(story).slice(1)).toContain('Russell 2000: first record close in over a year');
  });

  test('that begins years late tells none either', async () => {
    await fresh((chart) => cut(chart, (session) => session < '2022-06-01'));
    const { report, problems } = await story.round(SEP_18);
    expect(report?.fired).toEqual([]);
    expect(problems.join()).toContain('nothing is stored between 10 Sep 1987 and 1 Jun 2022');
  });

  test('lacks eight sessions in a row, with the record among them', async () => {
    await fresh((chart) => cut(chart, (session) => session >= '2021-11-03' && session <= '2021-11-12'));
    const { report, problems } = await story.round(SEP_18);
    expect(report?.fired).toEqual([]);
    expect(problems.join()).toContain('nothing is stored between 2 Nov 2021 and 15 Nov 2021');
  });

  test.each([null, Date.parse('2022-06-01T13:30:00Z') / 1000])(
    'begins late and tells %s as its first trade',
    async (firstTradeDate) => {
      await fresh((chart) => {
        cut(chart, (session) => session < '2022-06-01');
        chart.meta.firstTradeDate = firstTradeDate;
      });
      const { report, problems } = await story.round(SEP_18);
      expect(report?.fired).toEqual([]);
      expect(problems.join()).toContain('nothing is stored between 10 Sep 1987 and 1 Jun 2022');
    },
  );

  test('lacks single sessions and tells all the same', async () => {
    await fresh((chart) => cut(chart, (session) => session >= '2024-03-04' && session <= '2024-03-08'));
    expect((await story.round(SEP_18)).report?.fired).toEqual([EVENT]);
  });
});
