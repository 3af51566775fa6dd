import type { HorizonStatistics } from '../study/study.ts';
import { pickedBlindly } from './chance.ts';
import { change, count, plural, share } from './format.ts';

/** From this chance on nothing can be seen in a count. */
const VISIBLE = 0.05;

/**
 * What armed days brought, a year later: the yardstick that an event has to beat. Undefined where no outcome of one is
 * known.
 */
export function armedDays(benchmarkName: string, year: HorizonStatistics): string | undefined {
  const { armedRate, armedMean, armedN, armedWaits } = year;
  if (armedRate === null || armedMean === null) return undefined;
  return (
    `Bought on any of the ${count(armedN)} days in the ${plural(armedWaits, 'wait')} for such a record, ` +
    `the ${benchmarkName} was higher a year later in ${share(armedRate)}: mean ${change(armedMean)}.`
  );
}

/** What the record itself adds to the wait, said honestly; undefined where one of both is not known. */
export function recordAgainstWait({
  n,
  up,
  armedRate,
  armedPValue,
  armedWaits,
}: HorizonStatistics): string | undefined {
  if (armedRate === null || armedPValue === null) return undefined;
  const overlap = `The days of one wait overlap heavily, so they say little more than ${plural(armedWaits, 'wait')}.`;
  const chance = pickedBlindly(n, 'armed day', armedPValue);
  if (up / n <= armedRate)
    return `Whatever edge there is belongs to the wait, not to the record: ${chance}. ${overlap}`;
  if (armedPValue >= VISIBLE)
    return `The edge belongs to the wait; the record adds nothing visible: ${chance}. ${overlap}`;
  return `The record seems to add something to the wait, from few occasions: ${chance}. ${overlap}`;
}
