import type { App } from '../app/app.ts';
import { newYorkDate } from '../market/new-york.ts';
import { cleanWords } from '../message/clean-words.ts';
import { warningMessage } from '../message/warning.ts';
import { DatabaseError, DatabaseGoneError } from '../store/errors.ts';
import { explainDatabaseError } from '../store/sqlite/explain.ts';

/** True when the file itself cannot be used: damaged, unreadable, read-only, no room; deleted, moved or replaced. */
export function isDatabaseFailure(error: Error): boolean {
  if (error instanceof DatabaseGoneError) return true;
  return /^SQLITE_(CORRUPT|NOTADB|IOERR|FULL|READONLY|CANTOPEN)/.test((error as { code?: string }).code ?? '');
}

/**
 * The one warning that goes past the ledger, because the ledger itself does not work: to every channel, once a day. Its
 * id is the same all day, so that mail systems drop a second copy.
 */
export async function warnPastLedger(
  { channels, settings, now }: Pick<App, 'settings' | 'channels' | 'now'>,
  error: Error,
): Promise<void> {
  const trouble = {
    name: 'database',
    since: newYorkDate(now()),
    title: 'The database cannot be used: nothing is watched',
    text:
      `${cleanWords(error instanceof DatabaseError ? error.message : explainDatabaseError(error, settings.databasePath), settings.secrets)} Without it nothing can be stored or decided, and an ` +
      'event would be missed.',
    again: false,
    blocking: true,
    about: null,
  };
  const message = warningMessage(trouble, new Date(now()).toISOString());
  await Promise.all(
    channels.map((channel) => channel.send({ message, repeat: false, refersTo: null }).catch(() => {})),
  );
}
