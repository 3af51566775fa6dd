import type { App } from '../app/app.ts';
import type { Life } from './life.ts';
import type { Pulse } from './pulse.ts';
import type { Rounds } from './rounds.ts';
import type { Schedule } from './schedule.ts';

const MINUTE_MS = 60_000;

/** What is looked at, and what follows. */
interface Beside {
  readonly life: Life;
  readonly pulse: Pulse;
  readonly schedule: Schedule;
  readonly run: Rounds['run'];
}

/**
 * Looks every minute whether the file of the database is still the one that was opened, and whether a round is due between
 * the times of the schedule.
 * @returns what ends it
 */
export function lookMinutely({ ledger }: Pick<App, 'ledger'>, { life, pulse, schedule, run }: Beside): () => void {
  let lost = ledger.fault();
  const minutely = setInterval(() => {
    const before = lost;
    lost = ledger.fault();
    if (lost?.reopen) {
      life.log.fatal({ reason: lost.why }, 'ending, so that the right database is opened at the next start');
      process.exit(1);
    }
    // Told at once; and gone on with at once.
    if (lost?.why !== before?.why) void run({ why: 'database file', check: 'when due' });
    const why = pulse.due();
    if (why === 'clock') schedule.renew();
    // What could not be read is read again, whatever is known.
    if (why !== undefined) void run({ why, check: why === 'hourly' ? 'when due' : 'always' });
  }, MINUTE_MS);
  return () => clearInterval(minutely);
}
