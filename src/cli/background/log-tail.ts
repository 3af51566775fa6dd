import { closeSync, fstatSync, openSync, readSync, statSync } from 'node:fs';

/** So much of the end is read at most, in bytes, and so many lines are told. */
const LONGEST = 65_536;
const LINES = 10;

/** Where a log ends; 0 where there is none. */
export function endOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

/** What was written since; of very much the end. Empty where there is no such file. */
export function writtenSince(path: string, before: number): string {
  if (statSync(path, { throwIfNoEntry: false }) === undefined) return '';
  const file = openSync(path, 'r');
  try {
    const { size } = fstatSync(file);
    // A log that is shorter now was rotated meanwhile.
    const from = Math.max(before > size ? 0 : before, size - LONGEST);
    const bytes = Buffer.alloc(size - from);
    return bytes.toString('utf8', 0, readSync(file, bytes, 0, bytes.length, from));
  } finally {
    closeSync(file);
  }
}

/** The last lines of a log, as people read them. */
export function lastLines(text: string): string[] {
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .slice(-LINES)
    .map(lineShown);
}

/** A line of JSON as its words and its error's; any other as it is. */
function lineShown(line: string): string {
  try {
    const { time, msg, reason, err } = JSON.parse(line);
    const more = err?.message ?? reason;
    return [time, more === undefined ? msg : `${msg}: ${more}`].filter((part) => part !== undefined).join(' ');
  } catch {
    return line;
  }
}

/** Whether a daemon said in its log that it watches. */
export function saysWatching(text: string, pid: number): boolean {
  return text.includes(`"pid":${pid},`) && text.includes('"msg":"watching"');
}
