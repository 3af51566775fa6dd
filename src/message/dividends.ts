import type { HorizonStatistics } from '../study/study.ts';
import { change, share } from './format.ts';

/** What the same occasions brought with dividends, as a sentence; undefined while no such outcome is known. */
export function withDividends(benchmarkName: string, year: HorizonStatistics): string | undefined {
  const { n, up, mean, median, baseRate, baseMean } = year;
  if (mean === null || median === null) return undefined;
  const anyDay = baseMean === null ? '' : ` (any day: ${change(baseMean)})`;
  return (
    `With dividends reinvested, the ${benchmarkName} was higher a year later in ${up} of ${n} ` +
    `(any day: ${baseRate === null ? 'not known' : share(baseRate)}): mean ${change(mean)}${anyDay}, median ${change(median)}.`
  );
}
