import type { App } from '../app/app.ts';
import { newYorkDate } from '../market/new-york.ts';
import type { Leadership } from './leadership.ts';
import { cutOff, isDatabaseFailure, warnPastLedger } from './ledger-failure.ts';
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

/** So often, and so many times, who takes over asks again for the lease of a run that may just have died, in milliseconds. */
const AGAIN_MS = 5_000;
const MOST_TIMES = 12;
/** A standby that cannot reach the database for so long says so, in milliseconds: nobody else may be watching either. */
const CUT_OFF_MS = 10 * 60_000;

export function createRounds(app: App, { life, page, leadership, pulse }: Beside): Rounds {
  const { log, stopping } = life;
  let running: Promise<void> = Promise.resolve();
  let warnedOn = '';
  const warn = async (failure: Error) => {
    if (warnedOn === newYorkDate(app.now())) return;
    warnedOn = newYorkDate(app.now());
    await warnPastLedger(app, failure);
  };
  /** Who takes over does not wait a minute for the lease of the one that is gone. */
  const roundOf = async (options: RoundOptions) => {
    let done = await round(app, options);
    for (let time = 1; options.why === 'takeover' && done.skipped !== undefined && time < MOST_TIMES; time++) {
      await app.host.sleep(AGAIN_MS);
      done = await round(app, options);
    }
    return done;
  };
  const turn = async (options: RoundOptions) => {
    const { why } = options;
    if (stopping.signal.aborted) return;
    life.during = why;
    if (app.ledger.fault() === undefined) await leadership.say();
    await page.open();
    if (leadership.role() === 'standby') {
      life.during = 'waiting';
      if (leadership.cutOffFor() > CUT_OFF_MS) await warn(cutOff(app.settings));
      return pulse.ended(why, leadership.cutOffFor() > 0);
    }
    const done = await roundOf(options);
    // Nor has a check been made where the lease of a process that is gone was in the way: it is over in two minutes.
    const isUnfinished = done.report?.unread ?? done.skipped !== undefined;
    pulse.ended(why, isUnfinished || (await isStillSending(app)));
    logRound(log, why, done);
    const failure = done.errors.find(isDatabaseFailure);
    if (failure !== undefined) await warn(failure);
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

/** True while something may still be on its way from a process that is gone: what became of it is known in minutes. */
async function isStillSending({ ledger }: Pick<App, 'ledger'>): Promise<boolean> {
  const unsent = await ledger.unsent().catch(() => []);
  return unsent.some(({ state }) => state === 'sending');
}
