import { AsyncLocalStorage } from 'node:async_hooks';

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
