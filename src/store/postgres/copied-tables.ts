const TEXT = 'text';
const INTEGER = 'integer';
const BIGINT = 'bigint';
const REAL = 'double precision';

/** A table that is copied from a SQLite file. */
export interface CopiedTable {
  readonly name: string;
  /** Its columns here with their types, in the order in which `from` gives them. */
  readonly columns: Readonly<Record<string, string>>;
  /** What SQLite is asked. Its rows come in the same order as here. */
  readonly from: string;
  /** The order of its rows here. */
  readonly order: string;
}

/** One whose columns are the same in both. */
function same(name: string, columns: CopiedTable['columns'], order: string): CopiedTable {
  return { name, columns, from: `select ${Object.keys(columns).join()} from ${name} order by ${order}`, order };
}

/** All of which closes are stored. */
const STORED =
  '(select symbol from closes union select symbol from packed_closes union select symbol from revisions union select symbol from imports)';

const SYMBOLS: CopiedTable = {
  name: 'symbols',
  columns: {
    symbol: TEXT,
    version: BIGINT,
    read_at: TEXT,
    time_zone: TEXT,
    closes_at: TEXT,
    last_trade: TEXT,
    first_trade: TEXT,
  },
  from: `with stored as materialized ${STORED}
    select symbol, symbol in (select symbol from stored) as version, read_at, time_zone, closes_at, last_trade, first_trade
      from (select symbol from symbols union select symbol from stored) left join symbols using (symbol) order by symbol`,
  order: 'symbol',
};

const CLOSES: CopiedTable = {
  name: 'closes',
  columns: {
    symbol: TEXT,
    session: TEXT,
    close: REAL,
    state: TEXT,
    first_read_at: TEXT,
    read_at: TEXT,
    held_close: REAL,
    held_reason: TEXT,
    held_since: TEXT,
    high: REAL,
    version: BIGINT,
  },
  from: `select symbol, session, close, state, first_read_at, read_at, held_close, held_reason, held_since, high, 1 as version
    from closes order by symbol, session`,
  order: 'symbol, session',
};

const LISTS: CopiedTable = {
  name: 'session_lists',
  columns: { hash: TEXT, sessions: TEXT },
  from: 'select sha256(sessions) as hash, sessions from session_lists order by hash',
  order: 'hash collate "C"',
};

const PACKS: CopiedTable = {
  name: 'packed_closes',
  columns: {
    symbol: TEXT,
    first: TEXT,
    last: TEXT,
    read_at: TEXT,
    sessions: TEXT,
    closes: TEXT,
    highs: TEXT,
    version: BIGINT,
  },
  from: `select p.symbol, p.first, p.last, p.read_at, sha256(l.sessions) as sessions, p.closes, p.highs, 1 as version
    from packed_closes p join session_lists l on l.id = p.sessions order by p.symbol, p.first`,
  order: 'symbol, first',
};

const REVISIONS: CopiedTable = {
  name: 'revisions',
  columns: {
    symbol: TEXT,
    session: TEXT,
    from_close: REAL,
    from_read_at: TEXT,
    from_believed: INTEGER,
    to_close: REAL,
    to_read_at: TEXT,
    to_believed: INTEGER,
    version: BIGINT,
  },
  from: `select symbol, session, from_close, from_read_at, from_believed, to_close, to_read_at, to_believed, 1 as version
    from revisions order by symbol, session, to_read_at, from_believed`,
  order: 'symbol, session, to_read_at, from_believed',
};

const IMPORTS: CopiedTable = {
  name: 'imports',
  columns: { symbol: TEXT, imported_at: TEXT, file: TEXT, closes: TEXT, undone_at: TEXT, version: BIGINT },
  from: 'select symbol, imported_at, file, closes, undone_at, 1 as version from imports order by symbol, imported_at',
  order: 'symbol, imported_at',
};

/** Up to where the closes of a symbol are complete each copy counts by itself; the clock is that of one machine. */
const FACTS: CopiedTable = {
  name: 'facts',
  columns: { name: TEXT, value: TEXT },
  from: `select name_here(name) as name, value from facts where substr(name, 1, 9) <> 'complete ' order by 1`,
  order: 'name',
};

const MESSAGES: CopiedTable = {
  name: 'messages',
  columns: { message: TEXT, event: TEXT, kind: TEXT, created_at: TEXT, body: TEXT, position: BIGINT },
  from: 'select message, event, kind, created_at, body, rowid as position from messages order by rowid',
  order: 'position',
};

const DELIVERIES = {
  message: TEXT,
  channel: TEXT,
  state: TEXT,
  attempts: INTEGER,
  unknown_attempts: INTEGER,
  reason: TEXT,
  settings: TEXT,
  claimed_by: TEXT,
  not_before: TEXT,
  receipt: TEXT,
  changed_at: TEXT,
};

/**
 * What is copied, each table after those that it refers to. What says who runs just now (`lease`, `daemon`, `instances`) stays
 * behind.
 */
export const COPIED_TABLES: readonly CopiedTable[] = [
  FACTS,
  SYMBOLS,
  CLOSES,
  LISTS,
  PACKS,
  REVISIONS,
  IMPORTS,
  same(
    'signals',
    { signal: TEXT, settings: TEXT, baseline_session: TEXT, evaluated_session: TEXT, evaluated_at: TEXT },
    'signal',
  ),
  same(
    'events',
    {
      event: TEXT,
      signal: TEXT,
      session: TEXT,
      status: TEXT,
      gone_since: TEXT,
      change_to: TEXT,
      changed_since: TEXT,
    },
    'event',
  ),
  MESSAGES,
  same('deliveries', DELIVERIES, 'message, channel'),
  same('told_together', { message: TEXT, channel: TEXT, together: TEXT, position: INTEGER }, 'message, channel'),
  same('runs', { run: BIGINT, command: TEXT, started_at: TEXT, ended_at: TEXT, result: TEXT }, 'run'),
  same('troubles', { trouble: TEXT, since: TEXT, cleared_at: TEXT }, 'trouble, since'),
  same('probes', { part: TEXT, tried_at: TEXT, failing_since: TEXT, failure: TEXT }, 'part'),
  same('pauses', { channel: TEXT, since: TEXT, until: TEXT }, 'channel'),
  same('acknowledgements', { message: TEXT, channel: TEXT, who: TEXT, name: TEXT, at: TEXT }, 'message, channel, who'),
];

/** What is numbered by the database, which goes on above the highest. */
export const NUMBERED = [
  ['messages', 'position'],
  ['runs', 'run'],
] as const;
