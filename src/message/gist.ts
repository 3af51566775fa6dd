import type { HorizonStatistics } from '../study/study.ts';
import { FEW, hitRate } from './evidence.ts';
import { change, plural, share } from './format.ts';
import type { Message } from './message.ts';

/** What followed, how far to trust it, and the figures to print large: what a reader takes away at a glance. */
export type Gist = Pick<Message, 'followed' | 'doubt' | 'highlights'>;

/**
 * The gist of what followed the earlier occasions a year later. A hit rate never stands without that of any day.
 * @param benchmarkName as people call it: S&P 500
 */
export function gist(benchmarkName: string, year: HorizonStatistics): Gist {
  const { n, up, median, baseRate, baseMedian } = year;
  if (n === 0) return { followed: `No one-year outcome of the ${benchmarkName} is known yet: there is no evidence.` };
  return {
    followed: `After ${n === 1 ? 'the one earlier occasion' : `the ${plural(n, 'earlier occasion')}`} ${hitRate(benchmarkName, year)}.`,
    doubt: doubtIn(year),
    highlights: [
      { value: `${up} of ${n}`, label: 'higher a year later' },
      ...(baseRate === null ? [] : [{ value: share(baseRate), label: 'any day' }]),
      ...(median === null
        ? []
        : [
            {
              value: change(median),
              label: baseMedian === null ? 'median' : `median (any day: ${change(baseMedian)})`,
            },
          ]),
    ],
  };
}

/** How far to trust a hit rate of at least one occasion, in one sentence without a technical term. */
export function doubtIn({ n, up, baseRate, pValue }: HorizonStatistics): string {
  if (baseRate === null || pValue === null) return 'It says nothing: the rate of any day is not known.';
  const often = `${percentage(pValue)} of the time`;
  if (up / n <= baseRate) return 'That is no better than any day.';
  if (n < FEW) return `Too few to say anything: chance does this well ${often}.`;
  if (pValue >= 0.05) return `Favourable but thin, and proves nothing: chance does this well ${often}.`;
  return `Few occasions, but chance alone would do this well only ${often}.`;
}

/** A probability as a percentage, a small one with a decimal: 28%, 3.6%, under 0.1%. */
function percentage(p: number): string {
  if (p < 0.001) return 'under 0.1%';
  return share(p, p < 0.1 ? 1 : 0);
}
