import type { SignalLabels } from '../message/alert.ts';
import { NONE_YET, orDash } from '../message/evidence.ts';
import { change, count, date, plural, share } from '../message/format.ts';
import type { Column } from '../message/message.ts';
import { alignTable } from '../render/text-table.ts';
import type { Elsewhere, ElsewhereRow } from '../study/elsewhere.ts';

const COLUMNS = ['Index', 'Since', 'Higher', 'Share', 'Mean', 'Any day', 'Armed day', 'Armed days', 'Waits'];

/** The same rule on other indices, as people read it. */
export function elsewhereLines(
  { quietYears, own, others, pooled, choice }: Elsewhere,
  { signal: { origin }, benchmarkName }: SignalLabels,
): string[] {
  const years = quietYears === 1 ? 'a year' : `${quietYears} years`;
  return [
    `The same rule elsewhere: what the ${benchmarkName} did in the 12 months after a first record close in over ${years}`,
    '',
    ...alignTable({
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
    '',
    ...(pooled === null
      ? ['No other index has an outcome, so nothing can be compared.']
      : [
          `Indices move together: of these ${plural(pooled.n, 'year')} no more than ${count(pooled.independent)} do not overlap. Any day and armed day of all are weighted by the occasions of each.`,
        ]),
    ...(choice === null || choice.signals === 1
      ? []
      : [
          `One signal of ${count(choice.signals)} was chosen. Were all of them worth nothing, the best would look as good as this one in ${Math.round(choice.chance * 100)} of 100 tries.`,
        ]),
    ...(origin === undefined ? [] : [origin]),
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
