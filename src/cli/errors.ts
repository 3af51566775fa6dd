import { databasePath } from './app.ts';
import { BAD_CALL, DID_NOT_WORK, DONE, note, printJson, withoutSecrets } from './output.ts';

/** There is nothing to answer from. */
export class NothingError extends Error {
  override name = 'NothingError';
}

/**
 * The errors whose message says all that its reader needs, each with the exit code; of any other the stack is shown. They
 * are known by name, as loading their classes would load half the program.
 */
export const TOLD_IN_A_LINE: ReadonlyMap<string, number> = new Map([
  ['CallError', BAD_CALL],
  ['SettingsError', BAD_CALL],
  ['OtherSourceError', BAD_CALL],
  ['NothingError', DID_NOT_WORK],
  ['DatabaseError', DID_NOT_WORK],
  ['UnreachableError', DID_NOT_WORK],
  ['DatabaseGoneError', DID_NOT_WORK],
  ['DamagedError', DID_NOT_WORK],
  ['BackupError', DID_NOT_WORK],
  ['SourceError', DID_NOT_WORK],
  ['BackgroundError', DID_NOT_WORK],
]);

/** Says why a call failed: on standard error, and with `json` as the one document on standard output. Gives the exit code. */
export async function tellError(
  error: Error & { readonly exitCode?: number },
  { json }: { readonly json: boolean },
): Promise<number> {
  // commander has printed its own errors, and help is none.
  if (error.name === 'CommanderError') {
    if (error.exitCode === 0) return DONE;
    if (json) printJson({ error: withoutSecrets(error.message.replace(/^error: /, '')) });
    return BAD_CALL;
  }
  const text = await textOf(error);
  note(text);
  if (json) printJson({ error: withoutSecrets(text) });
  return TOLD_IN_A_LINE.get(error.name) ?? DID_NOT_WORK;
}

async function textOf(error: Error): Promise<string> {
  if (error.name === 'SqliteError') {
    const { explainDatabaseError } = await import('../store/sqlite/explain.ts');
    return explainDatabaseError(error, databasePath());
  }
  return TOLD_IN_A_LINE.has(error.name) ? error.message : String(error.stack);
}
