import type { App } from '../app/app.ts';
import { mendStamps } from '../app/clock.ts';
import { type Skipped, withLease } from '../app/lease.ts';
import { deliver } from '../delivery/deliver.ts';
import { publish } from '../delivery/publish.ts';
import { beginReminders } from './begin-reminders.ts';
import { decideSignal } from './decide.ts';
import type { Look } from './draft.ts';
import { forgottenChannels, forgottenLines, rememberChannels } from './forgotten-channels.ts';
import { readSource } from './read-source.ts';
import { type Report, reportOf } from './report.ts';
import { tellTogether } from './tell-together.ts';
import { noteUntold } from './untold.ts';
import { firedBy, problemsOf, statesOf, togetherBy, type Verdict } from './verdict.ts';

export interface CheckOptions {
  /** No network: a check decides, the folder delivers, other channels stay pending. */
  readonly offline: boolean;
  /** What the ledger calls this run. */
  readonly command: string;
}

/**
 * One check, end to end: source → closes → detect → study → message → delivery → channel. The decision and its
 * deliveries are written before anything is sent, so a crash at any point is repaired by running the same line again.
 */
export async function check(byMachine: App, { offline, command }: CheckOptions): Promise<Report | Skipped> {
  return withLease(byMachine, command, async (owner, confirm) => {
    const { app, read, problems } = await readSource(byMachine, { offline });
    await mendStamps(app);
    await rememberChannels(app);
    await beginReminders(app);
    const forgotten = await forgottenChannels(app);
    const verdicts = await decideAll(app, { read, offline, forgotten });
    const decisions = await tellTogether(
      app,
      verdicts.flatMap(({ decision }) => decision ?? []),
    );
    // Reading may have taken long; only the owner of the lease decides.
    await confirm();
    await app.ledger.decide(...decisions);
    const tried = await deliver(app, { owner, offline });
    if (!offline) await publish(app);

    const lines = [...problems, ...forgottenLines(forgotten), ...problemsOf(verdicts)];
    const isUnread = read.problems.length > 0 || verdicts.some(({ unread }) => unread);
    return {
      ...(await reportOf(app, statesOf(verdicts), lines, tried)),
      fired: firedBy(decisions),
      ...togetherBy(decisions),
      ...(isUnread ? { unread: true as const } : {}),
    };
  });
}

/** One signal after another: the closes of a long watch list do not fit into memory together. */
async function decideAll(app: App, look: Look): Promise<Verdict[]> {
  const verdicts: Verdict[] = [];
  for (const signal of app.settings.signals) {
    const verdict = await decideSignal(app, signal, look);
    // Of a signal that cannot be decided nothing new is known.
    if (verdict.untold !== undefined || verdict.decision !== undefined) {
      await noteUntold(app, signal.id, verdict.untold ?? null);
    }
    verdicts.push(verdict);
  }
  return verdicts;
}
