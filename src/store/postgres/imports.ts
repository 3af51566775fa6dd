import type { Session } from '../../market/close.ts';
import type { ImportNote } from '../imports.ts';
import { importRow } from '../sqlite/imports.ts';
import type { Version } from './closes-table.ts';
import type { Queries } from './postgres.ts';

/** Writes an import as part of a version of its symbol's closes. */
export async function putImport({ changes }: Queries, { version }: Version, imported: ImportNote): Promise<void> {
  const { symbol, imported_at, file, closes, undone_at } = importRow(imported);
  await changes(
    `insert into imports (symbol, imported_at, file, closes, undone_at, version) values ($1, $2, $3, $4, $5, $6)
       on conflict (symbol, imported_at) do update set file = excluded.file, closes = excluded.closes,
         undone_at = excluded.undone_at, version = excluded.version`,
    symbol,
    imported_at,
    file,
    closes,
    undone_at,
    version,
  );
}

/** Takes sessions away with a version; a copy that is older than it has to read the symbol anew. */
export async function removeCloses(
  { changes }: Queries,
  { symbol, version }: Version,
  gone: readonly Session[],
): Promise<void> {
  await changes('delete from closes where symbol = $1 and session = any($2)', symbol, gone);
  await changes('update symbols set taken_back = $2 where symbol = $1', symbol, version);
}
