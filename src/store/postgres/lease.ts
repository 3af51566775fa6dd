import { LeaseLostError } from '../errors.ts';
import type { LeaseOwner } from '../lease-owner.ts';
import { type Mark, markColumns, type Places, type SeenSoFar } from './place.ts';
import type { Queries } from './postgres.ts';

/** How long a lease holds without being prolonged, in milliseconds, by the clock of the database. */
export const LEASE_MS = 30_000;
/** When a lease that is taken or prolonged now ends. */
export const LEASE_END = "clock_timestamp() + interval '30 seconds'";

/** What the runs of this process hold: their tokens, by owner. Changed only once it is committed. */
export type Tokens = Map<string, number>;

/** What a process knows of the ledger that it has open. */
export interface Known {
  readonly places: Places;
  readonly seen: SeenSoFar;
  readonly tokens: Tokens;
}

/** What others may do with the lease until the transaction ends: nobody can take it, but other writes of its run may go on. */
export type LeaseLock = 'share' | 'no key update';

const HOLDER = "select holder, token, host, pid from lease where name = 'writer'";

interface Holder {
  readonly holder: string | null;
  readonly token: number;
  readonly host: string | null;
  readonly pid: number | null;
}

/**
 * Takes the lease of a run, with a token that no other run ever had.
 * @returns the token, or the owner that is in the way
 */
export async function takeLease(queries: Queries, { id, host, pid }: LeaseOwner): Promise<number | LeaseOwner> {
  const taken = await queries.row<{ token: number }>(
    `update lease set holder = $1, host = $2, pid = $3, token = token + 1, expires_at = ${LEASE_END}
       where name = 'writer' and (holder is null or holder = $1 or expires_at <= clock_timestamp()) returning token`,
    id,
    host,
    pid,
  );
  if (taken !== undefined) return taken.token;
  const other = await queries.row<Holder>(HOLDER);
  // Given back since.
  if (other?.holder == null) return takeLease(queries, { id, host, pid, processStarted: null });
  return { id: other.holder, host: other.host ?? '', pid: other.pid ?? 0, processStarted: null };
}

/** @throws {LeaseLostError} where another run has, or had, the lease since */
export async function prolongLease(queries: Queries, tokens: Tokens, owner: string): Promise<void> {
  const prolonged = await queries.changes(
    `update lease set expires_at = ${LEASE_END} where name = 'writer' and holder = $1 and token = $2`,
    owner,
    tokens.get(owner) ?? -1,
  );
  if (prolonged === 1) return;
  throw lost(await queries.row<Holder>(HOLDER));
}

/** The token stays in the row: the next one is greater. */
export async function giveBackLease(queries: Queries, tokens: Tokens, owner: string): Promise<void> {
  await queries.changes(
    "update lease set holder = null, expires_at = '-infinity' where name = 'writer' and holder = $1 and token = $2",
    owner,
    tokens.get(owner) ?? -1,
  );
}

/**
 * However late it is: as long as nobody else took the lease, and the ledger is the one that was seen when it was taken, it is
 * the owner's. Nobody can take it before the transaction has ended.
 * @throws {LeaseLostError}
 */
export async function requireLease(
  queries: Queries,
  { tokens, places, seen }: Known,
  owner: string,
  lock: LeaseLock,
): Promise<void> {
  const asked = seen.told;
  const row = await queries.row<Holder & Mark>(
    `select holder, token, host, pid, ${markColumns(places)} from lease where name = 'writer' for ${lock} of lease`,
  );
  const why = row && seen.whyOther(row, asked);
  if (why !== undefined) throw new LeaseLostError(`${why}; the next run goes on from what is there`);
  if (row?.holder !== owner || row.token !== tokens.get(owner)) throw lost(row);
}

function lost(row: Holder | undefined): LeaseLostError {
  return new LeaseLostError(
    row?.holder == null
      ? 'another run took over while this one slept, and has ended'
      : `process ${row.pid} on ${row.host} took over while this one slept; it goes on`,
  );
}
