import { DatabaseGoneError, LeaseLostError } from '../errors.ts';
import { currentOwner } from '../lease-owner.ts';
import type { Database } from './database.ts';
import { contentFault, faultSinceOwnWrite, fileFault } from './database-file.ts';
import { type LeaseRow, leaseRow } from './lease.ts';

/** Nothing is decided or sent by a file that nobody else will open, */
export function requireFile(database: Database): void {
  const fault = fileFault(database);
  if (fault !== undefined) throw new DatabaseGoneError(fault.why);
}

/** nor by an older copy that was written over it. */
export function requireContent(database: Database): void {
  const fault = contentFault(database);
  if (fault !== undefined) throw new DatabaseGoneError(fault.why);
}

/** The same, for what follows a write of this process that required it. */
export function requireContentStill(database: Database): void {
  const fault = faultSinceOwnWrite(database);
  if (fault !== undefined) throw new DatabaseGoneError(fault.why);
}

/**
 * What has ended is noted where it was begun, also in a file that was moved away; but into one that was written over it
 * would bring pages that do not belong together.
 */
export function requireOwnContent(database: Database): void {
  if (fileFault(database) === undefined) requireContent(database);
}

/** One write of a run: whole or not at all, and only while the run has the lease. */
export function writeAs<T>(database: Database, owner: string, act: () => T): T {
  return transaction(database, () => {
    requireLease(database, owner);
    return act();
  });
}

/** The same for the run that is asking; outside of any, no lease is required. */
export function write<T>(database: Database, act: () => T): T {
  const owner = currentOwner();
  return owner === undefined ? transaction(database, act) : writeAs(database, owner, act);
}

/** Whole or not at all. The lock is taken at the beginning: what is read inside is still so when it is written. */
export function transaction<T>(database: Database, act: () => T): T {
  return database.transaction(act).immediate();
}

/** However late it is: as long as nobody else took it, it is the owner's. @returns it */
export function requireLease(database: Database, owner: string): LeaseRow {
  const row = leaseRow(database);
  if (row?.holder === owner) return row;
  throw new LeaseLostError(
    row === undefined
      ? 'another run took over while this one slept, and has ended'
      : `process ${row.pid} on ${row.host} took over while this one slept; it goes on`,
  );
}
