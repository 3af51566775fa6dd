import type { Session } from '../../market/close.ts';
import type { KnownClose } from '../../market/known-close.ts';
import { addDays } from '../../market/session.ts';
import { hasRowBetween, putRow } from './close-rows.ts';
import type { Database } from './database.ts';
import { isPackable, type Pack, packedSessions, packsBetween, putPack, removePack, unpacked } from './packed-closes.ts';

/** Calendar days that surely have as many sessions as every run reads again. */
const REREAD_DAYS = 60;

/** What changes in the tables where closes change. */
export interface PutPlan {
  /** Packs that are taken apart, as something in them changes. */
  readonly unpacked: readonly Pack[];
  /** What becomes a pack, each one a list. */
  readonly packed: readonly (readonly KnownClose[])[];
  /** What becomes a row; the later of two of one session counts. */
  readonly rows: readonly KnownClose[];
}

/** Writes what has changed. */
export function putCloses(database: Database, symbol: string, changed: readonly KnownClose[]): void {
  carryOut(database, symbol, planPut(database, symbol, changed));
}

/** What has to be written where closes have changed. */
export function planPut(database: Database, symbol: string, changed: readonly KnownClose[]): PutPlan {
  const years = [...byYear(changed).values()].map((closes) => planYear(database, symbol, closes));
  return {
    unpacked: years.flatMap(({ unpacked }) => unpacked),
    packed: years.flatMap(({ packed }) => packed),
    rows: years.flatMap(({ rows }) => rows),
  };
}

/**
 * What has to be written where sessions go: packs that have some of them are taken apart, and the rest of these stays.
 * @param restored what becomes of sessions that go but for it
 */
export function planRemoval(
  database: Database,
  symbol: string,
  gone: readonly Session[],
  restored: readonly KnownClose[],
): PutPlan {
  const sorted = [...gone].sort();
  const going = new Set(sorted);
  const packs = packsBetween(database, symbol, sorted[0] ?? '', sorted.at(-1) ?? '').filter(({ sessions }) =>
    sessions.some((session) => going.has(session)),
  );
  const rest = packs.flatMap(unpacked).filter(({ session }) => !going.has(session));
  return { unpacked: packs, packed: [], rows: [...rest, ...restored] };
}

export function carryOut(database: Database, symbol: string, { unpacked: taken, packed, rows }: PutPlan): void {
  for (const pack of taken) removePack(database, symbol, pack);
  for (const closes of packed) putPack(database, symbol, closes);
  for (const close of rows) putRow(database, symbol, close);
}

/**
 * What will not be read again every evening is packed, where nothing was known of it and nothing in it is in doubt; a
 * pack is unpacked before anything in it changes.
 */
function planYear(database: Database, symbol: string, closes: readonly KnownClose[]): PutPlan {
  const [begin = '', end = ''] = [closes[0]?.session, closes.at(-1)?.session];
  const packs = packsBetween(database, symbol, begin, end).filter(({ first, last }) =>
    closes.some(({ session }) => session >= first && session <= last),
  );
  const before = packs.flatMap(unpacked);
  const old = settledBefore(closes);
  const newest = old.at(-1)?.session;
  const pack =
    newest !== undefined &&
    packs.length === 0 &&
    old.every(isPackable) &&
    !isKnownBetween(database, symbol, begin, newest);
  return {
    unpacked: packs,
    packed: pack ? [old] : [],
    rows: [...before, ...(pack ? closes.slice(old.length) : closes)],
  };
}

/** The closes up to the first one that will be read again. */
function settledBefore(closes: readonly KnownClose[]): readonly KnownClose[] {
  const [readAt] = closes.map((close) => close.readAt ?? '').sort();
  const settledBy = readAt ? addDays(readAt, -REREAD_DAYS) : '';
  const quiet = closes.findIndex(({ session }) => session > settledBy);
  return quiet < 0 ? closes : closes.slice(0, quiet);
}

function isKnownBetween(database: Database, symbol: string, from: Session, until: Session): boolean {
  return packedSessions(database, symbol, from, until).length > 0 || hasRowBetween(database, symbol, from, until);
}

function byYear(closes: readonly KnownClose[]): Map<string, KnownClose[]> {
  const years = new Map<string, KnownClose[]>();
  let [year, list] = ['', [] as KnownClose[]];
  for (const close of closes) {
    if (!close.session.startsWith(year) || year === '') {
      year = close.session.slice(0, 4);
      list = years.get(year) ?? [];
      years.set(year, list);
    }
    list.push(close);
  }
  return years;
}
