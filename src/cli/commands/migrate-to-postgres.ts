import { realRuntime } from '../../app/runtime.ts';
import { migrateToPostgres } from '../../jobs/migrate-to-postgres.ts';
import { commandLine } from '../../message/command-line.ts';
import { count, plural } from '../../message/format.ts';
import { readSettings } from '../app.ts';
import { note, print } from '../output.ts';

/** Moves the SQLite file into the PostgreSQL that is set up. */
export async function runMigrateToPostgres(): Promise<void> {
  const { from, to, kept, contents } = await migrateToPostgres(await readSettings(), realRuntime(note));
  const { symbols, closes, events, messages, deliveries, runs } = contents;
  print(
    `Copied ${from} to ${to}: ${plural(symbols, 'symbol')} with ${count(closes)} closes, ${plural(events, 'event')}, ${plural(messages, 'message')} with ${count(deliveries)} ${deliveries === 1 ? 'delivery' : 'deliveries'}, ${plural(runs, 'run')}.`,
  );
  print('Checked: every row matches.');
  print(`The file is kept but no longer used: ${kept}`);
  print(
    `Set the same DATABASE_URL on every host, then: ${commandLine('daemon')}. Without it, a process here says so and does nothing.`,
  );
  print(
    `To go back, stop every daemon, remove DATABASE_URL, then: ${commandLine('restore')} ${kept}. Messages sent in the meantime may be sent again, marked as possible repeats.`,
  );
}
