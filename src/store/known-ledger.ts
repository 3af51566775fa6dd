import { randomUUID } from 'node:crypto';
import { readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { type Database, DatabaseError } from './database.ts';
import { type LedgerMark, ledgerMark } from './database-file.ts';
import { prepared } from './prepared.ts';

/** The file beside a database that says which ledger was kept there: without it a lost one would silently begin anew. */
export function knownLedgerPath(databasePath: string): string {
  return `${databasePath}.known`;
}

/**
 * Refuses to make a new database where a ledger was kept: its first run could tell an event that was told.
 * @throws {DatabaseError}
 */
export function refuseLostLedger(path: string): void {
  if (path === ':memory:' || readKnown(path) === undefined) return;
  if ((statSync(path, { throwIfNoEntry: false })?.size ?? 0) > 0) return;
  throw new DatabaseError(
    `${path} is not there, or empty, but a ledger was kept in it. Put the file back, or a copy: npm run restore FILE. ` +
      `To begin anew, which may tell an event again, delete ${knownLedgerPath(path)}.`,
  );
}

/**
 * Refuses another ledger than the one that was kept here, or an older copy that does not say so; then notes it.
 * @throws {DatabaseError}
 */
export function refuseOtherLedger(database: Database, path: string): void {
  if (path === ':memory:') return;
  const id = "insert or ignore into facts (name, value) values ('ledger', ?)";
  if (ledgerMark(database) === undefined) prepared(database, id).run(randomUUID());
  const [known, mark] = [readKnown(path), ledgerMark(database)];
  if (known !== undefined && mark !== undefined && (known.ledger !== mark.ledger || mark.told < known.told)) {
    const which = known.ledger === mark.ledger ? 'an older copy of the ledger' : 'another ledger than the one';
    throw new DatabaseError(
      `${path} is ${which} that was kept here: what it does not know of would be told again. Put it back as a copy, then what ` +
        `may be a repeat says so: npm run restore FILE (${path} itself will do). Or delete ${knownLedgerPath(path)} to trust it as it is.`,
    );
  }
  noteKnownLedger(database, path);
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
