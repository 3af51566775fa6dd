import type { SignalLabels } from '../message/alert.ts';
import { headline } from '../message/evidence.ts';
import { change, count, date, plural, share } from '../message/format.ts';
import type { HorizonStatistics, Study } from '../study/study.ts';

/** Fewer outcomes than this say nothing, whatever they are. */
const FEW = 5;
/** A chance below this would be rare. */
const RARE = 0.05;

/** The study in three sentences: what happened how often, what followed, and how far to trust it. */
export function leadLines(study: Study, labels: SignalLabels): string[] {
  const year = headline(study);
  return [whatHappened(study, labels), whatFollowed(year, labels.benchmarkName), howFarToTrust(year)];
}

/** The title with its index, or one of them where they are the same. */
export function named(title: string, index: string): string {
  return title === index ? index : `${title} (${index})`;
}

/** "more than a year", "more than 2 years". */
export function moreThan(quietYears: number): string {
  return `more than ${quietYears === 1 ? 'a year' : `${quietYears} years`}`;
}

function whatHappened({ events, span }: Study, { signal: { title, index, quietYears } }: SignalLabels): string {
  const times = events.length === 1 ? 'once' : `${count(events.length)} times`;
  return `${named(title, index)}: a record close after ${moreThan(quietYears)} without one, ${times} since ${date(span.from)}.`;
}

/** "The S&P 500 was higher a year later in 10 of 11 (any day: 79%); mean +12.7% (any day: +10.6%)." */
function whatFollowed({ n, up, mean, baseRate, baseMean }: HorizonStatistics, benchmarkName: string): string {
  const anyDay = (figure: string | null) => (figure === null ? '' : ` (any day: ${figure})`);
  const rate = anyDay(baseRate === null ? null : share(baseRate));
  if (n === 0 || mean === null) return `What the ${benchmarkName} did a year later is not known yet${rate}.`;
  const means = `mean ${change(mean)}${anyDay(baseMean === null ? null : change(baseMean))}`;
  return `The ${benchmarkName} was higher a year later in ${up} of ${n}${rate}; ${means}.`;
}

function howFarToTrust({ n, up, baseRate, pValue }: HorizonStatistics): string {
  if (n === 0 || baseRate === null || pValue === null) return 'No evidence yet: no one-year outcome is known.';
  const tries = Math.round(pValue * 100);
  const chance = `${plural(n, 'day')} picked blindly ${n === 1 ? 'does' : 'do'} as well in ${
    tries === 0 ? 'fewer than 1' : tries
  } of 100 tries`;
  if (up / n <= baseRate) return `No better than any day: ${chance}.`;
  if (n < FEW) return `Too few to say anything: ${chance}.`;
  if (pValue >= RARE) return `Favourable but thin, and no proof: ${chance}.`;
  return `Chance alone would rarely do this, but the occasions are few: ${chance}.`;
}
