import { existsSync, readdirSync, readlinkSync } from 'node:fs';

/** The pid of another process that has a file open, where /proc tells it; undefined: none, or not known. */
export function openElsewhere(path: string): number | undefined {
  const pids = existsSync('/proc/self/fd') ? readdirSync('/proc').filter((name) => /^\d+$/.test(name)) : [];
  return pids.map(Number).find((pid) => pid !== process.pid && hasOpen(pid, path));
}

function hasOpen(pid: number, path: string): boolean {
  try {
    return readdirSync(`/proc/${pid}/fd`).some((fd) => readlinkOf(`/proc/${pid}/fd/${fd}`) === path);
  } catch {
    return false; // It has ended meanwhile, or belongs to somebody else.
  }
}

function readlinkOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}
