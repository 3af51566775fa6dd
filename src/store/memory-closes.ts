import type { Session } from '../market/close.ts';
import { type Exchange, NEW_YORK } from '../market/exchange.ts';
import { expectedSession, type LastLook } from '../market/expected-session.ts';
import { lastOnOrBefore } from '../study/outcomes.ts';
import { type ClosesStore, REREAD_SESSIONS } from './closes.ts';
import { decimalsNote, decimalsNoted } from './decimals.ts';
import { emptyShelf, knownFrom, missingOf, type Shelf, shelve } from './memory-shelf.ts';

/**
 * Closes in memory, for a life that leaves nothing behind: as the store of a file answers, without its time. What it
 * accepts is one list that grows; whoever keeps it sees it grow.
 */
export function createMemoryCloses(exchangeOf: (symbol: string) => Exchange = () => NEW_YORK): ClosesStore {
  const looks = new Map<string, LastLook>();
  const notes = new Map<string, string>();
  const shelves = new Map<string, Shelf>();
  const shelf = (symbol: string): Shelf => {
    const there = shelves.get(symbol) ?? emptyShelf();
    shelves.set(symbol, there);
    return there;
  };
  const missing = (symbol: string, now: number): Session[] => {
    const exchange = exchangeOf(symbol);
    return missingOf(shelf(symbol), exchange, exchange.lastSessionOver(now), looks.get(symbol));
  };
  return {
    accepted: (symbol, until) => {
      const { accepted } = shelf(symbol);
      return until === undefined ? accepted : accepted.slice(0, lastOnOrBefore(accepted, until) + 1);
    },
    highs: (symbol) =>
      new Map(
        shelf(symbol).known.flatMap(({ session, high }) => (high === undefined ? [] : [[session, high] as const])),
      ),
    known: (symbol, from = '') => knownFrom(shelf(symbol), from),
    first: (symbol) => shelf(symbol).known[0]?.session,
    held: (symbol) => shelf(symbol).held,
    exchange: exchangeOf,
    decimals: (symbol) => decimalsNoted(notes.get(decimalsNote(symbol))),
    expected: (symbol, now) => expectedSession(exchangeOf(symbol), looks.get(symbol), now),
    noteLook: async ({ symbol, marketPrice }, now) => {
      looks.set(symbol, { at: now, lastTrade: marketPrice?.session });
    },
    looks: () => new Map([...looks].map(([symbol, { at }]) => [symbol, new Date(at).toISOString()])),
    missing,
    // It lives through what a store has, and is asked of nothing that goes beyond it.
    hole: () => undefined,
    readFrom: (symbol, now) => {
      const { known, held } = shelf(symbol);
      const [recent, last] = [known.at(-1 - REREAD_SESSIONS)?.session, known.at(-1)?.session];
      if (recent === undefined || last === undefined) return undefined;
      const [gap] = missing(symbol, now);
      return [recent, gap ?? last, held[0]?.session ?? last].sort()[0];
    },
    revisions: (symbol, session) => shelf(symbol).revisions.filter((revision) => revision.session === session),
    revisedSince: (symbol, instant) => shelf(symbol).revisions.filter(({ to }) => to.readAt >= instant),
    noted: (name) => notes.get(name),
    note: async (name, value) => {
      if (value === null) return notes.delete(name);
      const changed = notes.get(name) !== value;
      notes.set(name, value);
      return changed;
    },
    store: async (symbol, judgement) => shelve(shelf(symbol), judgement, exchangeOf(symbol)),
    // Nobody imports into what leaves nothing behind.
    imports: () => [],
    takeBack: async () => {},
    refresh: async () => {},
  };
}
