import { type BigIntStats, realpathSync, statSync } from 'node:fs';
import type { Database } from 'better-sqlite3';
import SqliteDatabase from 'better-sqlite3';
import { commandLine } from '../../message/command-line.ts';
import type { LedgerFault } from '../ledger.ts';
import { prepared } from './prepared.ts';

/** What a path led to. */
interface Mark {
  readonly device: bigint;
  readonly inode: bigint;
  /** Another one once something is written there. */
  readonly state: string;
}

interface Opened {
  readonly path: string;
  /** Beside the file itself, whatever link leads to it. */
  readonly logPath: string;
  readonly file: Mark;
  /** The log beside it, from when it was first seen on. */
  log: Mark | undefined;
  /** What was last read of it. */
  mark?: LedgerMark | undefined;
  /** The state of both files when the content was last found to be right, */
  sound?: string | undefined;
  /** or after this process has written to them itself since. */
  own?: string | undefined;
}

/** Which ledger a database holds, and how far it has come. */
export interface LedgerMark {
  readonly ledger: string;
  /** Grows with everything that is decided to be told and with every attempt to tell it. */
  readonly told: number;
}

const opened = new WeakMap<Database, Opened>();
const GO_ON = 'Monitoring has stopped, and resumes by itself once it is back';

/** What a path leads to; undefined where there is nothing. Undefined too on systems that number no files. */
export function markOf(path: string): Mark | undefined {
  const stats: BigIntStats | undefined = statSync(path, { bigint: true, throwIfNoEntry: false });
  if (stats === undefined || stats.ino === 0n) return undefined;
  const { dev, ino, size, mtimeNs, ctimeNs } = stats;
  return { device: dev, inode: ino, state: `${size} ${mtimeNs} ${ctimeNs}` };
}

/**
 * Remembers which file a database has open.
 * @param before what its path led to before it was opened
 * @returns false where another file was put there meanwhile: which one is open nobody knows
 */
export function rememberFile(database: Database, path: string, before: Mark | undefined): boolean {
  const file = path === ':memory:' ? undefined : markOf(path);
  if (file === undefined) return true;
  if (before !== undefined && !isSame(before, file)) return false;
  const logPath = `${realpathSync(path)}-wal`;
  opened.set(database, { path, logPath, file, log: markOf(logPath) });
  return true;
}

/**
 * Compares the open file with what its path leads to now. SQLite keeps a file that was deleted, moved or replaced: it would go
 * on in one that nobody will ever open again. Undefined: they are the same.
 */
export function fileFault(database: Database): LedgerFault | undefined {
  const known = opened.get(database);
  if (known === undefined) return undefined;
  const { path, logPath, file } = known;
  let now: Mark | undefined;
  try {
    now = markOf(path);
  } catch (error) {
    return { why: `${path} cannot be accessed (${(error as Error).message}). ${GO_ON}.`, reopen: false };
  }
  if (now === undefined) {
    return { why: `${path} was deleted or moved while it was open, or its disk is gone. ${GO_ON}.`, reopen: false };
  }
  if (!isSame(file, now)) return otherFile(database, path);
  const log = markOf(logPath);
  known.log ??= log;
  if (known.log === undefined || (log !== undefined && isSame(known.log, log))) return undefined;
  return {
    why: `${logPath}, which belongs to the database, was deleted or replaced while it was open.`,
    reopen: true,
  };
}

/**
 * The same, and looks whether the content is that of an older copy, which was written over the file.
 * A look of its own: the open connection trusts what it has in memory. Where nothing was written since the last one, that one
 * holds: to open a file takes a hundred times as long as to look when it was written.
 */
export function contentFault(database: Database): LedgerFault | undefined {
  const fault = fileFault(database);
  const known = opened.get(database);
  if (fault !== undefined || known === undefined) return fault;
  const state = stateOf(known);
  if (state === known.sound) return undefined;
  const older = olderThan(lastMark(database), known.path, false);
  known.sound = older === undefined ? state : undefined;
  return older;
}

/** Notes that this process has just written to a file whose content was right. */
export function noteOwnWrite(database: Database): void {
  const known = opened.get(database);
  if (known?.sound !== undefined) known.own = stateOf(known);
}

/** The same as contentFault, but that what this process has written itself says nothing against the last look. */
export function faultSinceOwnWrite(database: Database): LedgerFault | undefined {
  const fault = fileFault(database);
  const known = opened.get(database);
  if (fault !== undefined || known === undefined) return fault;
  return known.own === stateOf(known) ? undefined : contentFault(database);
}

function stateOf({ path, logPath }: Opened): string {
  return `${markOf(path)?.state}, ${markOf(logPath)?.state}`;
}

function otherFile(database: Database, path: string): LedgerFault {
  const fault = olderThan(lastMark(database), path, true);
  return fault ?? { why: `${path} was replaced by another file with the same ledger while it was open.`, reopen: true };
}

/** Why a file is not the ledger that was open, as far as it had come; undefined: it is. */
function olderThan(mark: LedgerMark | undefined, path: string, replaced: boolean): LedgerFault | undefined {
  const what = replaced ? 'was replaced' : 'was written over';
  const cure = `Stop the daemon, and restore a copy with ${commandLine('restore')} FILE, so that nothing is sent twice unmarked`;
  let there: LedgerMark | undefined;
  let restored = false;
  try {
    const copy = new SqliteDatabase(path, { readonly: true, fileMustExist: true });
    try {
      there = ledgerMark(copy);
      restored = replaced && copy.prepare("select 1 from facts where name = 'restored'").get() !== undefined;
    } finally {
      copy.close();
    }
  } catch (error) {
    const { code, message } = error as Error & { code?: string };
    // Another process makes or locks it just now; or this one has no descriptor left, which says nothing of the file.
    if (code?.startsWith('SQLITE_BUSY') || (code?.startsWith('SQLITE_CANTOPEN') && !replaced)) return undefined;
    return {
      why: `${path} ${what} while it was open, by something that is not a ledger (${message}). ${cure}.`,
      reopen: false,
    };
  }
  // One that nobody has acknowledged yet has no name to be told by.
  if (mark === undefined && there === undefined && !replaced) return undefined;
  if (there !== undefined && there.ledger === mark?.ledger && (there.told >= mark.told || restored)) return undefined;
  const which = there !== undefined && there.ledger === mark?.ledger ? 'an older copy of it' : 'another database';
  return { why: `${path} ${what} by ${which} while it was open. ${cure}.`, reopen: false };
}

/** Which ledger a database holds; undefined in one that no version since has opened. */
export function ledgerMark(database: Database): LedgerMark | undefined {
  const rows = prepared(database, "select name, value from facts where name in ('ledger', 'told')").all() as {
    name: string;
    value: string;
  }[];
  const facts = new Map(rows.map(({ name, value }) => [name, value]));
  const ledger = facts.get('ledger');
  const mark = ledger === undefined ? undefined : { ledger, told: Number(facts.get('told') ?? 0) };
  const known = opened.get(database);
  if (known !== undefined) known.mark = mark;
  return mark;
}

/** The same, or what was read last: a file that was written over is no longer sound for whoever has it open. */
function lastMark(database: Database): LedgerMark | undefined {
  try {
    return ledgerMark(database);
  } catch {
    return opened.get(database)?.mark;
  }
}

function isSame(a: Mark, b: Mark): boolean {
  return a.device === b.device && a.inode === b.inode;
}
