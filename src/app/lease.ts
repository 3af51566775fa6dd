import { randomUUID } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { DatabaseGoneError, LeaseLostError } from '../store/errors.ts';
import { asOwner, LEASE_MS, type LeaseOwner } from '../store/lease-owner.ts';
import type { Daemon } from '../store/runs.ts';
import { contentFault } from '../store/sqlite/database-file.ts';
import { noteKnownLedger } from '../store/sqlite/known-ledger.ts';
import type { App } from './app.ts';

/** Another process holds the lease. */
export interface Skipped {
  readonly skipped: string;
}

/**
 * Runs `work` as the only process that evaluates and delivers, and notes the run in the ledger.
 * @param command what the ledger calls this run
 * @param work gets the holder's id, and `confirm`, which throws when a long sleep has cost the lease; what it decides and
 *   posts is written only while the lease is held
 * @returns why nothing was done, or not all: another process has the lease, or took over while this one slept
 */
export async function withLease<T extends object>(
  app: Pick<App, 'database' | 'ledger' | 'now'>,
  command: string,
  work: (owner: string, confirm: () => Promise<void>) => Promise<T>,
): Promise<T | Skipped> {
  const { ledger, database, now } = app;
  requireContent(app);
  const owner = thisProcess();
  const other = await ledger.takeLease(owner, now(), isDead);
  if (other !== undefined) return { skipped: `another check is running (process ${other.pid} on ${other.host})` };
  const run = await ledger.beginRun(command, new Date(now()).toISOString());
  const prolong = setInterval(() => {
    // Whether it was lost is asked before every write.
    ledger.keepLease(owner.id, now()).catch(() => undefined);
  }, LEASE_MS / 4);
  let result: unknown = { problems: ['the run ended with an error'] };
  try {
    const confirm = async () => {
      requireContent(app);
      await ledger.keepLease(owner.id, now());
    };
    const done = await asOwner(owner.id, () => work(owner.id, confirm));
    result = withoutSignals(done);
    return done;
  } catch (error) {
    if (!(error instanceof LeaseLostError)) throw error;
    // Nothing was written since, and the other one goes on: nothing is wrong.
    result = { problems: [error.message] };
    return { skipped: error.message };
  } finally {
    clearInterval(prolong);
    await ledger.endRun(run, result, new Date(now()).toISOString(), owner.id);
    noteKnownLedger(database);
  }
}

/**
 * Looks that the ledger is still the one that was opened, and no older copy was written over it.
 * @throws {DatabaseGoneError}
 */
export function requireContent({ database }: Pick<App, 'database'>): void {
  const fault = contentFault(database);
  if (fault !== undefined) throw new DatabaseGoneError(fault.why);
}

/** Where every signal of a long watch list stands can be seen again at any time, and is not kept of every run. */
function withoutSignals(result: object): object {
  const { signals: _, ...rest } = result as { signals?: unknown };
  return rest;
}

/** This process under a new name: for one run, or for as long as the daemon lives. */
export function thisProcess(): LeaseOwner {
  const started = processStart(process.pid);
  const place = placeOfPids();
  const processStarted = started === null || place === null ? null : `${started} ${place}`;
  return { id: randomUUID(), host: hostname(), pid: process.pid, processStarted };
}

/**
 * True when a holder surely is no more: its process has ended, or its pid belongs to another process now. That can be told
 * only within one boot and one pid namespace: two containers may have one hostname, and the pids of one say nothing in the
 * other. Of all others nothing is known but the lease's expiry.
 */
export function isDead(owner: LeaseOwner): boolean {
  if (!isNeighbour(owner)) return false;
  try {
    process.kill(owner.pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
  // Of a process of another user it may be hidden.
  const started = processStart(owner.pid);
  return started !== null && started !== owner.processStarted?.split(' ')[0];
}

/** True where the pids of a holder are those that this process sees. */
function isNeighbour({ host, processStarted }: LeaseOwner): boolean {
  const place = placeOfPids();
  return host === hostname() && place !== null && processStarted?.slice(processStarted.indexOf(' ') + 1) === place;
}

/** The boot and the pid namespace that this process is in; null where the system does not tell. */
function placeOfPids(): string | null {
  try {
    return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()} ${readlinkSync('/proc/self/ns/pid')}`;
  } catch {
    return null;
  }
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

/** A daemon whose process cannot be seen, and that has not been heard of for so long, is taken for gone, in milliseconds. */
const NOT_SEEN_MS = 2 * 3_600_000;

/** The daemon that watches this database; undefined where none does. */
export async function runningDaemon({ ledger, now }: Pick<App, 'ledger' | 'now'>): Promise<Daemon | undefined> {
  const daemon = await ledger.daemon();
  if (daemon === undefined || isDead(daemon)) return undefined;
  return !isNeighbour(daemon) && Math.abs(now() - Date.parse(daemon.seenAt)) > NOT_SEEN_MS ? undefined : daemon;
}
