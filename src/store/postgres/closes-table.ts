import { createHash } from 'node:crypto';
import type { Session } from '../../market/close.ts';
import type { KnownClose, Revision } from '../../market/known-close.ts';
import { keptClose } from '../decimals.ts';
import type { CloseRow as FileRow } from '../sqlite/close-rows.ts';
import type { ImportRow } from '../sqlite/imports.ts';
import type { PutPlan } from '../sqlite/put-closes.ts';
import type { Postgres, Queries } from './postgres.ts';

/** A version of the closes of one symbol. */
export interface Version {
  readonly symbol: string;
  readonly version: number;
}

/** A close in the table `closes`: the same as in a file, with its symbol. */
export interface CloseRow extends FileRow {
  readonly symbol: string;
}

/** A year in the table `packed_closes`; its lists are JSON, that of the sessions by its hash. */
export interface PackRow {
  readonly symbol: string;
  readonly first: Session;
  readonly last: Session;
  readonly read_at: string;
  readonly sessions: string;
  readonly closes: string;
  readonly highs: string | null;
}

export interface RevisionRow {
  readonly symbol: string;
  readonly session: Session;
  readonly from_close: number;
  readonly from_read_at: string;
  readonly from_believed: number;
  readonly to_close: number;
  readonly to_read_at: string;
  readonly to_believed: number;
}

/**
 * Makes the next version of a symbol's closes. Who has made it already, and was not told, is told now.
 * @param known the version that what is written was made from
 * @param writer who writes: unique to one write
 * @returns the new version; undefined where another process was faster
 */
export async function nextVersion(
  { row, changes }: Queries,
  symbol: string,
  known: number,
  writer: string,
): Promise<{ readonly version: number; readonly isWritten: boolean } | undefined> {
  await changes('insert into symbols (symbol) values ($1) on conflict do nothing', symbol);
  const made = await row<Version>(
    `update symbols set version = version + 1, writer = $3 where symbol = $1 and version = $2 returning version`,
    symbol,
    known,
    writer,
  );
  if (made !== undefined) return { version: made.version, isWritten: false };
  const mine = await row<Version>('select version from symbols where symbol = $1 and writer = $2', symbol, writer);
  return mine && { version: mine.version, isWritten: true };
}

/** Writes a plan as the closes of a version. */
export async function putPlan(
  queries: Queries,
  { symbol, version }: Version,
  { unpacked, packed, rows }: PutPlan,
): Promise<void> {
  if (unpacked.length > 0) {
    const firsts = unpacked.map(({ first }) => first);
    await queries.changes('delete from packed_closes where symbol = $1 and first = any($2)', symbol, firsts);
  }
  if (packed.length > 0) await putPacks(queries, { symbol, version }, packed);
  if (rows.length > 0) await putRows(queries, { symbol, version }, rows);
}

async function putPacks(queries: Queries, { symbol, version }: Version, packed: PutPlan['packed']): Promise<void> {
  const lists = new Map<string, string>();
  const rows = packed.map((closes) => {
    const sessions = JSON.stringify(closes.map(({ session }) => session));
    const hash = createHash('sha256').update(sessions).digest('hex');
    lists.set(hash, sessions);
    return {
      first: closes[0]?.session,
      last: closes.at(-1)?.session,
      read_at: closes[0]?.readAt,
      sessions: hash,
      closes: JSON.stringify(closes.map(keptClose)),
      highs: closes.some(({ high }) => high !== undefined)
        ? JSON.stringify(closes.map(({ high }) => high ?? null))
        : null,
    };
  });
  await queries.changes(
    `insert into session_lists (hash, sessions) select hash, sessions from json_to_recordset($1) as l (hash text, sessions text)
       order by hash on conflict do nothing`,
    JSON.stringify([...lists].map(([hash, sessions]) => ({ hash, sessions }))),
  );
  await queries.changes(
    `insert into packed_closes (symbol, first, last, read_at, sessions, closes, highs, version)
       select $1, first, last, read_at, sessions, closes, highs, $2 from json_to_recordset($3)
         as p (first text, last text, read_at text, sessions text, closes text, highs text)`,
    symbol,
    version,
    JSON.stringify(rows),
  );
}

async function putRows(
  { changes }: Queries,
  { symbol, version }: Version,
  closes: readonly KnownClose[],
): Promise<void> {
  // The later of two of one session counts.
  const bySession = new Map(closes.map((close) => [close.session, close]));
  const rows = [...bySession.values()].map((known) => ({
    session: known.session,
    close: keptClose(known),
    state: known.state,
    first_read_at: known.firstReadAt,
    read_at: known.readAt,
    held_close: known.held && keptClose(known.held),
    held_reason: known.held?.reason,
    held_since: known.held?.since,
    high: known.high,
  }));
  await changes(
    `insert into closes (symbol, session, close, state, first_read_at, read_at, held_close, held_reason, held_since, high, version)
       select $1, session, close, state, first_read_at, read_at, held_close, held_reason, held_since, high, $2
         from json_to_recordset($3) as c (session text, close double precision, state text, first_read_at text, read_at text,
           held_close double precision, held_reason text, held_since text, high double precision)
       on conflict (symbol, session) do update set close = excluded.close, state = excluded.state,
         first_read_at = excluded.first_read_at, read_at = excluded.read_at, held_close = excluded.held_close,
         held_reason = excluded.held_reason, held_since = excluded.held_since, high = excluded.high,
         version = excluded.version`,
    symbol,
    version,
    JSON.stringify(rows),
  );
}

export async function putRevisions(
  { changes }: Queries,
  { symbol, version }: Version,
  revisions: readonly Revision[],
): Promise<void> {
  if (revisions.length === 0) return;
  const rows = revisions.map(({ session, from, to }) => ({
    session,
    from_close: from.close,
    from_read_at: from.readAt,
    from_believed: Number(from.believed),
    to_close: to.close,
    to_read_at: to.readAt,
    to_believed: Number(to.believed),
  }));
  await changes(
    `insert into revisions (symbol, session, from_close, from_read_at, from_believed, to_close, to_read_at, to_believed, version)
       select distinct on (session, to_read_at, from_believed) $1, session, from_close, from_read_at, from_believed, to_close,
           to_read_at, to_believed, $2::bigint
         from json_to_recordset($3) as r (session text, from_close double precision, from_read_at text,
           from_believed integer, to_close double precision, to_read_at text, to_believed integer)
       on conflict (symbol, session, to_read_at, from_believed) do update set from_close = excluded.from_close,
         from_read_at = excluded.from_read_at, to_close = excluded.to_close, to_believed = excluded.to_believed,
         version = excluded.version`,
    symbol,
    version,
    JSON.stringify(rows),
  );
}

/** What some symbols have that is newer than the versions that are known of them. */
export interface Newer {
  readonly closes: readonly CloseRow[];
  readonly packs: readonly PackRow[];
  readonly lists: ReadonlyMap<string, string>;
  readonly revisions: readonly RevisionRow[];
  readonly imports: readonly ImportRow[];
}

/** All tables as they were at one moment: a year that is just taken apart must not be missing in both. */
export function newerThan(postgres: Postgres, known: readonly Version[]): Promise<Newer> {
  return postgres.transaction(async (queries) => {
    await queries.rows('set transaction isolation level repeatable read, read only');
    return newer(queries, known);
  });
}

async function newer({ rows }: Queries, known: readonly Version[]): Promise<Newer> {
  const symbols = known.map(({ symbol }) => symbol);
  const versions = known.map(({ version }) => version);
  const ofTable = <T>(table: string) =>
    rows<T>(
      `select t.* from ${table} t join unnest($1::text[], $2::bigint[]) as k (symbol, version)
         on t.symbol = k.symbol collate "C" and t.version > k.version`,
      symbols,
      versions,
    );
  const closes = await ofTable<CloseRow>('closes');
  const packs = await ofTable<PackRow>('packed_closes');
  const revisions = await ofTable<RevisionRow>('revisions');
  const imports = await ofTable<ImportRow>('imports');
  const hashes = [...new Set(packs.map(({ sessions }) => sessions))];
  const lists =
    hashes.length === 0
      ? []
      : await rows<{ hash: string; sessions: string }>(
          'select hash, sessions from session_lists where hash = any($1)',
          hashes,
        );
  return { closes, packs, revisions, imports, lists: new Map(lists.map(({ hash, sessions }) => [hash, sessions])) };
}
