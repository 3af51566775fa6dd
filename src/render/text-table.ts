import type { Column, Table } from '../message/message.ts';

/** A table in aligned columns, a line each, two spaces between columns and none at the end of a line. */
export function alignTable({ columns, rows }: Table): string[] {
  const cells = [columns.map(({ title }) => title), ...rows];
  const widths = columns.map((_, column) => Math.max(...cells.map((row) => width(row[column] ?? ''))));
  return cells.map((row) =>
    row
      .map((cell, column) => pad(cell, widths[column] ?? 0, columns[column]?.align ?? 'left'))
      .join('  ')
      .trimEnd(),
  );
}

/** The columns that a narrow display needs. */
export function essential({ columns, rows }: Table): Table {
  const kept = columns.flatMap((column, index) => (column.essential ? [index] : []));
  const only = <T>(list: readonly T[]) => kept.flatMap((index) => list[index] ?? []);
  return { columns: only(columns), rows: rows.map(only) };
}

function pad(text: string, to: number, align: Column['align']): string {
  const blank = ' '.repeat(Math.max(0, to - width(text)));
  return align === 'left' ? text + blank : blank + text;
}

function width(text: string): number {
  return [...text].length;
}
