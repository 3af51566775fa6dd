import { armedDays, recordAgainstWait } from '../message/armed-days.ts';
import { headline, NONE_YET, orDash } from '../message/evidence.ts';
import { change, count, horizon, probability, share } from '../message/format.ts';
import type { Column } from '../message/message.ts';
import type { Signal } from '../signal/signal.ts';
import type { Study } from '../study/study.ts';
import { moreThan } from './study-lead.ts';
import { paragraph, tableLines } from './width.ts';

const COLUMNS = [
  'After',
  'Higher',
  'Any day',
  'Armed day',
  'Mean',
  'Any-day mean',
  'Armed-day mean',
  'Armed days',
  'Waits',
  'p',
];

/** Events beside any day and beside armed days, as people read it. */
export function armedDayLines(study: Study, { quietYears }: Signal, benchmarkName: string): string[] {
  const year = headline(study);
  return [
    ...paragraph(`Events beside armed days: days after ${moreThan(quietYears)} without a record close, and with none`),
    ...tableLines({
      columns: COLUMNS.map((title, at): Column => ({ title, align: at === 0 ? 'left' : 'right', essential: true })),
      rows: Object.entries(study.horizons).map(([months, h]) => [
        horizon(Number(months)),
        h.n === 0 ? NONE_YET : share(h.up / h.n),
        orDash(h.baseRate, share),
        orDash(h.armedRate, share),
        orDash(h.mean, change),
        orDash(h.baseMean, change),
        orDash(h.armedMean, change),
        count(h.armedN),
        count(h.armedWaits),
        orDash(h.armedPValue, probability),
      ]),
    }),
    ...paragraph(armedDays(benchmarkName, year) ?? 'No armed day has an outcome a year later yet.'),
    ...[recordAgainstWait(year) ?? []].flat().flatMap(paragraph),
  ];
}
