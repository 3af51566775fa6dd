/** Something that is wrong and was told. */
export interface OpenTrouble {
  readonly name: string;
  readonly since: string;
}

/** The newest look at a part that can fail: a kind of channel, its drill, the database, the backup. */
export interface Probe {
  readonly part: string;
  /** ISO instant. */
  readonly triedAt: string;
  /** When the failures began, ISO instant; null while it works. */
  readonly failingSince: string | null;
  /** What is wrong; null while it works. */
  readonly failure: string | null;
}
