import type { Close, Session } from '../../market/close.ts';
import { type Exchange, exchangeIn, NEW_YORK } from '../../market/exchange.ts';
import { expectedSession, type LastLook, upToNow, wasNone } from '../../market/expected-session.ts';
import { CALENDAR_FROM } from '../../market/new-york.ts';
import type { KnownClose, Revision } from '../../market/sanity.ts';
import { addDays } from '../../market/session.ts';
import { type ClosesStore, type Hole, REREAD_SESSIONS } from '../closes.ts';
import type { Database } from './database.ts';
import { createPackedCloses, isPackable, unpacked } from './packed-closes.ts';
import { prepared } from './prepared.ts';

/** Calendar days that surely have as many. */
const REREAD_DAYS = 60;

/** Sources are asked for nothing before this day. */
const BEGINNING = '1970-01-01';

interface Row {
  session: Session;
  close: number | null;
  state: KnownClose['state'];
  first_read_at: string;
  read_at: string | null;
  held_close: number | null;
  held_reason: string | null;
  held_since: string | null;
  high: number | null;
}

interface LookRow {
  symbol: string;
  read_at: string;
  time_zone: string | null;
  closes_at: string | null;
  last_trade: Session | null;
  first_trade: Session | null;
}

interface RevisionRow {
  session: Session;
  from_close: number;
  from_read_at: string;
  from_believed: 0 | 1;
  to_close: number;
  to_read_at: string;
  to_believed: 0 | 1;
}

/** @param exchangeOf where a symbol trades of which no source has told it */
export function createClosesStore(
  database: Database,
  exchangeOf: (symbol: string) => Exchange = () => NEW_YORK,
): ClosesStore {
  const packs = createPackedCloses(database);
  const statement = (sql: string) => prepared(database, sql);
  const text = (sql: string, ...values: string[]) =>
    statement(sql)
      .pluck()
      .get(...values) as Session | null | undefined;
  // By name: left alone, SQLite reads all closes of the symbol to find the few that are held.
  const heldRows = (symbol: string) =>
    (
      statement(
        'select * from closes indexed by closes_held where symbol = ? and held_close is not null order by session',
      ).all(symbol) as Row[]
    ).map(toKnown);

  /** What is known from one session to another, ascending. */
  const knownBetween = (symbol: string, from: Session, until: Session): KnownClose[] => {
    const rows = (
      statement('select * from closes where symbol = ? and session >= ? and session <= ? order by session').all(
        symbol,
        from,
        until,
      ) as Row[]
    ).map(toKnown);
    const packed = packs
      .between(symbol, from, until)
      .flatMap((pack) => unpacked(pack).filter(({ session }) => session >= from && session <= until));
    return inOrder(packed, rows);
  };
  const lastBefore = (symbol: string, session: Session, believed: boolean): Session | undefined => {
    const row = text(
      `select session from closes where symbol = ? and session < ? ${believed ? 'and close is not null' : ''} order by session desc limit 1`,
      symbol,
      session,
    );
    if (row && row > (packs.ends(symbol)?.last ?? '')) return row;
    const packed = packs.lastBefore(symbol, session)?.sessions.findLast((candidate) => candidate < session);
    return [row ?? '', packed ?? ''].sort().at(-1) || undefined;
  };
  const first = (symbol: string): Session | undefined => {
    const row = text('select session from closes where symbol = ? order by session limit 1', symbol);
    return [row, packs.ends(symbol)?.first].filter((session) => typeof session === 'string').sort()[0];
  };
  const last = (symbol: string): Session | undefined => {
    const row = text('select session from closes where symbol = ? order by session desc limit 1', symbol);
    return [row, packs.ends(symbol)?.last]
      .filter((session) => typeof session === 'string')
      .sort()
      .at(-1);
  };
  /** The session so many sessions before the last one; undefined where the history is shorter. */
  const sessionsBack = (symbol: string, count: number): Session | undefined => {
    const newest = statement('select session from closes where symbol = ? order by session desc limit ?')
      .pluck()
      .all(symbol, count + 1) as Session[];
    const lowest = newest[count];
    if (lowest !== undefined && lowest > (packs.ends(symbol)?.last ?? '')) return lowest;
    for (let pack = packs.lastBefore(symbol, '9999'); pack !== undefined; pack = packs.lastBefore(symbol, pack.first)) {
      const { first: begin } = pack;
      newest.push(...pack.sessions);
      if (newest.filter((session) => session >= begin).length > count) break;
    }
    return newest.sort().at(-1 - count);
  };

  /** Up to where nothing is missing, from the first session on: closes never go, so it is counted once. */
  const completeUntil = (symbol: string, begin: Session): Session => {
    const noted = text('select value from facts where name = ?', `complete ${symbol}`)?.split(' ');
    return noted?.[0] === begin && noted[1] !== undefined ? noted[1] : begin;
  };
  const look = (symbol: string) =>
    statement('select * from symbols where symbol = ?').get(symbol) as LookRow | undefined;
  const exchange = (symbol: string, row = look(symbol)): Exchange =>
    row?.time_zone && row.closes_at ? exchangeIn(row.time_zone, row.closes_at) : exchangeOf(symbol);
  const findMissing = (symbol: string, until: Session, now = Number.POSITIVE_INFINITY): Session[] => {
    const begin = first(symbol);
    if (begin === undefined) return [];
    const row = look(symbol);
    const there = exchange(symbol, row);
    if (!there.knowsHolidays) {
      const inside = gapsOf(symbol, begin, there).flatMap(({ after, before }) =>
        there.sessionsBetween(addDays(after, 1), addDays(before, -1)),
      );
      const looked = upToNow(lastLook(row), now);
      const since = addDays(last(symbol) ?? begin, 1);
      const newer = there.sessionsBetween(since, until).filter((session) => !wasNone(there, looked, session));
      return [...inside, ...newer];
    }
    const from = completeUntil(symbol, begin);
    const known = knownSessions(symbol, from);
    let position = 0;
    return there.sessionsBetween(from > CALENDAR_FROM ? from : CALENDAR_FROM, until).filter((session) => {
      while ((known[position] ?? '9999') < session) position++;
      return known[position] !== session;
    });
  };
  const knownSessions = (symbol: string, from: Session): Session[] => {
    const rows = statement('select session from closes where symbol = ? and session >= ? order by session')
      .pluck()
      .all(symbol, from) as Session[];
    const packed = packs.sessionsBetween(symbol, from, '9999-12-31');
    return packed.length === 0 ? rows : [...packed, ...rows].sort();
  };
  /** The stretches between neighbours in which sessions must be missing, from where nothing is missing on. */
  const gapsOf = (symbol: string, begin: Session, there: Exchange): Hole[] => {
    const known = knownSessions(symbol, completeUntil(symbol, begin));
    return known.flatMap((before, position) => {
      const after = known[position - 1];
      return after !== undefined && there.isGap(after, before) ? [{ after, before }] : [];
    });
  };
  /** Where the source has years more at the beginning than are stored. */
  const missingBeginning = (symbol: string, begin: Session, there: Exchange): Hole | undefined => {
    const told = look(symbol)?.first_trade;
    if (!told) return undefined;
    const after = told > BEGINNING ? told : BEGINNING;
    return after < begin && there.isGap(after, begin) ? { after, before: begin } : undefined;
  };
  const noteComplete = (symbol: string): void => {
    const [begin, end] = [first(symbol), last(symbol)];
    if (begin === undefined || end === undefined) return;
    const there = exchange(symbol);
    const [gap] = there.knowsHolidays ? findMissing(symbol, end) : [];
    const until = there.knowsHolidays
      ? gap === undefined
        ? end
        : there.previousSession(gap)
      : (gapsOf(symbol, begin, there)[0]?.after ?? end);
    statement('insert or replace into facts (name, value) values (?, ?)').run(
      `complete ${symbol}`,
      `${begin} ${until}`,
    );
  };

  const putRow = (symbol: string, { session, close, state, firstReadAt, readAt, held, high }: KnownClose) => {
    statement(
      `insert or replace into closes (symbol, session, close, state, first_read_at, read_at, held_close, held_reason, held_since, high)
       values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    ).run(symbol, session, close, state, firstReadAt, readAt, held?.close, held?.reason, held?.since, high);
  };
  const isKnownBetween = (symbol: string, from: Session, until: Session): boolean =>
    packs.sessionsBetween(symbol, from, until).length > 0 ||
    text('select min(session) from closes where symbol = ? and session >= ? and session <= ?', symbol, from, until) !==
      null;
  /**
   * What will not be read again every evening is packed, where nothing was known of it and nothing in it is in doubt; a
   * pack is unpacked before anything in it changes.
   */
  const putYear = (symbol: string, closes: readonly KnownClose[]): void => {
    const [begin = '', end = ''] = [closes[0]?.session, closes.at(-1)?.session];
    for (const pack of packs.between(symbol, begin, end)) {
      if (!closes.some(({ session }) => session >= pack.first && session <= pack.last)) continue;
      packs.remove(symbol, pack);
      for (const close of unpacked(pack)) putRow(symbol, close);
    }
    const [readAt] = closes.map((close) => close.readAt ?? '').sort();
    const settledBy = readAt ? addDays(readAt, -REREAD_DAYS) : '';
    const quiet = closes.findIndex(({ session }) => session > settledBy);
    const old = quiet < 0 ? closes : closes.slice(0, quiet);
    const newest = old.at(-1)?.session;
    const pack = newest !== undefined && old.every(isPackable) && !isKnownBetween(symbol, begin, newest);
    if (pack) packs.put(symbol, old);
    for (const close of pack ? closes.slice(old.length) : closes) putRow(symbol, close);
  };

  return {
    accepted: (symbol, until = '9999-12-31') => {
      const rows = statement(
        'select session, close from closes where symbol = ? and session <= ? and close is not null order by session',
      ).all(symbol, until) as Close[];
      const packed: Close[] = [];
      for (const { sessions, closes } of packs.between(symbol, '', until)) {
        for (let position = 0; position < sessions.length; position++) {
          const [session = '', close = 0] = [sessions[position], closes[position]];
          if (session <= until) packed.push({ session, close });
        }
      }
      return inOrder(packed, rows);
    },
    highs: (symbol) =>
      new Map(
        knownBetween(symbol, '', '9999-12-31').flatMap(({ session, high }) =>
          high === undefined ? [] : [[session, high] as const],
        ),
      ),
    known: (symbol, from = '') => knownBetween(symbol, lastBefore(symbol, from, true) ?? from, '9999-12-31'),
    first,
    held: heldRows,
    exchange: (symbol) => exchange(symbol),
    expected: (symbol, now) => {
      const row = look(symbol);
      return expectedSession(exchange(symbol, row), lastLook(row), now);
    },
    noteLook: ({ symbol, exchange: told, marketPrice, firstTrade }, now) => {
      statement(
        `insert into symbols (symbol, read_at, time_zone, closes_at, last_trade, first_trade) values (?, ?, ?, ?, ?, ?)
         on conflict (symbol) do update set read_at = excluded.read_at, last_trade = excluded.last_trade,
           time_zone = coalesce(excluded.time_zone, time_zone), closes_at = coalesce(excluded.closes_at, closes_at),
           first_trade = coalesce(excluded.first_trade, first_trade)`,
      ).run(symbol, new Date(now).toISOString(), told?.timeZone, told?.closesAt, marketPrice?.session, firstTrade);
    },
    looks: () =>
      new Map(
        (statement('select symbol, read_at from symbols').all() as LookRow[]).map(({ symbol, read_at }) => [
          symbol,
          read_at,
        ]),
      ),
    missing: (symbol, now) => findMissing(symbol, exchange(symbol).lastSessionOver(now), now),
    hole: (symbol) => {
      const begin = first(symbol);
      if (begin === undefined) return undefined;
      const there = exchange(symbol);
      return missingBeginning(symbol, begin, there) ?? gapsOf(symbol, begin, there)[0];
    },
    readFrom: (symbol, now) => {
      const [begin, end] = [first(symbol), last(symbol)];
      if (begin === undefined || end === undefined) return undefined;
      if (missingBeginning(symbol, begin, exchange(symbol)) !== undefined) return undefined;
      const recent = sessionsBack(symbol, REREAD_SESSIONS);
      const [gap] = findMissing(symbol, exchange(symbol).lastSessionOver(now), now);
      const held = heldRows(symbol)[0]?.session;
      return [recent ?? '', end, gap ?? end, held ?? end].sort()[0] || undefined;
    },
    revisions: (symbol, session) =>
      (
        statement('select * from revisions where symbol = ? and session = ? order by to_read_at').all(
          symbol,
          session,
        ) as RevisionRow[]
      ).map(toRevision),
    revisedSince: (symbol, instant) =>
      (
        statement('select * from revisions where symbol = ? and to_read_at >= ? order by to_read_at, session').all(
          symbol,
          instant,
        ) as RevisionRow[]
      ).map(toRevision),
    store: (symbol, { changed, revisions }) => {
      if (changed.length + revisions.length === 0) return;
      database
        .transaction(() => {
          for (const closes of byYear(changed).values()) putYear(symbol, closes);
          for (const { session, from, to } of revisions) {
            statement('insert or replace into revisions values (?, ?, ?, ?, ?, ?, ?, ?)').run(
              symbol,
              session,
              from.close,
              from.readAt,
              Number(from.believed),
              to.close,
              to.readAt,
              Number(to.believed),
            );
          }
          noteComplete(symbol);
        })
        .immediate();
    },
  };
}

function lastLook(row: LookRow | undefined): LastLook | undefined {
  return row && { at: Date.parse(row.read_at), lastTrade: row.last_trade ?? undefined };
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

/** Two ascending lists as one. Packs are older than rows but where a year was unpacked. */
function inOrder<T extends { readonly session: Session }>(packed: T[], rows: T[]): T[] {
  const [end, begin] = [packed.at(-1), rows[0]];
  if (begin === undefined) return packed;
  const all = packed.concat(rows);
  if (end === undefined || end.session < begin.session) return all;
  return all.sort((a, b) => (a.session < b.session ? -1 : 1));
}

function toKnown(row: Row): KnownClose {
  const { held_close, held_reason, held_since, high } = row;
  return {
    session: row.session,
    close: row.close,
    state: row.state,
    firstReadAt: row.first_read_at,
    readAt: row.read_at,
    held: held_close === null ? null : { close: held_close, reason: held_reason ?? '', since: held_since ?? '' },
    ...(high === null ? {} : { high }),
  };
}

function toRevision(row: RevisionRow): Revision {
  return {
    session: row.session,
    from: { close: row.from_close, readAt: row.from_read_at, believed: row.from_believed === 1 },
    to: { close: row.to_close, readAt: row.to_read_at, believed: row.to_believed === 1 },
  };
}
