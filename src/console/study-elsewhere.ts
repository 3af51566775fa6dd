import type { SignalLabels } from '../message/alert.ts';
import { NONE_YET, orDash } from '../message/evidence.ts';
import { change, count, date, plural, share } from '../message/format.ts';
import type { Column } from '../message/message.ts';
import type { Elsewhere, ElsewhereRow } from '../study/elsewhere.ts';
import type { Study } from '../study/study.ts';
import { leadLines, moreThan } from './study-lead.ts';
import { paragraph, tableLines } from './width.ts';

const COLUMNS = ['Index', 'Since', 'Higher', 'Share', 'Mean', 'Any day', 'Armed day', 'Armed days', 'Waits'];

/** The same rule on other indices, as people read it, in lines of at most 100 columns. */
export function elsewhereLines(
  study: Study,
  { quietYears, own, others, pooled, choice }: Elsewhere,
  labels: SignalLabels,
): string[] {
  const { signal, benchmarkName } = labels;
  return [
    ...leadLines(study, labels).flatMap(paragraph),
    '',
    ...paragraph(`The same rule on other indices (${moreThan(quietYears)}), and the ${benchmarkName} 12 months later`),
    ...tableLines({
      columns: COLUMNS.map((title, at): Column => ({ title, align: at === 0 ? 'left' : 'right', essential: true })),
      rows: [
        ...[own, ...others].map(cells),
        ...(pooled === null
          ? []
          : [
              [
                ...['All but the first', '', `${pooled.up} of ${pooled.n}`, share(pooled.up / pooled.n)],
                ...[
                  orDash(pooled.mean, change),
                  orDash(pooled.baseRate, share),
                  orDash(pooled.armedRate, share),
                  '',
                  '',
                ],
              ],
            ]),
      ],
    }),
    ...(pooled === null
      ? ['No other index has an outcome, so nothing can be compared.']
      : paragraph(
          `Indices move together: of these ${plural(pooled.n, 'year')} at most ${count(pooled.independent)} do not overlap. Any day and armed day of all are weighted by the occasions of each.`,
        )),
    ...(choice === null || choice.signals === 1
      ? []
      : paragraph(
          `One signal of ${count(choice.signals)} was chosen. If all of them were worth nothing, the best would look as good as this one in ${Math.round(choice.chance * 100)} of 100 tries.`,
        )),
    ...(signal.origin === undefined ? [] : paragraph(signal.origin)),
  ];
}

function cells({ index, name, from, n, up, mean, baseRate, armedRate, armedN, armedWaits }: ElsewhereRow): string[] {
  return [
    name === index ? index : `${name} (${index})`,
    date(from),
    n === 0 ? NONE_YET : `${up} of ${n}`,
    n === 0 ? '' : share(up / n),
    orDash(mean, change),
    orDash(baseRate, share),
    orDash(armedRate, share),
    count(armedN),
    count(armedWaits),
  ];
}
