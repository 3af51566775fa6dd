import type { App } from '../app/app.ts';
import { isToCome } from '../market/stamp.ts';

/** The name of the instant since which alerts are reminded of: those of before could not be marked as seen. */
const SINCE = 'reminders since';

/**
 * Notes since when alerts are reminded of: from the first run on that knows of reminders.
 * @returns an ISO instant; undefined: nobody is reminded
 */
export async function beginReminders({
  settings,
  ledger,
  now,
}: Pick<App, 'settings' | 'ledger' | 'now'>): Promise<string | undefined> {
  if (settings.remindAfterHours === undefined) return undefined;
  const stamp = new Date(now()).toISOString();
  const since = await ledger.keepFact(SINCE, stamp);
  if (!isToCome(since, now())) return since;
  // A clock that was wrong would silence them until then.
  await ledger.noteFact(SINCE, stamp);
  return stamp;
}
