import { CALENDAR_FROM, lastSessionOver, previousSession, sessionsBetween } from '../market/calendar.ts';
import type { Close, Session } from '../market/close.ts';
import type { Judgement, KnownClose, Revision } from '../market/sanity.ts';
import type { Database } from './database.ts';

/** Sessions that every run reads again: providers fill and revise for days. */
const REREAD_SESSIONS = 30;

/** The stored closes of all symbols: a cache of the source that remembers what each value replaced. */
export interface ClosesStore {
  /** The believed closes of a symbol up to `until`, ascending. */
  believed(symbol: string, until?: Session): Close[];
  /** Everything known of a symbol from a session on, ascending, and the last believed close before it. */
  known(symbol: string, from?: Session): KnownClose[];
  /** The first session that anything is known of. */
  first(symbol: string): Session | undefined;
  /** The held values of a symbol, believed closes with a held revision included. */
  held(symbol: string): KnownClose[];
  /** The sessions that the calendar expects, from the symbol's first one to the newest that is over, and nothing is known of. */
  missing(symbol: string, now: number): Session[];
  /** The session to read again from at `now`; undefined: from the beginning. */
  readFrom(symbol: string, now: number): Session | undefined;
  /** The revisions of one session, oldest first. */
  revisions(symbol: string, session: Session): Revision[];
  /** The revisions that were read since an instant, oldest first. */
  revisedSince(symbol: string, instant: string): Revision[];
  /** Stores a judgement, whole or not at all. */
  store(symbol: string, judgement: Judgement): void;
}

interface Row {
  session: Session;
  close: number | null;
  state: KnownClose['state'];
  first_read_at: string;
  read_at: string | null;
  held_close: number | null;
  held_reason: string | null;
  held_since: string | null;
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

export function createClosesStore(database: Database): ClosesStore {
  const rows = (where: string, ...values: string[]) =>
    (database.prepare(`select * from closes where ${where} order by session`).all(...values) as Row[]).map(toKnown);
  // By name: left alone, SQLite reads all closes of the symbol to find the few that are held.
  const heldRows = (symbol: string) =>
    (
      database
        .prepare(
          'select * from closes indexed by closes_held where symbol = ? and held_close is not null order by session',
        )
        .all(symbol) as Row[]
    ).map(toKnown);
  const text = (sql: string, ...values: string[]) =>
    database
      .prepare(sql)
      .pluck()
      .get(...values) as Session | null | undefined;

  /** Up to where nothing is missing, from the first session on: closes never go, so it is counted once. */
  const completeUntil = (symbol: string, first: Session): Session => {
    const noted = text('select value from facts where name = ?', `complete ${symbol}`)?.split(' ');
    return noted?.[0] === first && noted[1] !== undefined ? noted[1] : first;
  };
  const findMissing = (symbol: string, until: Session): Session[] => {
    const first = text('select min(session) from closes where symbol = ?', symbol);
    if (first === null || first === undefined) return [];
    const from = completeUntil(symbol, first);
    const known = database
      .prepare('select session from closes where symbol = ? and session >= ? order by session')
      .pluck()
      .all(symbol, from) as Session[];
    let position = 0;
    return sessionsBetween(from > CALENDAR_FROM ? from : CALENDAR_FROM, until).filter((session) => {
      while ((known[position] ?? '9999') < session) position++;
      return known[position] !== session;
    });
  };
  const noteComplete = (symbol: string): void => {
    const first = text('select min(session) from closes where symbol = ?', symbol);
    const last = text('select max(session) from closes where symbol = ?', symbol);
    if (!first || !last) return;
    const [gap] = findMissing(symbol, last);
    const until = gap === undefined ? last : previousSession(gap);
    const note = database.prepare('insert or replace into facts (name, value) values (?, ?)');
    note.run(`complete ${symbol}`, `${first} ${until}`);
  };

  const store: ClosesStore = {
    believed: (symbol, until = '9999-12-31') => {
      const sql =
        'select session, close from closes where symbol = ? and session <= ? and close is not null order by session';
      return database.prepare(sql).all(symbol, until) as Close[];
    },
    known: (symbol, from = '') => {
      const before = text(
        'select session from closes where symbol = ? and session < ? and close is not null order by session desc limit 1',
        symbol,
        from,
      );
      return rows('symbol = ? and session >= ?', symbol, before ?? from);
    },
    first: (symbol) => text('select min(session) from closes where symbol = ?', symbol) ?? undefined,
    held: heldRows,
    missing: (symbol, now) => findMissing(symbol, lastSessionOver(now)),
    readFrom: (symbol, now) => {
      const last = text('select max(session) from closes where symbol = ?', symbol);
      if (last === null || last === undefined) return undefined;
      const recent = database
        .prepare('select session from closes where symbol = ? order by session desc limit 1 offset ?')
        .pluck()
        .get(symbol, REREAD_SESSIONS) as Session | undefined;
      const [gap] = store.missing(symbol, now);
      const held = heldRows(symbol)[0]?.session;
      return [recent ?? '', last, gap ?? last, held ?? last].sort()[0] || undefined;
    },
    revisions: (symbol, session) =>
      (
        database
          .prepare('select * from revisions where symbol = ? and session = ? order by to_read_at')
          .all(symbol, session) as RevisionRow[]
      ).map(toRevision),
    revisedSince: (symbol, instant) =>
      (
        database
          .prepare('select * from revisions where symbol = ? and to_read_at >= ? order by to_read_at, session')
          .all(symbol, instant) as RevisionRow[]
      ).map(toRevision),
    store: (symbol, { changed, revisions }) => {
      const putClose = database.prepare(
        `insert or replace into closes (symbol, session, close, state, first_read_at, read_at, held_close, held_reason, held_since)
         values (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      );
      const putRevision = database.prepare('insert or replace into revisions values (?, ?, ?, ?, ?, ?, ?, ?)');
      const putAll = () => {
        for (const { session, close, state, firstReadAt, readAt, held } of changed) {
          putClose.run(symbol, session, close, state, firstReadAt, readAt, held?.close, held?.reason, held?.since);
        }
        for (const { session, from, to } of revisions) {
          putRevision.run(
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
      };
      if (changed.length + revisions.length === 0) return;
      database.transaction(putAll).immediate();
    },
  };
  return store;
}

function toKnown(row: Row): KnownClose {
  const { held_close, held_reason, held_since } = row;
  return {
    session: row.session,
    close: row.close,
    state: row.state,
    firstReadAt: row.first_read_at,
    readAt: row.read_at,
    held: held_close === null ? null : { close: held_close, reason: held_reason ?? '', since: held_since ?? '' },
  };
}

function toRevision(row: RevisionRow): Revision {
  return {
    session: row.session,
    from: { close: row.from_close, readAt: row.from_read_at, believed: row.from_believed === 1 },
    to: { close: row.to_close, readAt: row.to_read_at, believed: row.to_believed === 1 },
  };
}
