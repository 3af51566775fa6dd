import type { Outgoing } from '../message/message.ts';
import { messageLink } from '../message/page-link.ts';

/** The name of the file with every row of a table of many events. */
export const EVENTS_CSV = 'events.csv';

/** Every row of a message that tells many events, for a spreadsheet; undefined for any other message. */
export function eventsCsv({ message, site }: Pick<Outgoing, 'message' | 'site'>): string | undefined {
  const table = message.tells === undefined ? undefined : message.sections.find((section) => section.table?.ids)?.table;
  if (table == null) return undefined;
  const { columns, rows, ids = [] } = table;
  const links = site === undefined ? [] : ['Page'];
  const lines = [
    [...columns.map(({ title }) => title), 'Id', ...links],
    ...rows.map((row, at) => {
      const id = ids[at] ?? '';
      return [...row, id, ...(site === undefined ? [] : [messageLink(site, id)])];
    }),
  ];
  // The mark at its beginning lets Excel read it as UTF-8.
  return `\uFEFF${lines.map((line) => `${line.map(quoted).join(',')}\r\n`).join('')}`;
}

function quoted(cell: string): string {
  return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
