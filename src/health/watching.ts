import type { App } from '../app/app.ts';
import { runningDaemon } from '../app/lease.ts';
import type { Run } from '../store/runs.ts';
import { nextCheck } from './schedule.ts';
import { currentTroubles } from './troubles.ts';

/** Who watches, and what is wrong. Instants are ISO. */
export interface Watching {
  readonly daemon: { readonly pid: number; readonly host: string; readonly startedAt: string } | null;
  /** The newest run of any command; null before the first. */
  readonly lastRun: Run | null;
  /** When a daemon looks next. */
  readonly nextRun: string;
  /** Titles of what is wrong now. */
  readonly troubles: readonly string[];
}

/** Reads it from the ledger. */
export async function watchOf(app: App): Promise<Watching> {
  const { ledger, settings, now } = app;
  const daemon = await runningDaemon(app);
  return {
    daemon: daemon === undefined ? null : { pid: daemon.pid, host: daemon.host, startedAt: daemon.startedAt },
    lastRun: (await ledger.lastRun()) ?? null,
    nextRun: new Date(nextCheck(settings.schedule.checks, now())).toISOString(),
    troubles: (await currentTroubles(app)).map(({ title }) => title),
  };
}
