import type { SignalLabels } from '../message/alert.ts';
import { headline, hitRate } from '../message/evidence.ts';
import { capital, change, count, date } from '../message/format.ts';
import { doubtIn } from '../message/gist.ts';
import type { HorizonStatistics, Study } from '../study/study.ts';

/** The study in three sentences: what happened how often, what followed, and how far to trust it. */
export function leadLines(study: Study, labels: SignalLabels): string[] {
  const year = headline(study);
  const followed = whatFollowed(year, labels.benchmarkName);
  return [whatHappened(study, labels), followed, ...(year.n === 0 ? [] : [doubtIn(year)])];
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
function whatFollowed(year: HorizonStatistics, benchmarkName: string): string {
  const { mean, baseMean } = year;
  const anyDay = baseMean === null ? '' : ` (any day: ${change(baseMean)})`;
  const means = mean === null ? '' : `; mean ${change(mean)}${anyDay}`;
  return `${capital(hitRate(benchmarkName, year))}${means}.`;
}
