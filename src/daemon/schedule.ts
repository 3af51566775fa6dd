import { type ScheduledTask, schedule } from 'node-cron';
import type { Logger } from 'pino';
import type { Settings } from '../settings/settings.ts';
import type { Rounds } from './rounds.ts';

/** A scheduled run that wakes up late is still wanted, in milliseconds. */
const WAKE_TOLERANCE = 60_000;

/** The rounds at the set times. */
export interface Schedule {
  /** Plans them anew: node-cron waits for the time that it has reckoned once, by a clock that was years ahead for years. */
  renew(): void;
  stop(): void;
}

/** Plans a round at each set time; at those of checks one that checks always. */
export function createSchedule({ checks, digest }: Settings['schedule'], log: Logger, run: Rounds['run']): Schedule {
  const times = [...new Set([...checks, digest.at])];
  const plan = (time: string): ScheduledTask => {
    const [hour, minute] = time.split(':').map(Number);
    const check = checks.includes(time) ? 'always' : 'when due';
    return schedule(`${minute} ${hour} * * *`, () => run({ why: `scheduled ${time}`, check }), {
      timezone: 'America/New_York',
      missedExecutionTolerance: WAKE_TOLERANCE,
      // Its own words would go to the console, beside the log.
      logger: log,
    });
  };
  let tasks = times.map(plan);
  const stop = () => {
    for (const task of tasks) void task.destroy();
  };
  return {
    renew: () => {
      stop();
      tasks = times.map(plan);
    },
    stop,
  };
}
