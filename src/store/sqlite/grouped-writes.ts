import { LeaseLostError } from '../errors.ts';
import type { Database } from './database.ts';
import { noteOwnWrite } from './database-file.ts';
import { requireLease, transaction } from './guards.ts';
import { noteKnownLedger } from './known-ledger.ts';

/** A write that several make at the same time. */
interface Write<T> {
  /** What the file must be before. @throws {DatabaseGoneError} */
  readonly requires: (database: Database) => void;
  /** Whose lease it requires; undefined: nobody's. */
  readonly owner?: string;
  /** Writes. What it throws takes the writes of the others with it. */
  readonly act: () => T;
  /** True where it must be known beside the file how far the ledger has come, before anybody goes on. */
  readonly tells?: (result: T) => boolean;
}

interface Waiting extends Write<unknown> {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/** Groups that follow each other so closely are many, in milliseconds. */
const CLOSELY = 50;
/**
 * So many pages of them may wait in the WAL before they go into the file itself, which takes three more syncs of the disk. They
 * are on the disk there as well; and a WAL that is lost is noticed, as the file has not come as far then as is known beside it.
 */
const MOST_PAGES = 64;

/**
 * Writes that come in the same turn of the event loop, in one transaction and in their order: a sync of the disk takes as long
 * for four as for one. A write is on the disk before its promise is kept, as if it were alone.
 */
export function groupedWrites(database: Database): <T>(write: Write<T>) => Promise<T> {
  let waiting: Waiting[] = [];
  let last = Number.NEGATIVE_INFINITY;
  const commit = () => {
    const group = waiting;
    waiting = [];
    const areMany = performance.now() - last < CLOSELY;
    if (areMany) database.pragma(`wal_autocheckpoint = ${MOST_PAGES}`);
    commitGroup(database, group);
    if (areMany) database.pragma('wal_autocheckpoint = 1');
    last = performance.now();
  };
  return <T>(write: Write<T>) =>
    new Promise<T>((resolve, reject) => {
      if (waiting.length === 0) setImmediate(commit);
      waiting.push({ ...write, resolve, reject } as Waiting);
    });
}

function commitGroup(database: Database, group: readonly Waiting[]): void {
  const allowed = group.filter(allowedBy(database));
  try {
    const ends = transaction(database, () => allowed.map((write) => endOf(database, write)));
    if (ends.some((end, at) => 'result' in end && allowed[at]?.tells?.(end.result) === true)) {
      noteKnownLedger(database);
    }
    noteOwnWrite(database);
    for (const [at, end] of ends.entries()) {
      if ('result' in end) allowed[at]?.resolve(end.result);
      else allowed[at]?.reject(end.lost);
    }
  } catch (error) {
    // Nothing of it was written.
    for (const { reject } of allowed) reject(error);
  }
}

/** Looks once at what several require; who is not allowed is told so, and does not hinder the others. */
function allowedBy(database: Database): (write: Waiting) => boolean {
  const faults = new Map<Write<unknown>['requires'], unknown>();
  return ({ requires, reject }) => {
    if (!faults.has(requires))
      faults.set(
        requires,
        thrownBy(() => requires(database)),
      );
    const fault = faults.get(requires);
    if (fault !== undefined) reject(fault);
    return fault === undefined;
  };
}

/** Who has lost the lease has written nothing, and is the only one that hears of it. */
function endOf(database: Database, { owner, act }: Waiting): { readonly result: unknown } | { readonly lost: unknown } {
  const lost = owner === undefined ? undefined : thrownBy(() => requireLease(database, owner));
  if (lost instanceof LeaseLostError) return { lost };
  if (lost !== undefined) throw lost;
  return { result: act() };
}

function thrownBy(act: () => unknown): unknown {
  try {
    act();
    return undefined;
  } catch (error) {
    return error;
  }
}
