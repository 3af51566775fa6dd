/** The database cannot be used as it is: one line that says why and what to do. */
export class DatabaseError extends Error {
  override name = 'DatabaseError';
}

/** Nobody answers where the database should be: the same may succeed later. */
export class UnreachableError extends DatabaseError {
  override name = 'UnreachableError';
}

/** The database holds closes of another source than the one that is set. */
export class OtherSourceError extends DatabaseError {
  override name = 'OtherSourceError';

  constructor(ledger: LedgerPlace, known: string, source: string) {
    const other = ledger.postgres === undefined ? 'DATABASE_PATH to another file' : 'DATABASE_URL to another database';
    super(
      `${placeName(ledger)} contains closes from the source '${known}', but MARKET_SOURCE is '${source}'; set MARKET_SOURCE=${known}, or ${other}`,
    );
  }
}

/** Where a ledger is, as settings say. */
interface LedgerPlace {
  readonly databasePath: string;
  readonly postgres: { readonly shown: string } | undefined;
}

/** A ledger as messages name it. */
export function placeName({ databasePath, postgres }: LedgerPlace): string {
  return postgres?.shown ?? databasePath;
}

/** The file that is open is not the one that others open, or its content is not what was written to it. */
export class DatabaseGoneError extends DatabaseError {
  override name = 'DatabaseGoneError';
}

/** The run does not hold the lease any more: its process slept, and another one went on meanwhile. */
export class LeaseLostError extends Error {
  override name = 'LeaseLostError';
}
