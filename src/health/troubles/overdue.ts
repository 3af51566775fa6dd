import type { App } from '../../app/app.ts';
import type { Session } from '../../market/close.ts';
import { addDays } from '../../market/session.ts';

/** A close that is not stored at this time of the next day, at its exchange, is missing. */
export const NEXT_MORNING = '08:00';

/** The sessions of a symbol that have no accepted close: not read at all, or read and held. Ascending. */
export function lackingSessions({ closes, now }: Pick<App, 'closes' | 'now'>, symbol: string): Session[] {
  const held = closes.held(symbol).flatMap(({ session, close }) => (close === null ? [session] : []));
  const missing = closes.missing(symbol, now());
  return held.length === 0 ? missing : [...missing, ...held].sort();
}

/** The newest session of a symbol's exchange whose next morning has come there. */
export function newestOverdue({ closes, now }: Pick<App, 'closes' | 'now'>, symbol: string): Session {
  const exchange = closes.exchange(symbol);
  const last = closes.expected(symbol, now());
  return now() >= exchange.instant(addDays(last, 1), NEXT_MORNING) ? last : exchange.previousSession(last);
}
