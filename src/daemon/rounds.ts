import type { App } from '../app/app.ts';
import { newYorkDate } from '../market/new-york.ts';
import type { Leadership } from './leadership.ts';
import { isDatabaseFailure, warnPastLedger } from './ledger-failure.ts';
import type { Life } from './life.ts';
import type { Page } from './page.ts';
import type { Pulse } from './pulse.ts';
import { logRound } from './report-line.ts';
import { type RoundOptions, round } from './round.ts';

/** The rounds of a daemon, one after another: a slow one is waited for, not doubled. */
export interface Rounds {
  /** A standby makes none. @returns when this round, and all before it, are over */
  run(options: RoundOptions): Promise<void>;
  /** When all that were asked for are over. */
  over(): Promise<void>;
}

/** What rounds touch beside the app. */
interface Beside {
  readonly life: Life;
  readonly page: Page;
  readonly leadership: Leadership;
  readonly pulse: Pulse;
}

export function createRounds(app: App, { life, page, leadership, pulse }: Beside): Rounds {
  const { log, stopping } = life;
  let running: Promise<void> = Promise.resolve();
  let warnedOn = '';
  const turn = async (options: RoundOptions) => {
    const { why } = options;
    if (stopping.signal.aborted) return;
    life.during = why;
    if (app.ledger.fault() === undefined) await leadership.say();
    await page.open();
    if (leadership.role() === 'standby') {
      life.during = 'waiting';
      return pulse.ended(why, false);
    }
    const done = await round(app, options);
    // Nor has a check been made where the lease of a process that is gone was in the way: it is over in two minutes.
    pulse.ended(why, done.report?.unread ?? done.skipped !== undefined);
    logRound(log, why, done);
    const failure = done.errors.find(isDatabaseFailure);
    if (failure !== undefined && warnedOn !== newYorkDate(app.now())) {
      warnedOn = newYorkDate(app.now());
      await warnPastLedger(app, failure);
    }
    life.during = 'waiting';
    // The history that a check reads is garbage until the next one, hours later: the memory goes back now.
    globalThis.gc?.();
  };
  return {
    run: (options) => {
      pulse.begun();
      // Whoever calls may swallow an error, and no round would follow a failed one.
      running = running.then(() => turn(options)).catch(life.die);
      return running;
    },
    over: () => running,
  };
}
