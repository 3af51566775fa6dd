import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { DatabaseGoneError } from './store/database.ts';
import { contentFault } from './store/database-file.ts';
import { noteKnownLedger } from './store/known-ledger.ts';
import { type Daemon, type Holder, LEASE_MS } from './store/ledger.ts';
import type { World } from './world.ts';

/** The run slept so long that another process took its lease. */
class LeaseLostError extends Error {
  override name = 'LeaseLostError';
}

/** Another process holds the lease. */
export interface Skipped {
  readonly skipped: string;
}

/**
 * Runs `work` as the only process that evaluates and delivers, and notes the run in the ledger.
 * @param command what the ledger calls this run
 * @param work gets the holder's id, and `confirm`, which throws when a long sleep has cost the lease
 */
export async function withLease<T extends object>(
  world: World,
  command: string,
  work: (holder: string, confirm: () => Promise<void>) => Promise<T>,
): Promise<T | Skipped> {
  const { ledger, database, settings, now } = world;
  requireContent(world);
  const holder = thisProcess();
  const other = await ledger.takeLease(holder, now(), isDead);
  if (other !== undefined) return { skipped: `another check is running (process ${other.pid} on ${other.host})` };
  const run = await ledger.beginRun(command, new Date(now()).toISOString());
  const prolong = setInterval(() => {
    ledger.takeLease(holder, now(), isDead).catch(() => undefined);
  }, LEASE_MS / 4);
  let result: unknown = { problems: ['the run ended with an error'] };
  try {
    const done = await work(holder.id, async () => {
      requireContent(world);
      const other = await ledger.takeLease(holder, now(), isDead);
      if (other !== undefined) throw new LeaseLostError(`process ${other.pid} on ${other.host} took over; it goes on`);
    });
    result = withoutSignals(done);
    return done;
  } finally {
    clearInterval(prolong);
    await ledger.endRun(run, result, new Date(now()).toISOString(), holder.id);
    noteKnownLedger(database, settings.databasePath);
  }
}

/**
 * Looks that the ledger is still the one that was opened, and no older copy was written over it.
 * @throws {DatabaseGoneError}
 */
export function requireContent({ database }: Pick<World, 'database'>): void {
  const fault = contentFault(database);
  if (fault !== undefined) throw new DatabaseGoneError(fault.why);
}

/** Where every signal of a long watch list stands can be seen again at any time, and is not kept of every run. */
function withoutSignals(result: object): object {
  const { signals: _, ...rest } = result as { signals?: unknown };
  return rest;
}

/** This process under a new name: for one run, or for as long as the daemon lives. */
export function thisProcess(): Holder {
  return { id: randomUUID(), host: hostname(), pid: process.pid, processStarted: processStart(process.pid) };
}

/**
 * True when a holder surely is no more: its process on this host has ended, or its pid belongs to another
 * process now. Of another host nothing is known but the lease's expiry.
 */
export function isDead(holder: Holder): boolean {
  if (holder.host !== hostname()) return false;
  try {
    process.kill(holder.pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
  return holder.processStarted !== null && processStart(holder.pid) !== holder.processStarted;
}

/** The start time of a process in clock ticks since boot (field 22 of /proc/PID/stat); null where there is no /proc. */
function processStart(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null;
  } catch {
    return null;
  }
}

/** A daemon on another machine that has not been seen for so long is taken for gone, in milliseconds. */
const NOT_SEEN_MS = 2 * 3_600_000;

/** The daemon that watches this database; undefined where none does. */
export async function runningDaemon({ ledger, now }: Pick<World, 'ledger' | 'now'>): Promise<Daemon | undefined> {
  const daemon = await ledger.daemon();
  if (daemon === undefined || isDead(daemon)) return undefined;
  const elsewhere = daemon.host !== hostname();
  return elsewhere && Math.abs(now() - Date.parse(daemon.seenAt)) > NOT_SEEN_MS ? undefined : daemon;
}
