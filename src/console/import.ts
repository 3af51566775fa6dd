import type { ImportReport } from '../ingest/import.ts';
import { count, plural, points } from '../message/format.ts';

/** What an import did, as people read it. */
export function importLines({ symbol, watched, rows, added, held, differences }: ImportReport): string[] {
  const shown = differences
    .slice(0, 10)
    .map(({ session, stored, file }) => `  ${session}  stored ${points(stored)}  file ${points(file)}`);
  const more = differences.length - shown.length;
  return [
    `${symbol}: ${plural(rows, 'close')} in the file, ${count(added)} added.`,
    ...(watched.includes(symbol) ? [] : [`No signal uses ${symbol}; the signals use ${watched.join(' and ')}.`]),
    ...held.map(
      (session) => `Held: ${session} breaks a rule of sanity and is not believed yet; npm run status says which.`,
    ),
    ...(differences.length === 0
      ? []
      : [`${plural(differences.length, 'difference')}; what is stored stays:`, ...shown]),
    ...(more > 0 ? [`  and ${count(more)} more`] : []),
  ];
}
