import type { App } from '../app/app.ts';
import { commandLine } from '../message/command-line.ts';
import { date } from '../message/format.ts';
import type { Signal } from '../signal/signal.ts';
import type { Hole } from '../store/closes.ts';

/**
 * Where the history of a signal's index lacks so much that no event of it can be told. Yahoo has what the earlier records were
 * joined to; a file may begin where it likes.
 */
export function holeOf(
  { closes, source }: Pick<App, 'closes' | 'source'>,
  { index, beforeHistory }: Signal,
): Hole | undefined {
  const begin = closes.first(index);
  const until = beforeHistory?.until;
  const isLate =
    source.name === 'yahoo' && begin !== undefined && until !== undefined && closes.exchange(index).isGap(until, begin);
  return closes.hole(index) ?? (isLate ? { after: until, before: begin } : undefined);
}

/** A record in the missing years would be unknown, and what comes after them look like the first one. */
export function notWhole({ title, index }: Signal, { after, before }: Hole): string {
  return (
    `${title}: the history of ${index} has a hole: nothing is stored between ${date(after)} and ${date(before)}. Until it is ` +
    `filled, no event is announced. The next run asks for it again; ${commandLine('import')} fills it by hand`
  );
}
