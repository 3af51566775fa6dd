import type { App } from '../../app/app.ts';
import type { Session } from '../../market/close.ts';
import { newYorkDate } from '../../market/new-york.ts';
import { CallError } from '../../settings/call-error.ts';

/**
 * Refuses a day that is yet to come: the answer would be today's, under the name of another day.
 * @throws {CallError} naming today, as New York has it
 */
export function refuseFuture({ now }: Pick<App, 'now'>, options: Readonly<Record<string, Session | undefined>>): void {
  const today = newYorkDate(now());
  for (const [name, session] of Object.entries(options)) {
    if (session === undefined || session <= today) continue;
    throw new CallError(`${name} is '${session}'; allowed: a date up to today, ${today} in New York, or no ${name}`);
  }
}
