import { AsyncLocalStorage } from 'node:async_hooks';

/** How long a lease holds without being prolonged, in milliseconds. */
export const LEASE_MS = 120_000;

/** Who has the lease, or asks for it. */
export interface LeaseOwner {
  /** Unique to one run. */
  readonly id: string;
  readonly host: string;
  readonly pid: number;
  /**
   * When the process started, and in which boot and pid namespace of its host: only there does a pid say anything, and this
   * tells two processes of one pid apart. Null where unknown.
   */
  readonly processStarted: string | null;
}

const owner = new AsyncLocalStorage<string>();

/**
 * Does the work of one run. Whatever it decides, posts, raises or clears, however deep inside, the ledger writes only while
 * this run has the lease.
 */
export function asOwner<T>(id: string, work: () => T): T {
  return owner.run(id, work);
}

/** The run that is asking; undefined outside of any, where no lease is required. */
export function currentOwner(): string | undefined {
  return owner.getStore();
}
