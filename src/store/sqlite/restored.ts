import type { Database } from './database.ts';
import { prepared } from './prepared.ts';

/**
 * Turns a copy into what goes on from here: what it had still to send may have been sent since, and so may everything
 * that was due before `now` (ISO instant) and that it does not know of.
 */
export function markRestored(database: Database, now: string): void {
  database
    .transaction(() => {
      database.prepare("insert or replace into facts (name, value) values ('restored', ?)").run(now);
      database
        .prepare(
          `update deliveries set unknown_attempts = max(unknown_attempts, 1), claimed_by = null,
             state = iif(state = 'failed', state, 'unknown'),
             reason = iif(state = 'failed', reason, 'it may have been sent before the database was restored')
           where state <> 'sent'`,
        )
        .run();
      // Who held them when the copy was made is not there any more.
      database.prepare('delete from lease').run();
      database.prepare('delete from daemon').run();
      database.prepare('delete from instances').run();
    })
    .immediate();
}

/** When the database was last put back from a copy, ISO instant; undefined: never. */
export function restoredAt(database: Database): string | undefined {
  return prepared(database, "select value from facts where name = 'restored'").pluck().get() as string | undefined;
}
