import type { App } from '../../app/app.ts';
import type { Session } from '../../market/close.ts';
import type { Exchange } from '../../market/exchange.ts';
import { findHeldRecords } from './held-records.ts';
import { lackingSessions, newestOverdue } from './overdue.ts';

/** The sessions of a symbol since the watch began whose next morning has passed, and that have no accepted close. */
export async function overdueSessions(app: App, symbol: string): Promise<Session[]> {
  const { settings, ledger, closes, now } = app;
  const exchange = closes.exchange(symbol);
  const users = settings.signals.filter(({ index, benchmark }) => index === symbol || benchmark === symbol);
  const baselines = await Promise.all(users.map(async ({ id }) => (await ledger.signal(id))?.baselineSession));
  const begun = await ledger.watchingSince();
  const beforeWatch =
    begun === undefined ? undefined : exchange.previousSession(exchange.lastSessionOver(Date.parse(begun)));
  const from = baselines.filter((session) => session !== undefined).sort()[0] ?? beforeWatch;
  if (from === undefined) return [];
  const lacking =
    closes.first(symbol) === undefined
      ? exchange.sessionsBetween(from, closes.expected(symbol, now()))
      : lackingSessions(app, symbol);
  const overdue = newestOverdue(app, symbol);
  const told = new Set(
    findHeldRecords(app).flatMap(({ closes }) => (closes?.indexes.includes(symbol) ? closes.sessions : [])),
  );
  return lacking.filter((session) => session > from && session <= overdue && !told.has(session));
}

/** True when every session from one to before another was read on a later day than its own. */
export function cameLate(
  { closes }: Pick<App, 'closes'>,
  symbols: readonly string[],
  from: Session,
  to: Session,
): boolean {
  return symbols.some((symbol) => {
    const exchange = closes.exchange(symbol);
    const between = closes.known(symbol, from).filter(({ session }) => session >= from && session < to);
    return between.length > 0 && between.every((row) => exchange.date(Date.parse(row.firstReadAt)) > row.session);
  });
}

/** Sessions that follow each other without another one in between, together. */
export function runsOf(exchange: Exchange, sessions: readonly Session[]): Session[][] {
  const runs: Session[][] = [];
  for (const session of sessions) {
    const run = runs.at(-1);
    if (run !== undefined && run.at(-1) === exchange.previousSession(session)) run.push(session);
    else runs.push([session]);
  }
  return runs;
}
