import { randomUUID } from 'node:crypto';
import { readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import type { Database } from './database.ts';
import { type LedgerMark, ledgerMark } from './database-file.ts';
import { prepared } from './prepared.ts';
import { markRestored } from './restored.ts';

/** The file beside a database that says which ledger is kept there: without it a lost one would silently begin anew. */
export function knownLedgerPath(databasePath: string): string {
  return `${databasePath}.known`;
}

/** True where a ledger was kept, and its file is not there any more, or is empty. To be asked before one is made. */
export function isLedgerLost(path: string): boolean {
  if (path === ':memory:' || readKnown(path) === undefined) return false;
  return (statSync(path, { throwIfNoEntry: false })?.size ?? 0) === 0;
}

/**
 * Compares a database that was just opened with the ledger that was kept in its place, and notes it. Where it is another one,
 * a new one or an older copy, it goes on as a copy that was put back: what it does not know of may have been told, and says so.
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
  const isOther = known !== undefined && (known.ledger !== mark?.ledger || (mark?.told ?? 0) < known.told);
  if (isOther) markRestored(database, new Date(now).toISOString());
  noteKnownLedger(database, path);
  if (!isOther) return undefined;
  const what = lost
    ? `${path} was gone, and a new one begins`
    : `${path} is ${known.ledger === mark?.ledger ? 'an older copy of the ledger' : 'another ledger than the one'} that was kept here`;
  return `${what}: what may have been told since says that it may be a repeat. To go on with the right one instead, put it back: npm run restore FILE.`;
}

/** Notes which ledger is kept here and how far it has come. Where nothing can be written, the database itself will say so. */
export function noteKnownLedger(database: Database, path: string): void {
  const [known, mark] = [readKnown(path), ledgerMark(database)];
  if (path === ':memory:' || mark === undefined) return;
  if (known?.ledger === mark.ledger && known.told === mark.told) return;
  const unfinished = `${knownLedgerPath(path)}.${process.pid}`;
  try {
    writeFileSync(unfinished, `${JSON.stringify(mark)}\n`);
    renameSync(unfinished, knownLedgerPath(path));
  } catch {
    rmSync(unfinished, { force: true });
  }
}

function readKnown(path: string): LedgerMark | undefined {
  try {
    const { ledger, told } = JSON.parse(readFileSync(knownLedgerPath(path), 'utf8')) as Partial<LedgerMark>;
    return typeof ledger === 'string' && typeof told === 'number' ? { ledger, told } : undefined;
  } catch {
    return undefined;
  }
}
