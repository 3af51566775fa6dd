import type { Close, Session } from '../market/close.ts';
import { type Exchange, NEW_YORK } from '../market/exchange.ts';
import { expectedSession, type LastLook, wasNone } from '../market/expected-session.ts';
import { CALENDAR_FROM } from '../market/new-york.ts';
import type { KnownClose, Revision } from '../market/sanity.ts';
import { addDays } from '../market/session.ts';
import { firstOnOrAfter, lastOnOrBefore } from '../study/outcomes.ts';
import { type ClosesStore, REREAD_SESSIONS } from './closes.ts';

/** What is kept of one symbol, ascending by session. */
interface Shelf {
  readonly known: KnownClose[];
  readonly believed: Close[];
  readonly held: KnownClose[];
  readonly revisions: Revision[];
  /** Nothing is missing up to here: closes never go, so it is counted once. */
  completeUntil: Session;
}

/**
 * Closes in memory, for a life that leaves nothing behind: as the store of a file answers, without its time. What it
 * believes is one list that grows; whoever keeps it sees it grow.
 */
export function createMemoryCloses(exchangeOf: (symbol: string) => Exchange = () => NEW_YORK): ClosesStore {
  const looks = new Map<string, LastLook>();
  const shelves = new Map<string, Shelf>();
  const shelf = (symbol: string): Shelf => {
    const there = shelves.get(symbol) ?? { known: [], believed: [], held: [], revisions: [], completeUntil: '' };
    shelves.set(symbol, there);
    return there;
  };
  const missing = (symbol: string, until: Session): Session[] => {
    const { known, completeUntil } = shelf(symbol);
    const [begin, end] = [known[0], known.at(-1)];
    if (begin === undefined || end === undefined) return [];
    const exchange = exchangeOf(symbol);
    if (!exchange.knowsHolidays) {
      const after = exchange.sessionsBetween(addDays(end.session, 1), until);
      return after.filter((session) => !wasNone(exchange, looks.get(symbol), session));
    }
    const from = [begin.session, completeUntil, CALENDAR_FROM].sort().at(-1) ?? '';
    let position = firstOnOrAfter(known, from);
    return exchange.sessionsBetween(from, until).filter((session) => {
      while ((known[position]?.session ?? '9999') < session) position++;
      return known[position]?.session !== session;
    });
  };
  const held = (symbol: string) => shelf(symbol).held;
  return {
    accepted: (symbol, until) => {
      const { believed } = shelf(symbol);
      return until === undefined ? believed : believed.slice(0, lastOnOrBefore(believed, until) + 1);
    },
    highs: (symbol) =>
      new Map(
        shelf(symbol).known.flatMap(({ session, high }) => (high === undefined ? [] : [[session, high] as const])),
      ),
    known: (symbol, from = '') => {
      const { known } = shelf(symbol);
      const position = firstOnOrAfter(known, from);
      let before = position - 1;
      while (before >= 0 && known[before]?.close === null) before--;
      const believed = known[before];
      return [...(believed === undefined ? [] : [believed]), ...known.slice(position)];
    },
    first: (symbol) => shelf(symbol).known[0]?.session,
    held,
    exchange: exchangeOf,
    expected: (symbol, now) => expectedSession(exchangeOf(symbol), looks.get(symbol), now),
    noteLook: ({ symbol, marketPrice }, now) => {
      looks.set(symbol, { at: now, lastTrade: marketPrice?.session });
    },
    looks: () => new Map([...looks].map(([symbol, { at }]) => [symbol, new Date(at).toISOString()])),
    missing: (symbol, now) => missing(symbol, exchangeOf(symbol).lastSessionOver(now)),
    // It lives through what a store has, and is asked of nothing that goes beyond it.
    hole: () => undefined,
    readFrom: (symbol, now) => {
      const { known } = shelf(symbol);
      const [recent, last] = [known.at(-1 - REREAD_SESSIONS)?.session, known.at(-1)?.session];
      if (recent === undefined || last === undefined) return undefined;
      const [gap] = missing(symbol, exchangeOf(symbol).lastSessionOver(now));
      return [recent, gap ?? last, held(symbol)[0]?.session ?? last].sort()[0];
    },
    revisions: (symbol, session) => shelf(symbol).revisions.filter((revision) => revision.session === session),
    revisedSince: (symbol, instant) => shelf(symbol).revisions.filter(({ to }) => to.readAt >= instant),
    store: (symbol, { changed, revisions }) => {
      const there = shelf(symbol);
      const [begin] = there.known;
      for (const row of changed) {
        const { session, close, held: value } = row;
        put(there.known, row);
        if (value === null) remove(there.held, session);
        else put(there.held, row);
        if (close === null) remove(there.believed, session);
        else put(there.believed, { session, close });
      }
      there.revisions.push(...revisions);
      const last = there.known.at(-1);
      if (last === undefined) return;
      if (there.known[0]?.session !== begin?.session) there.completeUntil = '';
      const [gap] = missing(symbol, last.session);
      there.completeUntil =
        gap === undefined ? last.session : (there.known[firstOnOrAfter(there.known, gap) - 1]?.session ?? '');
    },
  };
}

function put<T extends { readonly session: Session }>(rows: T[], row: T): void {
  const position = firstOnOrAfter(rows, row.session);
  rows.splice(position, rows[position]?.session === row.session ? 1 : 0, row);
}

function remove(rows: { readonly session: Session }[], session: Session): void {
  const position = firstOnOrAfter(rows, session);
  if (rows[position]?.session === session) rows.splice(position, 1);
}
