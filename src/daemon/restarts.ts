import type { App } from '../app/app.ts';
import { isToCome } from '../market/stamp.ts';

/** Starts within so long, in milliseconds … */
const LATELY_MS = 10 * 60_000;
/** … after which a process that keeps dying does nothing until the next time of the schedule. */
const TOO_MANY_STARTS = 5;

/** True where daemons of this ledger began lately, again and again, and none had a clean end. */
export async function isDyingAgainAndAgain({ ledger, now }: Pick<App, 'ledger' | 'now'>): Promise<boolean> {
  if ((await ledger.daemon()) === undefined) return false;
  const runs = await ledger.runs(new Date(now() - LATELY_MS).toISOString());
  const starts = runs.filter(({ command, startedAt }) => command === 'start' && !isToCome(startedAt, now()));
  return starts.length >= TOO_MANY_STARTS;
}
