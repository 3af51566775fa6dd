import { SETTLE_MS } from './calendar.ts';
import type { Session } from './close.ts';
import type { Exchange } from './exchange.ts';

/** What the last look at a symbol told about its newest trade. */
export interface LastLook {
  /** Epoch milliseconds. */
  readonly at: number;
  /** The session of the newest trade that the source knew of; undefined where it does not tell. */
  readonly lastTrade: Session | undefined;
}

/**
 * The newest session that should be there at `now`. Where the holidays are not known, a weekday was one when a look after
 * its close found the newest trade before it.
 */
export function expectedSession(exchange: Exchange, look: LastLook | undefined, now: number): Session {
  let session = exchange.lastSessionOver(now);
  while (wasNone(exchange, look, session)) session = exchange.previousSession(session);
  return session;
}

/** True for a day that is known to have been no session after all. */
export function wasNone(exchange: Exchange, look: LastLook | undefined, session: Session): boolean {
  if (exchange.knowsHolidays || look?.lastTrade === undefined || look.lastTrade >= session) return false;
  return look.at >= exchange.closingTime(session) + SETTLE_MS;
}
