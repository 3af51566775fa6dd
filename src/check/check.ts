import type { App } from '../app/app.ts';
import { bySourceClock, clockDoubt, mendStamps } from '../app/clock.ts';
import { type Skipped, withLease } from '../app/lease.ts';
import { deliver } from '../delivery/deliver.ts';
import { readClosesOfAll } from '../ingest/read.ts';
import type { Session } from '../market/close.ts';
import { SourceError } from '../market/source.ts';
import { instant } from '../message/format.ts';
import type { Decision } from '../store/events.ts';
import { decideSignal, holeOf, nothingStored, notWhole } from './decide.ts';
import { evaluate } from './evaluate.ts';
import { forgottenChannels, forgottenLines, rememberChannels } from './forgotten-channels.ts';
import { type Report, reportOf, type SignalReport } from './report.ts';
import { noteUntold } from './untold.ts';

export interface CheckOptions {
  /** Stores closes, but decides and sends nothing. */
  readonly dryRun: boolean;
  /** No network: decides, the folder delivers, other channels stay pending. */
  readonly offline: boolean;
  /** Cuts by session on current values. Goes with dryRun and offline. */
  readonly asOf?: Session;
  /** What the ledger calls this run. */
  readonly command: string;
}

/**
 * One check, end to end: source → closes → detect → study → message → delivery → channel. The decision and its
 * deliveries are written before anything is sent, so a crash at any point is repaired by running the same line again.
 */
export async function check(byMachine: App, options: CheckOptions): Promise<Report | Skipped> {
  const { settings, ledger } = byMachine;
  const { dryRun, offline, asOf, command } = options;
  return withLease(byMachine, command, async (owner, confirm) => {
    const reading = await readClosesOfAll(byMachine, offline);
    const problems = [...reading.problems];
    // Where the source has told another time, what is decided and stamped from here on is by that.
    const app = bySourceClock(byMachine);
    const doubt = clockDoubt(app);
    if (!dryRun) mendStamps(app);
    if (doubt?.sure) problems.push(`The clock of this machine is wrong: ${doubt.why}`);
    else if (app !== byMachine) {
      problems.push(
        `The clock of this machine is wrong: it says ${instant(byMachine.now())}, the source ${instant(app.now())}`,
      );
    }
    let isUnread = reading.problems.length > 0;
    const forgotten: string[] = [];
    if (asOf === undefined) {
      if (!dryRun) await rememberChannels(app);
      forgotten.push(...(await forgottenChannels(app)));
      problems.push(...forgottenLines(forgotten));
    }
    const states: SignalReport[] = [];
    const decisions: Decision[] = [];
    const newest: string[] = [];
    // One signal after another: the closes of a long watch list do not fit into memory together.
    for (const signal of settings.signals) {
      const verdict = await decideSignal(app, signal, { read: reading, asOf, dryRun, offline, forgotten });
      isUnread ||= verdict.unread === true;
      if (!dryRun && (verdict.untold ?? verdict.decision) !== undefined)
        noteUntold(app, signal.id, verdict.untold ?? null);
      states.push(...(verdict.state === undefined ? [] : [verdict.state]));
      newest.push(...(verdict.newest === undefined ? [] : [verdict.newest]));
      decisions.push(...(verdict.decision === undefined ? [] : [verdict.decision]));
      problems.push(...(verdict.problem === undefined ? [] : [verdict.problem]));
    }
    if (asOf !== undefined) return asOfReport(await reportOf(app, states, problems), newest, asOf);
    const fired = decisions.flatMap(firedBy);
    if (dryRun) return { ...(await reportOf(app, states, problems)), wouldFire: fired };

    // Reading may have taken long; only the holder decides.
    await confirm();
    await ledger.decide(...decisions);
    const tried = await deliver(app, { owner, offline });
    return {
      ...(await reportOf(app, states, problems, tried)),
      fired,
      ...(isUnread ? { unread: true as const } : {}),
    };
  });
}

/** The report of what is stored, without reading, deciding or sending anything. */
export async function status(app: App): Promise<Report> {
  const states: SignalReport[] = [];
  const problems: string[] = [];
  for (const signal of app.settings.signals) {
    try {
      const { state } = evaluate(app, signal).detection;
      if (state === undefined) problems.push(nothingStored(signal));
      else states.push({ signal: signal.id, ...state });
    } catch (error) {
      if (!(error instanceof SourceError)) throw error;
      problems.push(app.clean(`${signal.title}: ${error.message}`));
    }
    const hole = holeOf(app, signal);
    if (hole !== undefined) problems.push(notWhole(signal, hole));
  }
  problems.push(...forgottenLines(await forgottenChannels(app)));
  return reportOf(app, states, problems);
}

function firedBy({ messages }: Decision): string[] {
  return messages.flatMap(({ message, event }) => (message.kind === 'alert' && event !== null ? [event] : []));
}

/** What the newest session would have fired, and only the gaps that lie before it. */
function asOfReport(report: Report, wouldFire: readonly string[], asOf: Session): Report {
  const before = ({ session }: { session: Session }) => session <= asOf;
  return { ...report, wouldFire, held: report.held.filter(before), missing: report.missing.filter(before) };
}
