import type { Posting } from '../deliveries.ts';
import type { OpenTrouble } from '../troubles.ts';
import type { Database } from './database.ts';
import { postOnce, withdrawWarning } from './messages.ts';
import { prepared } from './prepared.ts';

export function openTroubles(database: Database): OpenTrouble[] {
  return prepared(
    database,
    'select trouble as name, since from troubles where cleared_at is null order by since, trouble',
  ).all() as OpenTrouble[];
}

/** Opens a trouble and posts its warning. One that was told before is opened again without a word. */
export function raiseTrouble(database: Database, { name, since }: OpenTrouble, warning: Posting): void {
  prepared(
    database,
    `insert into troubles (trouble, since) values (?, ?)
       on conflict (trouble, since) do update set cleared_at = null`,
  ).run(name, since);
  postOnce(database, warning);
}

/** Closes a trouble, withdraws its warnings, and posts the all-clear where they have arrived. */
export function clearTrouble(
  database: Database,
  { name, since }: OpenTrouble,
  allClear: Omit<Posting, 'channels'> | undefined,
  now: string,
): void {
  prepared(database, 'update troubles set cleared_at = ? where trouble = ? and since = ?').run(now, name, since);
  const reached = withdrawWarning(database, `warning/${name}/${since}`);
  if (allClear !== undefined && reached.length > 0) postOnce(database, { ...allClear, channels: reached });
}
