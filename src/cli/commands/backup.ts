import type { App } from '../../app/app.ts';
import { realRuntime } from '../../app/runtime.ts';
import { backup } from '../../jobs/backup.ts';
import { restore } from '../../jobs/restore.ts';
import { commandLine } from '../../message/command-line.ts';
import { readSettings } from '../app.ts';
import { DONE, note, print } from '../output.ts';

/** Copies the database. */
export async function runBackup(app: Pick<App, 'settings' | 'database' | 'now'>): Promise<number> {
  print(`${backup(app)} is written and checked.`);
  return DONE;
}

/** Puts a copy in the place of the database, which nobody may have open. */
export async function runRestore(file: string): Promise<void> {
  const settings = await readSettings();
  const { until, kept } = await restore(settings, realRuntime(note), file);
  print(`${settings.databasePath} is restored; the newest thing it knows of is from ${until}.`);
  if (kept !== null) print(`What was there before is kept: ${kept}`);
  print(
    `Messages that may have been sent since say that they may be a repeat. Next: ${commandLine('check')}, or ${commandLine('daemon')}.`,
  );
}
