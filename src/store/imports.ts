import type { Session } from '../market/close.ts';
import type { KnownClose } from '../market/known-close.ts';

/** One session that an import brought. */
export interface ImportedClose {
  readonly session: Session;
  /** Index points as the file had them, accepted or held. */
  readonly close: number;
  /** What was known of the session before: a held value at most; null: nothing. */
  readonly before: KnownClose | null;
}

/** One import of closes from a file, so that it can be taken back. A symbol has one at an instant. */
export interface ImportNote {
  readonly symbol: string;
  /** When it was made, ISO instant. */
  readonly at: string;
  /** The file, as it was named. */
  readonly file: string;
  /** Ascending by session. */
  readonly closes: readonly ImportedClose[];
  /** When it was taken back, ISO instant; null: it stands. */
  readonly undoneAt: string | null;
}

/** What taking an import back changes. */
export interface TakenBack {
  /** The sessions that nothing is known of any more. */
  readonly removed: readonly Session[];
  /** What was known of the others before the import. */
  readonly restored: readonly KnownClose[];
  /** When, ISO instant. */
  readonly undoneAt: string;
}

/** What an import has to do with one session of its symbol. */
export interface ImportOfSession {
  /** When its close was imported, ISO instant; null: it does not come from an import that stands. */
  readonly importedAt: string | null;
  /** True where its close was imported and taken back. */
  readonly takenBack: boolean;
}

/** @param imports those of the symbol, newest first */
export function importOfSession(imports: readonly ImportNote[], session: Session): ImportOfSession {
  const [newest] = imports.filter(({ closes }) => closes.some((close) => close.session === session));
  return {
    importedAt: newest === undefined || newest.undoneAt !== null ? null : newest.at,
    takenBack: newest !== undefined && newest.undoneAt !== null,
  };
}
