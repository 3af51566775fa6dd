import type { Session } from '../../market/close.ts';
import { type Exchange, NEW_YORK } from '../../market/exchange.ts';
import { expectedSession, upToNow } from '../../market/expected-session.ts';
import type { Judgement } from '../../market/known-close.ts';
import { type ClosesStore, type Hole, REREAD_SESSIONS } from '../closes.ts';
import { atPrecision, decimalsNote, decimalsNoted } from '../decimals.ts';
import type { ImportNote, TakenBack } from '../imports.ts';
import { heldRows, removeRow } from './close-rows.ts';
import { forgetComplete, gapsOf, missingBeginning, missingSessions, noteComplete } from './completeness.ts';
import type { Database } from './database.ts';
import { factOf, noteFact } from './facts.ts';
import { transaction } from './guards.ts';
import { importRow, importsOf, putImport } from './imports.ts';
import {
  acceptedCloses,
  firstSession,
  knownBetween,
  lastAcceptedBefore,
  lastSession,
  NO_END,
  sessionsBack,
} from './known-closes.ts';
import { exchangeTold, type LookRow, lastLook, lastLooks, lookRow, noteLook } from './looks.ts';
import { carryOut, planRemoval, putCloses } from './put-closes.ts';
import { putRevision, revisedSince, revisionsOf } from './revisions.ts';
import { forgetLists } from './session-lists.ts';

/** Where a symbol trades, and what its newest reading told. */
interface Place {
  readonly exchange: Exchange;
  readonly look: LookRow | undefined;
}

/**
 * The closes in a SQLite file.
 * @param exchangeOf where a symbol trades of which no source has told it
 */
export function createClosesStore(
  database: Database,
  exchangeOf: (symbol: string) => Exchange = () => NEW_YORK,
): ClosesStore {
  const placeOf = (symbol: string): Place => {
    const look = lookRow(database, symbol);
    return { exchange: exchangeTold(look) ?? exchangeOf(symbol), look };
  };
  const decimalsOf = (symbol: string) => decimalsNoted(factOf(database, decimalsNote(symbol)));
  return {
    accepted: (symbol, until = NO_END) => acceptedCloses(database, symbol, until, decimalsOf(symbol)),
    highs: (symbol) => highsOf(database, symbol),
    known: (symbol, from = '') => {
      const decimals = decimalsOf(symbol);
      const kept = knownBetween(database, symbol, lastAcceptedBefore(database, symbol, from) ?? from, NO_END);
      return kept.map((row) => atPrecision(row, decimals));
    },
    first: (symbol) => firstSession(database, symbol),
    held: (symbol) => heldRows(database, symbol).map((row) => atPrecision(row, decimalsOf(symbol))),
    exchange: (symbol) => placeOf(symbol).exchange,
    decimals: decimalsOf,
    expected: (symbol, now) => {
      const { exchange, look } = placeOf(symbol);
      return expectedSession(exchange, lastLook(look), now);
    },
    noteLook: async (reading, now) => noteLook(database, reading, now),
    looks: () => lastLooks(database),
    missing: (symbol, now) => missingAt(database, symbol, placeOf(symbol), now),
    hole: (symbol) => holeOf(database, symbol, placeOf(symbol)),
    readFrom: (symbol, now) => readFrom(database, symbol, placeOf(symbol), now),
    revisions: (symbol, session) => revisionsOf(database, symbol, session),
    revisedSince: (symbol, instant) => revisedSince(database, symbol, instant),
    noted: (name) => factOf(database, name),
    note: async (name, value) => noteFact(database, name, value),
    store: async (symbol, judgement, imported) => {
      if (judgement.changed.length + judgement.revisions.length === 0) return;
      writeCloses(database, () => {
        putJudgement(database, symbol, judgement);
        if (imported !== undefined) putImport(database, importRow(imported));
        noteComplete(database, symbol, placeOf(symbol).exchange);
      });
    },
    imports: (symbol) => importsOf(database, symbol),
    takeBack: async (imported, change) =>
      writeCloses(database, () => {
        removeCloses(database, imported, change);
        noteComplete(database, imported.symbol, placeOf(imported.symbol).exchange);
      }),
    refresh: async () => {},
  };
}

function writeCloses(database: Database, act: () => void): void {
  try {
    transaction(database, act);
  } catch (error) {
    forgetLists(database);
    throw error;
  }
}

function removeCloses(database: Database, imported: ImportNote, { removed, restored, undoneAt }: TakenBack): void {
  const { symbol } = imported;
  const gone = [...removed, ...restored.map(({ session }) => session)];
  const plan = planRemoval(database, symbol, gone, restored);
  for (const session of gone) removeRow(database, symbol, session);
  carryOut(database, symbol, plan);
  putImport(database, importRow({ ...imported, undoneAt }));
  forgetComplete(database, symbol);
}

function highsOf(database: Database, symbol: string): ReadonlyMap<Session, number> {
  const known = knownBetween(database, symbol, '', NO_END);
  return new Map(known.flatMap(({ session, high }) => (high === undefined ? [] : [[session, high] as const])));
}

function missingAt(database: Database, symbol: string, { exchange, look }: Place, now: number): Session[] {
  const looked = upToNow(lastLook(look), now);
  return missingSessions(database, symbol, exchange, exchange.lastSessionOver(now), looked);
}

function holeOf(database: Database, symbol: string, { exchange, look }: Place): Hole | undefined {
  const begin = firstSession(database, symbol);
  if (begin === undefined) return undefined;
  return missingBeginning(begin, exchange, look?.first_trade) ?? gapsOf(database, symbol, begin, exchange)[0];
}

function readFrom(database: Database, symbol: string, place: Place, now: number): Session | undefined {
  const [begin, end] = [firstSession(database, symbol), lastSession(database, symbol)];
  if (begin === undefined || end === undefined) return undefined;
  if (missingBeginning(begin, place.exchange, place.look?.first_trade) !== undefined) return undefined;
  const recent = sessionsBack(database, symbol, REREAD_SESSIONS);
  const [gap] = missingAt(database, symbol, place, now);
  const held = heldRows(database, symbol)[0]?.session;
  return [recent ?? '', end, gap ?? end, held ?? end].sort()[0] || undefined;
}

function putJudgement(database: Database, symbol: string, { changed, revisions }: Judgement): void {
  putCloses(database, symbol, changed);
  for (const revision of revisions) putRevision(database, symbol, revision);
}
