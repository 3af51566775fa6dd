import type { Session } from './close.ts';
import type { Exchange } from './exchange.ts';
import { CLOSE_LAG_MS } from './new-york.ts';
import { CLOCKS_DIFFER } from './stamp.ts';

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
  while (wasNone(exchange, upToNow(look, now), session)) session = exchange.previousSession(session);
  return session;
}

/** A look from the future was made by a clock that was wrong: which days had a session by then it cannot tell. */
export function upToNow(look: LastLook | undefined, now: number): LastLook | undefined {
  return look !== undefined && look.at > now + CLOCKS_DIFFER ? undefined : look;
}

/** True for a day that is known to have been no session after all. */
export function wasNone(exchange: Exchange, look: LastLook | undefined, session: Session): boolean {
  if (exchange.knowsHolidays || look?.lastTrade === undefined || look.lastTrade >= session) return false;
  return look.at >= exchange.closingTime(session) + CLOSE_LAG_MS;
}
