import { LeaseLostError } from '../store/errors.ts';
import { asOwner } from '../store/lease-owner.ts';
import type { Daemon } from '../store/runs.ts';
import type { App } from './app.ts';
import { tendFeed } from './tend-feed.ts';
import { isDead, isNeighbour, thisProcess } from './this-process.ts';

/** Another process holds the lease. */
export interface Skipped {
  readonly skipped: string;
}

/**
 * Runs `work` as the only process that evaluates and delivers, and notes the run in the ledger.
 * @param command what the ledger calls this run
 * @param work gets the owner's id, and `confirm`, which throws when a long sleep has cost the lease; what it decides and
 *   posts is written only while the lease is held
 * @returns why nothing was done, or not all: another process has the lease, or took over while this one slept
 */
export async function withLease<T extends object>(
  app: Pick<App, 'settings' | 'closes' | 'ledger' | 'source' | 'now' | 'host'>,
  command: string,
  work: (owner: string, confirm: () => Promise<void>) => Promise<T>,
): Promise<T | Skipped> {
  const { closes, ledger, now } = app;
  await ledger.requireContent();
  const owner = thisProcess();
  const other = await ledger.takeLease(owner, now(), isDead);
  if (other !== undefined) return { skipped: `another check is running (process ${other.pid} on ${other.host})` };
  const run = await ledger.beginRun(command, new Date(now()).toISOString());
  const prolong = setInterval(() => {
    // Whether it was lost is asked before every write.
    ledger.keepLease(owner.id, now()).catch(() => undefined);
  }, ledger.runLeaseMs / 4);
  let result: unknown = { problems: ['the run ended with an error'] };
  try {
    const confirm = async () => {
      await ledger.requireContent();
      await ledger.keepLease(owner.id, now());
    };
    await closes.refresh();
    const done = await asOwner(owner.id, () => work(owner.id, confirm));
    result = withoutSignals(done);
    // Whatever it has told is in the feed before the next run begins.
    await tendFeed(app);
    return done;
  } catch (error) {
    if (!(error instanceof LeaseLostError)) throw error;
    // Nothing was written since, and the other one goes on: nothing is wrong.
    result = { problems: [error.message] };
    return { skipped: error.message };
  } finally {
    clearInterval(prolong);
    await ledger.endRun(run, result, new Date(now()).toISOString(), owner.id);
  }
}

/** Where every signal of a long watch list stands can be seen again at any time, and is not kept of every run. */
function withoutSignals(result: object): object {
  const { signals: _, ...rest } = result as { signals?: unknown };
  return rest;
}

/** A daemon whose process cannot be seen, and that has not been heard of for so long, is taken for gone, in milliseconds. */
const NOT_SEEN_MS = 2 * 3_600_000;

/** The daemon that watches this database; undefined where none does. */
export async function runningDaemon({ ledger, now }: Pick<App, 'ledger' | 'now'>): Promise<Daemon | undefined> {
  const daemon = await ledger.daemon();
  if (daemon === undefined || daemon.gone || isDead(daemon)) return undefined;
  // By the clock of the database it has a lease, or is gone.
  if (ledger.leaderLeaseMs !== undefined) return daemon;
  return !isNeighbour(daemon) && Math.abs(now() - Date.parse(daemon.seenAt)) > NOT_SEEN_MS ? undefined : daemon;
}
