import type { App } from '../app/app.ts';
import { runningDaemon } from '../app/lease.ts';
import { isDead, isNeighbour } from '../app/this-process.ts';
import { ruleDifference } from '../settings/rules.ts';
import type { Daemon, Run } from '../store/runs.ts';
import { nextCheck } from './schedule.ts';
import { currentTroubles } from './troubles.ts';

/** Who watches, and what is wrong. Instants are ISO. */
export interface Watching {
  readonly daemon: { readonly pid: number; readonly host: string; readonly startedAt: string } | null;
  /** The other daemons, which take over where that one is gone. */
  readonly standbys: readonly Standby[];
  /** The newest run of any command; null before the first. */
  readonly lastRun: Run | null;
  /** When a daemon looks next. */
  readonly nextRun: string;
  /** Titles of what is wrong now. */
  readonly troubles: readonly string[];
}

export interface Standby {
  readonly pid: number;
  readonly host: string;
  readonly seenAt: string;
  /** The setting in which it differs from the leader, so that it does not take over; absent: in none. */
  readonly differs?: string;
}

/** A daemon whose process cannot be seen, and that has not been heard of for so long, is gone, in milliseconds. */
const HEARD_MS = 5 * 60_000;

function lives({ ledger, now }: Pick<App, 'ledger' | 'now'>, daemon: Daemon): boolean {
  if (ledger.leaderLeaseMs !== undefined) return !daemon.gone;
  return isNeighbour(daemon) ? !isDead(daemon) : Math.abs(now() - Date.parse(daemon.seenAt)) < HEARD_MS;
}

/** Reads it from the ledger. */
export async function watchOf(app: App): Promise<Watching> {
  const { ledger, settings, now } = app;
  const daemon = await runningDaemon(app);
  // One that has died keeps others from leading too, as long as their rules differ from its own.
  const leader = daemon ?? (await ledger.daemon());
  return {
    daemon: daemon === undefined ? null : { pid: daemon.pid, host: daemon.host, startedAt: daemon.startedAt },
    standbys: (await ledger.instances())
      .filter((one) => one.id !== leader?.id && lives(app, one))
      .map((one) => standbyOf(one, leader)),
    lastRun: (await ledger.lastRun()) ?? null,
    nextRun: new Date(nextCheck(settings.schedule.checks, now())).toISOString(),
    troubles: (await currentTroubles(app)).map(({ title }) => title),
  };
}

function standbyOf({ pid, host, seenAt, rules }: Daemon, leader: Daemon | undefined): Standby {
  const differs = rules && leader?.rules && ruleDifference(rules, leader.rules);
  return { pid, host, seenAt, ...(differs && { differs }) };
}
