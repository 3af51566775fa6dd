import { hostname } from 'node:os';
import type { App } from '../app/app.ts';
import { newYorkDate } from '../market/new-york.ts';
import { cleanWords } from '../message/clean-words.ts';
import { warningMessage } from '../message/warning.ts';
import type { Settings } from '../settings/settings.ts';
import { DatabaseError, DatabaseGoneError, placeName } from '../store/errors.ts';
import { explainDatabaseError } from '../store/sqlite/explain.ts';

const UNUSABLE = 'Without it nothing can be stored or decided, and an event would be missed.';
const CUT_OFF =
  'Another host that can reach it takes over. If none can, nothing is stored or decided, and an event would be missed: check that the database is running.';

/** True when the file itself cannot be used: damaged, unreadable, read-only, no room; deleted, moved or replaced. */
export function isDatabaseFailure(error: Error): boolean {
  if (error instanceof DatabaseGoneError) return true;
  return /^SQLITE_(CORRUPT|NOTADB|IOERR|FULL|READONLY|CANTOPEN)/.test((error as { code?: string }).code ?? '');
}

/** A host that cannot reach the database of several. */
class CutOffError extends DatabaseError {
  override name = 'CutOffError';
}

/** What a standby says that cannot reach the database: whether another one can, it does not know. */
export function cutOff(settings: Pick<Settings, 'databasePath' | 'postgres'>): Error {
  return new CutOffError(`${hostname()} cannot reach the database ${placeName(settings)}.`);
}

/**
 * The one warning that goes past the ledger, because the ledger itself does not work: to every channel, once a day. Its
 * id is the same all day, so that mail systems drop a second copy.
 */
export async function warnPastLedger(
  { channels, settings, now }: Pick<App, 'settings' | 'channels' | 'now'>,
  error: Error,
): Promise<void> {
  const isCutOff = error instanceof CutOffError;
  const words = error instanceof DatabaseError ? error.message : explainDatabaseError(error, settings.databasePath);
  const trouble = {
    name: 'database',
    since: newYorkDate(now()),
    title: isCutOff
      ? `The database cannot be reached from ${hostname()}`
      : 'The database cannot be used: monitoring has stopped',
    text: `${cleanWords(words, settings.secrets)} ${isCutOff ? CUT_OFF : UNUSABLE}`,
    again: false,
    blocking: true,
    about: null,
  };
  const message = warningMessage(trouble, new Date(now()).toISOString());
  await Promise.all(
    channels.map((channel) => channel.send({ message, repeat: false, refersTo: null }).catch(() => {})),
  );
}
