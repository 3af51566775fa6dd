import type { SignalLabels } from '../message/alert.ts';
import { FEW, headline, NONE_YET, NOT_KNOWN, orDash } from '../message/evidence.ts';
import { change, date, share } from '../message/format.ts';
import type { SensitivityRow } from '../study/sensitivity.ts';
import type { Study } from '../study/study.ts';
import { leadLines } from './study-lead.ts';
import { paragraph, tableLines } from './width.ts';

/** How the evidence changes with the rule, as people read it, in lines of at most 100 columns. */
export function sensitivityLines(study: Study, rows: readonly SensitivityRow[], labels: SignalLabels): string[] {
  const { baseRate, baseMean } = headline(study);
  const anyDay = ['any day', '', orDash(baseRate, share), orDash(baseMean, change)];
  return [
    ...leadLines(study, labels).flatMap(paragraph),
    '',
    `What the ${labels.benchmarkName} did within 12 months, by other readings of the rule`,
    ...tableLines({
      columns: [
        { title: 'Rule', align: 'left', essential: true },
        { title: 'Higher', align: 'right', essential: true },
        { title: 'Share', align: 'right', essential: true },
        { title: 'Mean', align: 'right', essential: true },
      ],
      rows: [
        ...rows.map(({ rule, n, up, mean, sameAs }) => [
          sameAs === undefined ? withDates(rule) : `${withDates(rule)} *`,
          n === 0 ? NONE_YET : `${up} of ${n}`,
          n === 0 ? NOT_KNOWN : share(up / n),
          orDash(mean, change),
        ]),
        anyDay,
      ],
    }),
    'Pending outcomes are not counted. Alerts follow the rule in the first row.',
    ...paragraph(
      `* The same events as in a row above. Alerts count these once, and leave out what has fewer than ${FEW} occasions.`,
    ),
  ];
}

/** The rule as the JSON has it, with its dates as people write them. */
function withDates(rule: string): string {
  return rule.replace(/\d{4}-\d{2}-\d{2}/g, date);
}
