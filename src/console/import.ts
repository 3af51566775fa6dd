import type { ImportReport } from '../ingest/import.ts';
import type { TakeBackReport } from '../ingest/take-back.ts';
import { commandLine } from '../message/command-line.ts';
import { count, date, firstOf, instant, plural, points } from '../message/format.ts';
import type { ImportNote } from '../store/imports.ts';

/** What an import did, as people read it. */
export function importLines({ symbol, watched, rows, added, held, differences, dryRun }: ImportReport): string[] {
  const shown = differences
    .slice(0, 10)
    .map(({ session, stored, file }) => `  ${date(session)}  stored ${points(stored)}  file ${points(file)}`);
  const more = differences.length - shown.length;
  return [
    dryRun
      ? `${symbol}: ${plural(rows, 'close')} in the file, ${count(added)} would be added. Nothing was stored (--dry-run).`
      : `${symbol}: ${plural(rows, 'close')} in the file, ${count(added)} added.`,
    ...(watched.includes(symbol) ? [] : [`No signal uses ${symbol}; the signals use ${watched.join(' and ')}.`]),
    ...held.map((session) =>
      dryRun
        ? `Would be held: ${date(session)}, as its close breaks a sanity rule.`
        : `Held: ${date(session)}, as its close breaks a sanity rule and is not believed yet; ${commandLine('status')} says which.`,
    ),
    ...(differences.length === 0
      ? []
      : [
          `${plural(differences.length, 'close')} in the file ${differences.length === 1 ? 'differs' : 'differ'} from the stored one; the stored value stays:`,
          ...shown,
        ]),
    ...(more > 0 ? [`  and ${count(more)} more`] : []),
  ];
}

/** What undoing an import did, and which imports there are. */
export function takeBackLines({ imported, taken, left, dryRun, imports }: TakeBackReport): string[] {
  const { symbol, at, file } = imported;
  const which = `${symbol}: the import of ${instant(Date.parse(at))} from ${file}`;
  return [
    dryRun
      ? `${which} would be undone, ${plural(taken, 'close')}. Nothing was changed (--dry-run).`
      : `${which} is undone, ${plural(taken, 'close')}. The next check asks the source for these sessions.`,
    ...(left.length === 0
      ? []
      : [
          `${plural(left.length, 'close')} of it ${left.length === 1 ? 'stays' : 'stay'}, as the source has given another value since: ${firstOf(left.map(date))}.`,
        ]),
    ...importListLines(imports),
  ];
}

/** The imports, newest first, one a line. */
export function importListLines(imports: readonly ImportNote[]): string[] {
  if (imports.length === 0) return ['Nothing has been imported.'];
  return [
    'Imports, newest first:',
    ...imports.map(({ symbol, at, file, closes, undoneAt }) => {
      const [first, last] = [closes[0]?.session, closes.at(-1)?.session];
      const span =
        first === undefined ? '' : first === last ? ` (${date(first)})` : ` (${date(first)} to ${date(last ?? first)})`;
      const end = undoneAt === null ? '' : `; undone on ${instant(Date.parse(undoneAt))}`;
      return `  ${instant(Date.parse(at))}  ${symbol}  ${plural(closes.length, 'close')}${span}, from ${file}${end}`;
    }),
  ];
}
