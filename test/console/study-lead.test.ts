import { expect, test } from 'vitest';
import { leadLines } from '../../src/console/study-lead.ts';
import type { SignalLabels } from '../../src/message/alert.ts';
import type { HorizonStatistics, Study } from '../../src/study/study.ts';

const labels = {
  signal: { title: 'Russell 2000', index: '^RUT', quietYears: 1 },
  benchmarkName: 'S&P 500',
} as SignalLabels;

function lead(year: Partial<HorizonStatistics>, events = 12) {
  const study = { events: Array.from({ length: events }), span: { from: '1978-12-29' }, horizons: { 12: year } };
  return leadLines(study as unknown as Study, labels);
}

// The figures are those of docs/architecture.md, "Facts to reproduce".
test('says what happened, what followed beside any day, and how far to trust it', () => {
  expect(lead({ n: 11, up: 10, mean: 0.1266, baseRate: 0.786, baseMean: 0.106, pValue: 0.28 })).toEqual([
    'Russell 2000 (^RUT): a record close after more than a year without one, 12 times since 29 Dec 1978.',
    'The S&P 500 was higher a year later in 10 of 11 (any day: 79%); mean +12.7% (any day: +10.6%).',
    'Favourable but thin, and proves nothing: chance does this well 28% of the time.',
  ]);
});

test('says that nothing is known yet, and no doubt of it', () => {
  expect(lead({ n: 0, up: 0, mean: null, baseRate: 0.786, baseMean: 0.106, pValue: null }, 1)).toEqual([
    'Russell 2000 (^RUT): a record close after more than a year without one, once since 29 Dec 1978.',
    'No one-year outcome of the S&P 500 is known yet.',
  ]);
});
