/** The database cannot be used as it is: one line that says why and what to do. */
export class DatabaseError extends Error {
  override name = 'DatabaseError';
}

/** The database holds closes of another source than the one that is set. */
export class OtherSourceError extends DatabaseError {
  override name = 'OtherSourceError';

  constructor(path: string, known: string, source: string) {
    super(
      `${path} holds closes of the source '${known}', but MARKET_SOURCE is '${source}'; set MARKET_SOURCE=${known}, or DATABASE_PATH to another file`,
    );
  }
}

/** The file that is open is not the one that others open, or its content is not what was written to it. */
export class DatabaseGoneError extends DatabaseError {
  override name = 'DatabaseGoneError';
}

/** The run does not hold the lease any more: its process slept, and another one went on meanwhile. */
export class LeaseLostError extends Error {
  override name = 'LeaseLostError';
}
