import type { Posting } from '../deliveries.ts';
import type { OpenTrouble } from '../troubles.ts';
import { postOnce, withdrawWarning } from './messages.ts';
import type { Queries } from './postgres.ts';

export function openTroubles({ rows }: Queries): Promise<OpenTrouble[]> {
  return rows<OpenTrouble>(
    'select trouble as name, since from troubles where cleared_at is null order by since, trouble',
  );
}

/** Opens a trouble and posts its warning. One that was told before is opened again without a word. */
export async function raiseTrouble(queries: Queries, { name, since }: OpenTrouble, warning: Posting): Promise<void> {
  await queries.changes(
    `insert into troubles (trouble, since) values ($1, $2)
       on conflict (trouble, since) do update set cleared_at = null`,
    name,
    since,
  );
  await postOnce(queries, warning);
}

/** Closes a trouble, withdraws its warnings, and posts the all-clear where they have arrived. */
export async function clearTrouble(
  queries: Queries,
  { name, since }: OpenTrouble,
  allClear: Omit<Posting, 'channels'> | undefined,
  now: string,
): Promise<void> {
  await queries.changes('update troubles set cleared_at = $1 where trouble = $2 and since = $3', now, name, since);
  const reached = await withdrawWarning(queries, `warning/${name}/${since}`);
  if (allClear !== undefined && reached.length > 0) await postOnce(queries, { ...allClear, channels: reached });
}
