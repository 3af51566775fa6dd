import type { App } from '../../app/app.ts';
import { realRuntime } from '../../app/runtime.ts';
import { backup } from '../../jobs/backup.ts';
import { restore } from '../../jobs/restore.ts';
import { commandLine } from '../../message/command-line.ts';
import { instant } from '../../message/format.ts';
import { readSettings } from '../app.ts';
import { DONE, note, print } from '../output.ts';

/** Copies the database. */
export async function runBackup(app: Pick<App, 'settings' | 'database' | 'now'>): Promise<number> {
  print(`Backup written and checked: ${backup(app)}`);
  return DONE;
}

/** Puts a copy in the place of the database, which nobody may have open. */
export async function runRestore(file: string): Promise<void> {
  const settings = await readSettings();
  const { until, kept } = await restore(settings, realRuntime(note), file);
  print(`Restored ${settings.databasePath}; its newest entry is from ${instant(Date.parse(until))}.`);
  if (kept !== null) print(`The previous database is kept: ${kept}`);
  print(
    `Messages that may have gone out since then will say that they may be a repeat. Next: ${commandLine('check')}, or ${commandLine('daemon')}.`,
  );
}
