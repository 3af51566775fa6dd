import type { App } from '../app/app.ts';
import { bySourceClock, clockDoubt, type Doubt, mendStamps, noteDoubt } from '../app/clock.ts';
import type { Skipped } from '../app/lease.ts';
import { check } from '../check/check.ts';
import type { Report } from '../check/report.ts';
import { beatEnd, beatNothingWatched, beatStart, whyNotWell } from './beat.ts';
import { isBehind } from './behind.ts';
import { type Done, doWhatIsDue, NOTHING_DONE, tellOfClock } from './duties.ts';
import { createDutyLog, type DutyLog } from './duty-log.ts';
import { postWhatIsDue } from './post-due.ts';

/** What a round is asked for. */
export interface RoundOptions {
  /** What the ledger calls the check. */
  readonly why: string;
  /** `always`: check even when the last session was evaluated already. */
  readonly check: 'always' | 'when due';
}

/** What one round of the daemon saw and did. */
export interface Round extends Done {
  /** The check; undefined where none was due. */
  readonly report: Report | undefined;
  /** Why the check did not run, where another process is at it. */
  readonly skipped: string | undefined;
  /** What did not work, a line each. */
  readonly problems: readonly string[];
  /** The errors that nobody expected. */
  readonly errors: readonly Error[];
}

/**
 * One round of the daemon: the check, then what is due beside it. Each duty asks the database whether it is due, so a
 * round may come at any time and any number of times. One that fails stops no other.
 */
export async function round(byMachine: App, { why, check: wanted }: RoundOptions): Promise<Round> {
  const dutyLog = createDutyLog(byMachine);
  const { perform, problems, errors } = dutyLog;
  const isThere = await perform('database', async () => {
    await byMachine.ledger.requireContent();
    return true;
  });
  if (isThere !== true) {
    // Neither is anything decided by a ledger that nobody else will open, nor told as if it were.
    await beatNothingWatched(byMachine, dutyLog);
    return { ...NOTHING_DONE, report: undefined, skipped: undefined, problems, errors };
  }
  await perform('closes', () => byMachine.closes.refresh());
  await perform('clock', () => mendStamps(byMachine));
  const due = wanted === 'always' || (await perform('is a check due', () => isBehind(byMachine))) === true;
  const { report, skipped } = due ? await checkNow(byMachine, why, dutyLog) : NO_CHECK;

  // The check has compared the clocks: what is due from here on is due by the one that is right.
  const app = await bySourceClock(byMachine);
  const doubt = await perform('clock', async () => {
    const found = await clockDoubt(app);
    await noteDoubt(byMachine, found);
    return found;
  });
  const isWhole = errors.length === 0;
  const doDuties = doubt === undefined ? doWhatIsDue : tellOfClock;
  const done = await doDuties(app, { why, checked: due }, dutyLog);

  const more = await tellHowItEnded(app, { why, doubt, skipped, isWhole }, dutyLog);
  return { ...done, posted: [...done.posted, ...more], report, skipped, problems, errors };
}

const NO_CHECK = { report: undefined, skipped: undefined } as const;

/** The check. Side by side with the word that it begins: a service that is slow to answer must not put it off. */
async function checkNow(app: App, why: string, dutyLog: DutyLog): Promise<Pick<Round, 'report' | 'skipped'>> {
  const [, result] = await Promise.all([
    beatStart(app, dutyLog),
    dutyLog.perform('check', () => check(app, { offline: false, command: why })),
  ]);
  if (result === undefined) return NO_CHECK;
  if (isSkipped(result)) return { report: undefined, skipped: result.skipped };
  dutyLog.problems.push(...result.problems);
  return { report: result, skipped: undefined };
}

function isSkipped(result: Report | Skipped): result is Skipped {
  return 'skipped' in result;
}

/** What the heartbeat is to know of a round. */
interface Ending {
  readonly why: string;
  readonly doubt: Doubt | undefined;
  readonly skipped: string | undefined;
  /** Nothing up to the check failed that nobody expected. */
  readonly isWhole: boolean;
}

/** Tells the heartbeat how the round ended. @returns the ids of the messages that were posted as that failed, or worked again */
async function tellHowItEnded(
  app: App,
  { why, doubt, skipped, isWhole }: Ending,
  dutyLog: DutyLog,
): Promise<readonly string[]> {
  const reason =
    doubt === undefined
      ? await dutyLog.perform('heartbeat', () => whyNotWell(app))
      : `The clock of this machine cannot be trusted: ${doubt.why}.`;
  const isWell = reason === null && isWhole;
  // While another process is at it, or this one is to stop, there is nothing to say.
  if (!isWell && (skipped !== undefined || app.host.stopping.aborted)) return [];
  const words = [reason ?? [], ...dutyLog.problems].flat().join('\n');
  const isNews = await beatEnd(app, isWell ? { signal: 'ok' } : { signal: 'fail', reason: words }, dutyLog);
  // The round has told of its troubles before the heartbeat failed, or worked again.
  if (!isNews || (await clockDoubt(app)) !== undefined) return [];
  return (await dutyLog.perform('messages', () => postWhatIsDue(app, { why, checked: false }))) ?? [];
}
