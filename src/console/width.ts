import type { Table } from '../message/message.ts';
import { alignTable } from '../render/text-table.ts';
import { wrapWords } from '../render/wrap-words.ts';

/** The widest line of a report, in columns: what a terminal shows without breaking it. */
const WIDTH = 100;

/** Sentences as lines of at most `WIDTH` columns. */
export function paragraph(text: string): string[] {
  return wrapWords(text, WIDTH);
}

/** A table as lines of at most `WIDTH` columns: what is too wide goes on below, under its first column again. */
export function tableLines(table: Table): string[] {
  const lines = alignTable(table);
  const last = table.columns.length - 1;
  if (last < 2 || lines.every((line) => line.length <= WIDTH)) return lines;
  let fits = last - 1;
  while (fits > 1 && alignTable(columnsOf(table, 0, fits)).some((line) => line.length > WIDTH)) fits--;
  return [...alignTable(columnsOf(table, 0, fits)), '', ...tableLines(columnsOf(table, fits + 1, last))];
}

/** The first column, and those from one to another. */
function columnsOf({ columns, rows }: Table, from: number, to: number): Table {
  const pick = <T>(cells: readonly T[]) => [...cells.slice(0, 1), ...cells.slice(Math.max(from, 1), to + 1)];
  return { columns: pick(columns), rows: rows.map(pick) };
}
