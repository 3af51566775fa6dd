import type { BestGuess, Expectation } from '../study/expectation.ts';
import type { HorizonStatistics } from '../study/study.ts';
import { change, count, plural, share } from './format.ts';

/** The best guess for the next event, a year later, with its prior. */
export function bestGuess({ n, baseRate, baseMean }: HorizonStatistics, { rate, mean, priorYears }: BestGuess): string {
  const anyDay = baseRate === null || baseMean === null ? '' : ` (${share(baseRate)}, mean ${change(baseMean)})`;
  const [least, most] = priorYears;
  const worth = least === most ? `${most}` : `${least} to ${most}`;
  return (
    `Best guess for next time: higher a year later in ${range(rate, share).replace('% to', ' to')}, mean ${range(mean, change)}. ` +
    `That is ${plural(n, 'occasion')}, shrunk towards any day${anyDay}, which counts as ${worth} independent ${worth === '1' ? 'year' : 'years'}.`
  );
}

/** How many occasions it would take to know; undefined where the events are no better than any day. */
export function occasionsToKnow({ n, up, baseRate }: HorizonStatistics, expectation: Expectation): string | undefined {
  const { neededOccasions, neededYears } = expectation;
  if (baseRate === null || up / n <= baseRate) return undefined;
  const shares = `${share(up / n)} from ${share(baseRate)}`;
  if (neededOccasions === null || neededYears === null)
    return `No number of occasions that anybody lives to see would tell ${shares}.`;
  const years = neededYears < 20 ? neededYears : Math.round(neededYears / 10) * 10;
  return `To tell ${shares} takes about ${count(neededOccasions)} occasions: some ${count(years)} years.`;
}

/** The fall inside the year beside that of any day; undefined while no such year is over. */
export function fallInside({ drawdown }: Expectation): string | undefined {
  if (drawdown === null) return undefined;
  const { n, median, past, baseMedian, basePast, deep } = drawdown;
  const none = past === 0 ? `none of ${n}` : `${past} of ${n}`;
  return (
    `Deepest fall inside the year: median ${change(median)} (any day: ${change(baseMedian)}); ` +
    `past ${change(deep, 0)}: ${none} (any day: ${share(basePast)}).`
  );
}

/** One figure where both ends are printed alike, else from one to the other: 81 to 85%. */
function range([low, high]: readonly [number, number], format: (value: number) => string): string {
  const [from, to] = [format(low), format(high)];
  return from === to ? from : `${from} to ${to}`;
}
