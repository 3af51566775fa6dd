import type { App } from '../../app/app.ts';
import type { Session } from '../../market/close.ts';
import { type Exchange, NEW_YORK } from '../../market/exchange.ts';
import { addDays } from '../../market/session.ts';
import { date, firstOf, list, plural } from '../../message/format.ts';
import type { Trouble } from '../../message/warning.ts';
import { watchedSymbols } from '../../settings/symbols.ts';
import type { OpenTrouble } from '../../store/troubles.ts';
import type { TroubleKind } from './kind.ts';
import { cameLate, overdueSessions, runsOf } from './missing-sessions.ts';
import { newestProblems } from './newest-problems.ts';
import { lackingSessions, newestOverdue } from './overdue.ts';
import { whyLacking } from './why-lacking.ts';

/** Calendar days after which a gap that nobody fills is no news any more: the digest lists it. */
const GAP_DAYS = 45;
/** Missing sessions in a row that are told a second time. */
const TOLD_AGAIN_AFTER = 3;
/** So many symbols are named one by one. */
const ONE_BY_ONE = 3;

/** Runs of sessions that should be stored by now and are not, each a trouble that begins with its first session. */
export const missingCloses: TroubleKind = { owns: isMissingCloses, find: findMissing, ending: whetherArrived };

/** The trouble of missing closes, of New York and of the exchanges elsewhere. */
export function isMissingCloses(name: string): boolean {
  return name === 'closes' || name.startsWith('closes-');
}

async function whetherArrived(
  app: Pick<App, 'settings' | 'closes' | 'now'>,
  { since }: OpenTrouble,
): Promise<string | undefined> {
  // A clock that was ahead expected it.
  if (since > newestOver(app)) return 'The clock of this machine was wrong: that session is yet to come.';
  const lasting = watchedSymbols(app.settings).some((symbol) => lackingSessions(app, symbol).includes(since));
  return lasting ? undefined : `The missing closes from ${date(since)} on have arrived and been evaluated.`;
}

/** The newest session that is over at the exchange of any symbol. */
function newestOver({ settings, closes, now }: Pick<App, 'settings' | 'closes' | 'now'>): Session {
  const sessions = watchedSymbols(settings).map((symbol) => closes.exchange(symbol).lastSessionOver(now()));
  return sessions.toSorted().at(-1) ?? '';
}

async function findMissing(app: App): Promise<Trouble[]> {
  const { settings, closes } = app;
  const symbols = Map.groupBy(watchedSymbols(settings), (symbol) => closes.exchange(symbol).timeZone);
  const troubles: Trouble[] = [];
  for (const there of symbols.values()) troubles.push(...(await findMissingAt(app, there)));
  return troubles;
}

/** What is missing of the symbols of one time zone. */
interface Missing {
  readonly exchange: Exchange;
  /** The newest session whose close should be there. */
  readonly overdue: Session;
  /** Session → the symbols that have no close of it. */
  readonly lacking: ReadonlyMap<Session, readonly string[]>;
  /** What the newest checks have said. */
  readonly said: readonly string[];
}

async function findMissingAt(app: App, symbolsThere: readonly string[]): Promise<Trouble[]> {
  const [some = ''] = symbolsThere;
  const exchange = app.closes.exchange(some);
  const overdue = newestOverdue(app, some);
  const lacking = new Map<Session, readonly string[]>();
  for (const symbol of symbolsThere) {
    for (const session of await overdueSessions(app, symbol)) {
      lacking.set(session, [...(lacking.get(session) ?? []), symbol]);
    }
  }
  const missing = { exchange, overdue, lacking, said: await newestProblems(app) };
  const newsFrom = addDays(overdue, -GAP_DAYS);
  const runs = runsOf(exchange, [...lacking.keys()].sort()).filter((run) => (run.at(-1) ?? '') > newsFrom);
  const name = exchange.timeZone === NEW_YORK.timeZone ? 'closes' : `closes-${exchange.timeZone.replaceAll('/', '-')}`;
  const open = (await app.ledger.openTroubles()).filter((trouble) => trouble.name === name).map(({ since }) => since);
  const sinceOf = goingOn(app, open, runs);
  return runs.map((run) => {
    const symbols = [...new Set(run.flatMap((session) => lacking.get(session) ?? []))];
    return { name, since: sinceOf(run, symbols), ...tellOf(app, missing, run, symbols) };
  });
}

/** Since when a run is told: one whose first closes have arrived, late, goes on as it was told. */
function goingOn(
  app: Pick<App, 'closes'>,
  open: readonly Session[],
  runs: readonly (readonly Session[])[],
): (run: readonly Session[], symbols: readonly string[]) => Session {
  const starts = runs.map(([first = '']) => first);
  const orphans = new Set(open.filter((start) => !starts.includes(start)));
  return ([first = ''], symbols) => {
    if (open.includes(first)) return first;
    const old = [...orphans].findLast((start) => start < first && cameLate(app, symbols, start, first));
    if (old !== undefined) orphans.delete(old);
    return old ?? first;
  };
}

function tellOf(
  app: Pick<App, 'settings' | 'closes'>,
  { exchange, overdue, lacking, said }: Missing,
  run: readonly Session[],
  symbols: readonly string[],
): Omit<Trouble, 'name' | 'since'> {
  const [first = ''] = run;
  const last = run.at(-1) ?? first;
  const indexes = symbols.filter((symbol) => app.settings.signals.some(({ index }) => index === symbol));
  const names = symbols.length > ONE_BY_ONE ? firstOf(symbols) : list(symbols, 'or');
  // Each of them may lack some of these sessions only.
  const all = symbols.every((symbol) => run.every((session) => lacking.get(session)?.includes(symbol)));
  const when =
    run.length === 1
      ? date(first)
      : `${all ? '' : 'some of '}${plural(run.length, 'session')} from ${date(first)} to ${date(last)}`;
  return {
    title: `No close of ${names} for ${when}`,
    text:
      `${run.length === 1 ? 'This session' : 'These sessions'} should have been stored by the next morning. An event in ` +
      `the gap is found when the close arrives, and announced late. ${whyLacking(app, symbols, run, said)}`,
    again: run.length >= TOLD_AGAIN_AFTER,
    blocking: exchange.nextSession(last) > overdue && indexes.length > 0,
    closes: { indexes, sessions: run },
    about: null,
  };
}
