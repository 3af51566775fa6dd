import type { Channel } from '../channel/channel.ts';
import type { Source } from '../market/source.ts';
import type { Witness } from '../market/witness.ts';
import type { Message, Picture } from '../message/message.ts';
import type { Settings } from '../settings/settings.ts';
import type { ClosesStore } from '../store/closes.ts';
import type { Ledger } from '../store/ledger.ts';
import type { Database } from '../store/sqlite/database.ts';

/** Everything that a command works with. Clock, randomness and network come in here and nowhere else. */
export interface App {
  readonly settings: Settings;
  /** The SQLite file, for copies; undefined where the ledger is in PostgreSQL. */
  readonly database: Database | undefined;
  readonly closes: ClosesStore;
  readonly ledger: Ledger;
  readonly source: Source;
  /** Asked where much hangs on one close; undefined: no second source is set up. */
  readonly witness: Witness | undefined;
  readonly channels: readonly Channel[];
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Draws the pictures beside a message; never throws. Undefined where they cannot be drawn. */
  readonly draw: (message: Message) => Promise<readonly Picture[] | undefined>;
  readonly host: Host;
  close(): void;
}

/** The process that all this runs in, and its machine. */
export interface Host {
  /** In milliseconds; ends early where the process is to stop. */
  readonly sleep: (ms: number) => Promise<void>;
  /** Aborted once the process is told to stop: nothing new is begun. */
  readonly stopping: AbortSignal;
  /** Tells a person what takes a while. */
  readonly progress: (line: string) => void;
  /** Bytes that are free where a file or folder lies. */
  readonly freeBytes: (path: string) => Promise<number>;
}
