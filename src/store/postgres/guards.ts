import { currentOwner } from '../lease-owner.ts';
import { type Known, type LeaseLock, requireLease } from './lease.ts';
import type { Act, Postgres } from './postgres.ts';

/** A ledger that is open, with what this process knows of it. */
export interface Opened extends Known {
  readonly postgres: Postgres;
}

/**
 * One write of a run: whole or not at all, and only while the run has the lease.
 * @param lock 'no key update' where `act` changes the lease: two that share it first would wait for each other
 */
export function writeAs<T>(opened: Opened, owner: string, act: Act<T>, lock: LeaseLock = 'share'): Promise<T> {
  return opened.postgres.transaction(async (queries, isAgain) => {
    await requireLease(queries, opened, owner, lock);
    return act(queries, isAgain);
  });
}

/** The same for the run that is asking; outside of any, no lease is required. */
export function write<T>(opened: Opened, act: Act<T>): Promise<T> {
  const owner = currentOwner();
  return owner === undefined ? opened.postgres.transaction(act) : writeAs(opened, owner, act);
}

/** For what says whether it has changed anything, and changes nothing when it is done again: its first answer counts. */
export function saidOnce(act: Act<boolean>): Act<boolean> {
  let changed = false;
  return async (queries, isAgain) => {
    changed = (await act(queries, isAgain)) || changed;
    return changed;
  };
}
