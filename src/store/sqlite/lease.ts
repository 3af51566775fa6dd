import { LEASE_MS, type LeaseOwner } from '../lease-owner.ts';
import type { Database } from './database.ts';
import { prepared } from './prepared.ts';

/** How far the clocks of two machines may be apart for their leases, in milliseconds. */
const LEASE_SKEW = 60_000;

/** For so long after it was prolonged it is not worth another write to the disk, in milliseconds: a run prolongs it as often. */
const FRESH_FOR = LEASE_MS / 4;

export interface LeaseRow {
  readonly holder: string;
  readonly host: string;
  readonly pid: number;
  readonly process_started: string | null;
  readonly expires_at: string;
}

export function leaseRow(database: Database): LeaseRow | undefined {
  return prepared(database, "select * from lease where name = 'writer'").get() as LeaseRow | undefined;
}

/** @returns the owner that is in the way, or undefined when the lease is taken */
export function takeLease(
  database: Database,
  owner: LeaseOwner,
  now: number,
  isDead: (other: LeaseOwner) => boolean,
): LeaseOwner | undefined {
  const row = leaseRow(database);
  if (row !== undefined && row.holder !== owner.id) {
    const left = Date.parse(row.expires_at) - now;
    const other = { id: row.holder, host: row.host, pid: row.pid, processStarted: row.process_started };
    // One that holds for longer than any was taken by a clock that was wrong. Should its process live all the same, it
    // sees that it has lost it before it decides or writes anything.
    if (left > 0 && left <= LEASE_MS + LEASE_SKEW && !isDead(other)) return other;
  }
  prepared(
    database,
    "insert or replace into lease (name, holder, host, pid, process_started, expires_at) values ('writer', ?, ?, ?, ?, ?)",
  ).run(owner.id, owner.host, owner.pid, owner.processStarted, leaseEnd(now));
  return undefined;
}

export function prolongLease(database: Database, now: number): void {
  prepared(database, 'update lease set expires_at = ?').run(leaseEnd(now));
}

/** True where it was taken or prolonged so lately that it need not be prolonged again. One from the future is none. */
export function isFresh({ expires_at }: LeaseRow, now: number): boolean {
  const left = Date.parse(expires_at) - now;
  return left <= LEASE_MS && left >= LEASE_MS - FRESH_FOR;
}

export function giveBackLease(database: Database, owner: string): void {
  prepared(database, 'delete from lease where holder = ?').run(owner);
}

function leaseEnd(now: number): string {
  return new Date(now + LEASE_MS).toISOString();
}
