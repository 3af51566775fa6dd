import type { Logger } from 'pino';
import type { App } from '../app/app.ts';
import { thisProcess } from '../app/this-process.ts';
import { isToCome } from '../market/stamp.ts';

/** Starts within so long, in milliseconds … */
const LATELY_MS = 10 * 60_000;
/** … after which a process that keeps dying does nothing until the next time of the schedule. */
const TOO_MANY_STARTS = 5;

/** This daemon in the ledger. */
export interface Presence {
  /** Says that it lives. Never throws. */
  say(): Promise<void>;
  /** Takes it out: only a clean stop does. */
  end(): Promise<void>;
}

/** A daemon that starts now. */
export function createPresence({ ledger, now }: Pick<App, 'ledger' | 'now'>, log: Logger): Presence {
  const self = { ...thisProcess(), startedAt: new Date(now()).toISOString() };
  return {
    say: () =>
      ledger
        .daemonLives({ ...self, seenAt: new Date(now()).toISOString() })
        .catch((error: Error) => log.error({ err: error }, 'the ledger cannot be written')),
    end: () => ledger.daemonStopped(self.id),
  };
}

/** True where daemons of this ledger began lately, again and again, and none had a clean end. */
export async function isDyingAgainAndAgain({ ledger, now }: Pick<App, 'ledger' | 'now'>): Promise<boolean> {
  if ((await ledger.daemon()) === undefined) return false;
  const runs = await ledger.runs(new Date(now() - LATELY_MS).toISOString());
  const starts = runs.filter(({ command, startedAt }) => command === 'start' && !isToCome(startedAt, now()));
  return starts.length >= TOO_MANY_STARTS;
}
