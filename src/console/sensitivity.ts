import type { SignalLabels } from '../message/alert.ts';
import { FEW, NONE_YET, NOT_KNOWN, orDash } from '../message/evidence.ts';
import { change, share } from '../message/format.ts';
import { alignTable } from '../render/text-table.ts';
import type { SensitivityRow } from '../study/sensitivity.ts';
import { named } from './study.ts';

/** How the evidence hangs on the rule, as people read it. */
export function sensitivityLines(
  rows: readonly SensitivityRow[],
  { signal: { title, index }, benchmarkName }: SignalLabels,
): string[] {
  return [
    `${named(title, index)}: what the ${benchmarkName} did in the 12 months after the event, by other readings of the rule`,
    '',
    ...alignTable({
      columns: [
        { title: 'Rule', align: 'left', essential: true },
        { title: 'Higher', align: 'right', essential: true },
        { title: 'Share', align: 'right', essential: true },
        { title: 'Mean', align: 'right', essential: true },
      ],
      rows: rows.map(({ rule, n, up, mean, sameAs }) => [
        sameAs === undefined ? rule : `${rule} *`,
        n === 0 ? NONE_YET : `${up} of ${n}`,
        n === 0 ? NOT_KNOWN : share(up / n),
        orDash(mean, change),
      ]),
    }),
    '',
    'Only outcomes that are reached count. The first row is the rule that alerts follow.',
    `* The same events as in a row above. Alerts count these once, and leave out what has fewer than ${FEW} occasions.`,
  ];
}
