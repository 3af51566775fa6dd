import { randomUUID } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fsyncSync,
  lstatSync,
  openSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { threadId } from 'node:worker_threads';
import { readRegularFile } from '../../market/regular-file.ts';
import { commandLine } from '../../message/command-line.ts';
import { DatabaseError } from '../errors.ts';
import type { Database } from './database.ts';
import { type LedgerMark, ledgerMark } from './database-file.ts';
import { prepared } from './prepared.ts';
import { markRestored, restoredAt } from './restored.ts';

/** Which ledger is kept in a place. */
interface KnownLedger extends LedgerMark {
  /** Where it goes on since it was moved into a PostgreSQL, as messages name it. */
  readonly moved?: string;
}

/**
 * The file beside a database that says which ledger is kept there: without it a lost one would silently begin anew. Beside
 * the file itself, whatever link leads to it.
 */
export function knownLedgerPath(databasePath: string): string {
  return `${realPath(databasePath)}.known`;
}

/** True where a ledger was kept, and its file is not there any more, or is empty. To be asked before one is made. */
export function isLedgerLost(path: string): boolean {
  if (path === ':memory:' || readKnown(path) === undefined) return false;
  return (statSync(path, { throwIfNoEntry: false })?.size ?? 0) === 0;
}

/**
 * Compares a database that was just opened with the ledger that was kept in its place, and notes it. Where it is another one,
 * a new one or an older copy, it goes on as a copy that was put back: what it does not know of may have been told, and says so.
 * So it does where nobody can read any more which one was kept.
 * @param lost true where it was made just now in the place of one that is gone
 * @param now epoch milliseconds
 * @returns what to tell a person; undefined where it is the same ledger
 */
export function acknowledgeLedger(database: Database, path: string, lost: boolean, now: number): string | undefined {
  if (path === ':memory:') return undefined;
  // Read first: what is noted is never ahead of what is stored.
  const known = readKnown(path);
  const id = "insert or ignore into facts (name, value) values ('ledger', ?)";
  if (ledgerMark(database) === undefined) prepared(database, id).run(randomUUID());
  const mark = ledgerMark(database);
  if (mark === undefined) return undefined;
  const isSame = known !== 'unreadable' && known?.ledger === mark.ledger;
  const isOther = known !== undefined && !(isSame && mark.told >= known.told);
  const failure = isSame && mark.told === known.told ? undefined : writeKnown(path, mark);
  const unnoted =
    failure &&
    `${knownLedgerPath(path)} cannot be written (${failure}): if ${path} were lost or swapped, nobody would notice, and an event could be announced twice. Free some space, or remove what is in its place.`;
  // What cannot be replaced either is in the way of every run, and must not make a repeat of everything each time.
  const again = known === 'unreadable' && failure !== undefined && restoredAt(database) !== undefined;
  if (!isOther || again) return unnoted;
  markRestored(database, new Date(now).toISOString());
  const what = lost
    ? `${path} was missing, so a new one was started`
    : known === 'unreadable'
      ? `${knownLedgerPath(path)} cannot be read, so it is not known whether ${path} is the ledger that was kept here`
      : `${path} is ${isSame ? 'an older copy of the ledger' : 'another ledger than the one'} that was kept here`;
  const cure = `To use the right one instead, restore it: ${commandLine('restore')} FILE.`;
  return [`${what}: messages that may have been sent since will say that they may be a repeat. ${cure}`, unnoted ?? []]
    .flat()
    .join(' ');
}

/**
 * Notes how far the ledger that is kept here has come. Only ever further: another one, or an older copy that was put over it,
 * must not become the one that is known without a word.
 */
export function noteKnownLedger(database: Database): void {
  const path = database.name;
  if (path === ':memory:') return;
  const known = readKnown(path);
  let mark: LedgerMark | undefined;
  try {
    mark = ledgerMark(database);
  } catch {
    // What nobody can read has not come any further; whoever reads or writes it next says why.
  }
  if (mark === undefined || known === 'unreadable') return;
  if (known !== undefined && (known.ledger !== mark.ledger || known.told >= mark.told)) return;
  // Told where it is opened; what is decided is sent all the same.
  writeKnown(path, mark);
}

/**
 * Notes that the ledger goes on elsewhere: from now on nobody begins one in its place, nor goes on in the file.
 * @param to as messages name it
 * @returns why it could not be noted; undefined: it is
 */
export function noteMoved(path: string, { ledger, told }: LedgerMark, to: string): string | undefined {
  return writeKnown(path, { ledger, told, moved: to });
}

/**
 * What goes on in a PostgreSQL must not go on in a file too, by a process that was not told of `DATABASE_URL`: both would tell
 * one event.
 * @throws {DatabaseError}
 */
export function refuseMoved(path: string): void {
  const known = path === ':memory:' ? undefined : readKnown(path);
  if (known === undefined || known === 'unreadable' || known.moved === undefined) return;
  throw new DatabaseError(
    `the ledger in ${path} was moved to PostgreSQL (${known.moved}) and is kept there now: set DATABASE_URL, so that nothing is sent twice. To go back to the file, stop every daemon, remove DATABASE_URL, and restore the copy in backups/: ${commandLine('restore')} FILE`,
  );
}

/** @returns why it could not be written; undefined: it is */
function writeKnown(path: string, mark: KnownLedger): string | undefined {
  const unfinished = `${knownLedgerPath(path)}.${process.pid}-${threadId}`;
  try {
    const file = openSync(unfinished, 'w');
    try {
      writeSync(file, `${JSON.stringify(mark)}\n`);
      // A power cut must not leave an empty one.
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(unfinished, knownLedgerPath(path));
    return undefined;
  } catch (error) {
    rmSync(unfinished, { force: true });
    return (error as Error).message;
  }
}

/** What was noted; undefined where nothing was, 'unreadable' where something was and cannot be read. */
function readKnown(path: string): KnownLedger | 'unreadable' | undefined {
  let text: string;
  try {
    text = String(readRegularFile(knownLedgerPath(path), 1));
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? undefined : 'unreadable';
  }
  try {
    const { ledger, told, moved } = JSON.parse(text) as Partial<KnownLedger>;
    if (typeof ledger !== 'string' || !Number.isSafeInteger(told)) return 'unreadable';
    return { ledger, told: told as number, ...(typeof moved === 'string' && { moved }) };
  } catch {
    return 'unreadable';
  }
}

/** Where a path leads to, also when nothing is there (any more). */
function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch (error) {
    // A ring of links, or a folder that is not to be looked into: opening it says so.
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') return path;
    const link = lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() ? readlinkSync(path) : undefined;
    if (link !== undefined) return realPath(resolve(dirname(path), link));
    const folder = dirname(path);
    return existsSync(folder) ? join(realpathSync(folder), basename(path)) : path;
  }
}
