import type { ImportNote } from '../imports.ts';
import type { Database } from './database.ts';
import { prepared } from './prepared.ts';

/** An import in the table `imports`. */
export interface ImportRow {
  readonly symbol: string;
  readonly imported_at: string;
  readonly file: string;
  /** JSON. */
  readonly closes: string;
  readonly undone_at: string | null;
}

/** The imports of a symbol, or of all of them, newest first. */
export function importsOf(database: Database, symbol?: string): ImportNote[] {
  const order = 'order by imported_at desc, symbol';
  const rows =
    symbol === undefined
      ? prepared(database, `select * from imports ${order}`).all()
      : prepared(database, `select * from imports where symbol = ? ${order}`).all(symbol);
  return (rows as ImportRow[]).map(({ imported_at, file, closes, undone_at, ...row }) => ({
    symbol: row.symbol,
    at: imported_at,
    file,
    closes: JSON.parse(closes),
    undoneAt: undone_at,
  }));
}

export function putImport(database: Database, row: ImportRow): void {
  prepared(
    database,
    `insert or replace into imports (symbol, imported_at, file, closes, undone_at)
       values (:symbol, :imported_at, :file, :closes, :undone_at)`,
  ).run(row);
}

export function importRow({ symbol, at, file, closes, undoneAt }: ImportNote): ImportRow {
  return { symbol, imported_at: at, file, closes: JSON.stringify(closes), undone_at: undoneAt };
}
