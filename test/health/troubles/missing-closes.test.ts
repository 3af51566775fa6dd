import { beforeEach, describe, expect, test } from 'vitest';
import { SEP_17, type Story, startStory } from '../../support/story.ts';
import type { ChartAnswer, ChartQuote } from '../../support/yahoo-server.ts';

/** Yahoo's answers about ^RUT with every price from one session to another multiplied. */
function multiply(factor: (session: string) => number): (chart: ChartAnswer, symbol: string) => void {
  return (chart, symbol) => {
    if (symbol !== '^RUT') return;
    for (const [row, time] of chart.timestamp.entries()) {
      const session = new Date(time * 1000).toISOString().slice(0, 10);
      const quote = chart.indicators.quote[0];
      for (const column of ['open', 'high', 'low', 'close'] as const satisfies readonly (keyof ChartQuote)[]) {
        const price = quote[column][row];
        if (price != null) quote[column][row] = price * factor(session);
      }
    }
    const newest = new Date(chart.meta.regularMarketTime * 1000).toISOString().slice(0, 10);
    chart.meta.regularMarketPrice *= factor(newest);
  };
}

let story: Story;

beforeEach(async () => {
  story = await startStory({ OUTBOX_DIR: '' });
  await story.round(SEP_17);
});

/** The subjects of all mails to Ann, in their order. */
function subjects(): string[] {
  return mails().map(({ subject }) => subject ?? '');
}

function mails() {
  return story.smtp.messages.filter(({ to }) => JSON.stringify(to).includes('ann@example.com'));
}

describe('closes that are held for weeks', () => {
  test('are one trouble, whatever the cause, and an all-clear at the end', async () => {
    story.yahoo.tweak = multiply((session) => (session >= '2025-09-18' ? 0.1 : 1));
    const evenings = [18, 19, 22, 23, 24, 25, 26, 29, 30].map((day) => `2025-09-${day}T20:45:00Z`);
    for (const evening of evenings) await story.round(evening);
    const warnings = subjects().filter((subject) => !subject.includes('all is well') && !subject.includes('Not well'));
    expect(warnings.slice(0, 2)).toEqual([
      'No close of ^RUT for 18 Sep 2025',
      expect.stringMatching(/^Still: No close/),
    ]);
    expect(warnings.filter((subject) => subject.startsWith('No close of ^RUT'))).toHaveLength(1);
  });

  test('above the record, are one trouble too', async () => {
    story.yahoo.tweak = multiply((session) => (session >= '2025-09-18' ? 10 : 1));
    for (const day of [18, 19, 22, 23, 24]) await story.round(`2025-09-${day}T20:45:00Z`);
    const warnings = subjects().filter((subject) => subject.includes('would be a record'));
    expect(warnings).toHaveLength(1);
    expect(subjects().filter((subject) => subject.startsWith('No close of ^RUT'))).toEqual([]);
  });
});
