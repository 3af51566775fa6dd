import type { Session } from '../../market/close.ts';
import type { KnownClose } from '../../market/known-close.ts';
import { addDays } from '../../market/session.ts';
import { hasRowBetween, putRow } from './close-rows.ts';
import type { Database } from './database.ts';
import { isPackable, packedSessions, packsBetween, putPack, removePack, unpacked } from './packed-closes.ts';

/** Calendar days that surely have as many sessions as every run reads again. */
const REREAD_DAYS = 60;

/** Writes what has changed, year by year. */
export function putCloses(database: Database, symbol: string, changed: readonly KnownClose[]): void {
  for (const closes of byYear(changed).values()) putYear(database, symbol, closes);
}

/**
 * What will not be read again every evening is packed, where nothing was known of it and nothing in it is in doubt; a
 * pack is unpacked before anything in it changes.
 */
function putYear(database: Database, symbol: string, closes: readonly KnownClose[]): void {
  const [begin = '', end = ''] = [closes[0]?.session, closes.at(-1)?.session];
  for (const pack of packsBetween(database, symbol, begin, end)) {
    if (!closes.some(({ session }) => session >= pack.first && session <= pack.last)) continue;
    removePack(database, symbol, pack);
    for (const close of unpacked(pack)) putRow(database, symbol, close);
  }
  const old = settledBefore(closes);
  const newest = old.at(-1)?.session;
  const pack = newest !== undefined && old.every(isPackable) && !isKnownBetween(database, symbol, begin, newest);
  if (pack) putPack(database, symbol, old);
  for (const close of pack ? closes.slice(old.length) : closes) putRow(database, symbol, close);
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
