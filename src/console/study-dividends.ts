import { withDividends } from '../message/dividends.ts';
import { NOT_KNOWN, orDash } from '../message/evidence.ts';
import { change, date } from '../message/format.ts';
import type { FullStudy } from '../study/full-study.ts';
import { paragraph, tableLines } from './width.ts';

/** The year after each event, price alone and with dividends, as people read it; nothing while no dividend is known. */
export function dividendLines({ events, totalReturn }: FullStudy, benchmarkName: string): string[] {
  const year = totalReturn?.horizons[12];
  const summary = year && withDividends(benchmarkName, year);
  if (totalReturn === null || summary === undefined) return [];
  return [
    '',
    `The year after each event: the ${benchmarkName} by price, and with dividends (${totalReturn.symbol})`,
    ...tableLines({
      columns: [
        { title: 'After', align: 'left', essential: true },
        { title: 'Price', align: 'right', essential: true },
        { title: 'With dividends', align: 'right', essential: true },
      ],
      rows: events.toReversed().map(({ session, outcomes, totalReturns }) => {
        const price = outcomes[12] ?? null;
        return [date(session), price === null ? 'pending' : change(price), orDash(totalReturns[12] ?? null, change)];
      }),
    }),
    ...paragraph(summary),
    ...(totalReturn.joined === null ? [] : paragraph(totalReturn.joined.rule)),
    ...(events.some(({ outcomes, totalReturns }) => outcomes[12] != null && totalReturns[12] == null)
      ? [`${NOT_KNOWN}: the year lies outside the closes with dividends.`]
      : []),
  ];
}
