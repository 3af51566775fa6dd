import type { Session } from '../../market/close.ts';
import type { Exchange } from '../../market/exchange.ts';
import { type LastLook, wasNone } from '../../market/expected-session.ts';
import { CALENDAR_FROM } from '../../market/new-york.ts';
import { addDays } from '../../market/session.ts';
import type { Hole } from '../closes.ts';
import type { Database } from './database.ts';
import { firstSession, knownSessions, lastSession } from './known-closes.ts';
import { prepared } from './prepared.ts';

/** Sources are asked for nothing before this day. */
const BEGINNING = '1970-01-01';

/** The sessions from the first known one to another that should be there and that nothing is known of. */
export function missingSessions(
  database: Database,
  symbol: string,
  exchange: Exchange,
  until: Session,
  look: LastLook | undefined,
): Session[] {
  const begin = firstSession(database, symbol);
  if (begin === undefined) return [];
  if (exchange.knowsHolidays) return missingByCalendar(database, symbol, begin, exchange, until);
  const inside = gapsOf(database, symbol, begin, exchange).flatMap(({ after, before }) =>
    exchange.sessionsBetween(addDays(after, 1), addDays(before, -1)),
  );
  const since = addDays(lastSession(database, symbol) ?? begin, 1);
  const newer = exchange.sessionsBetween(since, until).filter((session) => !wasNone(exchange, look, session));
  return [...inside, ...newer];
}

function missingByCalendar(
  database: Database,
  symbol: string,
  begin: Session,
  exchange: Exchange,
  until: Session,
): Session[] {
  const from = completeUntil(database, symbol, begin);
  const known = knownSessions(database, symbol, from);
  let position = 0;
  return exchange.sessionsBetween(from > CALENDAR_FROM ? from : CALENDAR_FROM, until).filter((session) => {
    while ((known[position] ?? '9999') < session) position++;
    return known[position] !== session;
  });
}

/** The stretches between neighbours in which sessions must be missing, from where nothing is missing on. */
export function gapsOf(database: Database, symbol: string, begin: Session, exchange: Exchange): Hole[] {
  const known = knownSessions(database, symbol, completeUntil(database, symbol, begin));
  return known.flatMap((before, position) => {
    const after = known[position - 1];
    return after !== undefined && exchange.isGap(after, before) ? [{ after, before }] : [];
  });
}

/** Where the source has years more at the beginning than are stored. */
export function missingBeginning(
  begin: Session,
  exchange: Exchange,
  firstTrade: Session | null | undefined,
): Hole | undefined {
  if (!firstTrade) return undefined;
  const after = firstTrade > BEGINNING ? firstTrade : BEGINNING;
  return after < begin && exchange.isGap(after, begin) ? { after, before: begin } : undefined;
}

/** Forgets up to where nothing is missing: closes have gone. */
export function forgetComplete(database: Database, symbol: string): void {
  prepared(database, 'delete from facts where name = ?').run(`complete ${symbol}`);
}

/** Notes up to where nothing is missing. Closes only go with an import that is taken back, so it is counted once. */
export function noteComplete(database: Database, symbol: string, exchange: Exchange): void {
  const [begin, end] = [firstSession(database, symbol), lastSession(database, symbol)];
  if (begin === undefined || end === undefined) return;
  const until = exchange.knowsHolidays
    ? beforeFirst(missingByCalendar(database, symbol, begin, exchange, end), end, exchange)
    : (gapsOf(database, symbol, begin, exchange)[0]?.after ?? end);
  prepared(database, 'insert or replace into facts (name, value) values (?, ?)').run(
    `complete ${symbol}`,
    `${begin} ${until}`,
  );
}

function beforeFirst([missing]: readonly Session[], end: Session, exchange: Exchange): Session {
  return missing === undefined ? end : exchange.previousSession(missing);
}

/** Up to where nothing is missing, from the first session on. */
function completeUntil(database: Database, symbol: string, begin: Session): Session {
  const text = prepared(database, 'select value from facts where name = ?').pluck().get(`complete ${symbol}`);
  const noted = (text as string | undefined)?.split(' ');
  return noted?.[0] === begin && noted[1] !== undefined ? noted[1] : begin;
}
