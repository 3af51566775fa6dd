// The messages of PostgreSQL's protocol, version 3: https://www.postgresql.org/docs/current/protocol-message-formats.html

/** A statement, or several, that end with a commit. */
const COMMIT = /(?:^|;)\s*(?:commit|end)(?:\s+(?:work|transaction))?\s*;?\s*$/i;

/** ReadyForQuery outside a transaction: all that was asked is done. */
const READY = Buffer.from([0x5a, 0, 0, 0, 5, 0x49]);

/** Reads what a client says, in whatever pieces, and tells when it asks to commit. */
export class CommitWatch {
  #rest = Buffer.alloc(0);
  #isStarted = false;
  /** By name, '' among them: whether a statement that is prepared commits. */
  readonly #prepared = new Map<string, boolean>();

  /** @returns whether a request to commit has ended in this piece */
  sees(chunk: Buffer): boolean {
    this.#rest = Buffer.concat([this.#rest, chunk]);
    let found = false;
    for (;;) {
      // Until the client has said who it is, a message has no type.
      const head = this.#isStarted ? 1 : 0;
      if (this.#rest.length < head + 4) return found;
      const end = head + this.#rest.readInt32BE(head);
      if (this.#rest.length < end) return found;
      const [message, body] = [this.#rest.subarray(0, end), this.#rest.subarray(head + 4, end)];
      this.#rest = this.#rest.subarray(end);
      if (this.#isStarted) found = this.#commits(String.fromCharCode(message[0] ?? 0), body) || found;
      // Version 3 of the protocol; other numbers ask for encryption or cancel.
      else this.#isStarted = body.readUInt16BE(0) === 3;
    }
  }

  /** In the simple protocol the query itself; in the extended one the use of a statement that was parsed before. */
  #commits(type: string, body: Buffer): boolean {
    const [first = '', second = ''] = body.toString('latin1').split('\0');
    if (type === 'Q') return COMMIT.test(first);
    if (type === 'P') this.#prepared.set(first, COMMIT.test(second));
    return type === 'B' && this.#prepared.get(second) === true;
  }
}

/** True when what the server says has come to the end of a transaction. */
export function hasAnswer(said: Buffer): boolean {
  return said.includes(READY);
}
