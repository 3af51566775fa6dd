import { randomUUID } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import type { LeaseOwner } from '../store/lease-owner.ts';

/** This process under a new name: for one run, or for as long as the daemon lives. */
export function thisProcess(): LeaseOwner {
  const started = processStart(process.pid);
  const place = placeOfPids();
  const processStarted = started === null || place === null ? null : `${started} ${place}`;
  return { id: randomUUID(), host: hostname(), pid: process.pid, processStarted };
}

/**
 * True when an owner surely is no more: its process has ended, or its pid belongs to another process now. That can be told
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

/** True where the pids of an owner are those that this process sees. */
export function isNeighbour({ host, processStarted }: LeaseOwner): boolean {
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
