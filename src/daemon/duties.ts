import type { App } from '../app/app.ts';
import { withLease } from '../app/lease.ts';
import { publish, publishDue } from '../delivery/publish.ts';
import { probeParts } from '../health/probe.ts';
import { backup, isBackupDue } from '../jobs/backup.ts';
import { dueDrill, isDrillDue } from '../jobs/drill.ts';
import { cleanWords } from '../message/clean-words.ts';
import { BACKUP } from '../store/parts.ts';
import type { DutyLog } from './duty-log.ts';
import { postWhatIsDue, warnOfClock } from './post-due.ts';

/** What was done beside the check. */
export interface Done {
  /** The messages that were posted. */
  readonly posted: readonly string[];
  /** The path of the copy that was made. */
  readonly backup: string | undefined;
  readonly drilled: boolean;
}

/** The round so far. */
interface RoundSoFar {
  readonly why: string;
  /** True in a round with a check. */
  readonly checked: boolean;
}

export const NOTHING_DONE: Done = { posted: [], backup: undefined, drilled: false };

/** The duties beside the check, each where it is due: the daily tests, the weekly copy, the drill of the quarter, messages. */
export async function doWhatIsDue(app: App, soFar: RoundSoFar, { perform }: DutyLog): Promise<Done> {
  await perform('probe', () => probeParts(app));
  const copy = await perform('backup', () => backUpIfDue(app));
  const drilled = (await perform('drill', () => drillIfDue(app))) ?? false;
  const posted = (await perform('messages', () => postWhatIsDue(app, soFar))) ?? [];
  await perform('publish', () => publishIfDue(app, soFar));
  return { posted, backup: copy, drilled };
}

/** By a clock that is wrong nothing is due but the word that it is. */
export async function tellOfClock(app: App, { why }: RoundSoFar, { perform }: DutyLog): Promise<Done> {
  const posted = (await perform('messages', () => warnOfClock(app, why))) ?? [];
  return { ...NOTHING_DONE, posted };
}

/** What the check, and the messages since, have left to publish. */
async function publishIfDue(app: App, { why }: RoundSoFar): Promise<void> {
  if ((await publishDue(app)).length === 0) return;
  await withLease(app, `publish, ${why}`, async () => {
    await publish(app);
    return {};
  });
}

/** @returns the path of the copy; undefined: none was due */
async function backUpIfDue(
  app: Pick<App, 'settings' | 'database' | 'closes' | 'ledger' | 'now'>,
): Promise<string | undefined> {
  const { ledger, now } = app;
  if (!isBackupDue(app)) return undefined;
  const note = (failure: string | null) => ledger.probe(BACKUP, failure, new Date(now()).toISOString());
  try {
    const path = backup(app);
    await note(null);
    return path;
  } catch (error) {
    await note(cleanWords((error as Error).message, app.settings.secrets));
    throw error;
  }
}

/** @returns true where one was sent */
async function drillIfDue(app: App): Promise<boolean> {
  return (await isDrillDue(app)) && !('skipped' in (await dueDrill(app)));
}
