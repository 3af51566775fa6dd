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
    'Favourable but thin, and no proof: 11 days picked blindly do as well in 28 of 100 tries.',
  ]);
});

test.for([
  [{ n: 4, up: 4, pValue: 0.38 }, 'Too few to say anything: 4 days picked blindly do as well in 38 of 100 tries.'],
  [{ n: 1, up: 1, pValue: 0.786 }, 'Too few to say anything: 1 day picked blindly does as well in 79 of 100 tries.'],
  [{ n: 10, up: 7, pValue: 0.84 }, 'No better than any day: 10 days picked blindly do as well in 84 of 100 tries.'],
  [
    { n: 30, up: 30, pValue: 0.0007 },
    'Chance alone would rarely do this, but the occasions are few: 30 days picked blindly do as well in fewer than 1 of 100 tries.',
  ],
] as const)('%j', ([year, words]) => {
  expect(lead({ mean: 0.1, baseRate: 0.786, baseMean: 0.106, ...year })[2]).toBe(words);
});

test('says that nothing is known yet, with the base rate all the same', () => {
  expect(lead({ n: 0, up: 0, mean: null, baseRate: 0.786, baseMean: 0.106, pValue: null }, 1)).toEqual([
    'Russell 2000 (^RUT): a record close after more than a year without one, once since 29 Dec 1978.',
    'What the S&P 500 did a year later is not known yet (any day: 79%).',
    'No evidence yet: no one-year outcome is known.',
  ]);
});
