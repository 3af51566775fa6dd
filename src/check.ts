import { deliver } from './channel/deliver.ts';
import { bySourceClock, clockDoubt, mendStamps } from './clock.ts';
import { decideSignal, holeOf, nothingStored, notWhole } from './decide.ts';
import { evaluate } from './evaluate.ts';
import { forgottenChannels, forgottenLines, rememberChannels } from './forgotten-channels.ts';
import { type Skipped, withLease } from './lease.ts';
import type { Session } from './market/close.ts';
import { SourceError } from './market/source.ts';
import { instant } from './message/format.ts';
import { readClosesOfAll } from './read-closes.ts';
import { type Report, reportOf, type SignalReport } from './report.ts';
import type { Decision } from './store/ledger.ts';
import { noteUntold } from './untold.ts';
import type { World } from './world.ts';

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
export async function check(byMachine: World, options: CheckOptions): Promise<Report | Skipped> {
  const { settings, ledger } = byMachine;
  const { dryRun, offline, asOf, command } = options;
  return withLease(byMachine, command, async (holder, confirm) => {
    const reading = await readClosesOfAll(byMachine, offline);
    const problems = [...reading.problems];
    // Where the source has told another time, what is decided and stamped from here on is by that.
    const world = bySourceClock(byMachine);
    const doubt = clockDoubt(world);
    if (!dryRun) mendStamps(world);
    if (doubt?.sure) problems.push(`The clock of this machine is wrong: ${doubt.why}`);
    else if (world !== byMachine) {
      problems.push(
        `The clock of this machine is wrong: it says ${instant(byMachine.now())}, the source ${instant(world.now())}`,
      );
    }
    let isUnread = reading.problems.length > 0;
    const forgotten: string[] = [];
    if (asOf === undefined) {
      if (!dryRun) await rememberChannels(world);
      forgotten.push(...(await forgottenChannels(world)));
      problems.push(...forgottenLines(forgotten));
    }
    const states: SignalReport[] = [];
    const decisions: Decision[] = [];
    const newest: string[] = [];
    // One signal after another: the closes of a long watch list do not fit into memory together.
    for (const signal of settings.signals) {
      const verdict = await decideSignal(world, signal, { read: reading, asOf, dryRun, offline, forgotten });
      isUnread ||= verdict.unread === true;
      if (!dryRun && (verdict.untold ?? verdict.decision) !== undefined)
        noteUntold(world, signal.id, verdict.untold ?? null);
      states.push(...(verdict.state === undefined ? [] : [verdict.state]));
      newest.push(...(verdict.newest === undefined ? [] : [verdict.newest]));
      decisions.push(...(verdict.decision === undefined ? [] : [verdict.decision]));
      problems.push(...(verdict.problem === undefined ? [] : [verdict.problem]));
    }
    if (asOf !== undefined) return asOfReport(await reportOf(world, states, problems), newest, asOf);
    const fired = decisions.flatMap(firedBy);
    if (dryRun) return { ...(await reportOf(world, states, problems)), wouldFire: fired };

    // Reading may have taken long; only the holder decides.
    await confirm();
    await ledger.decide(...decisions);
    const tried = await deliver({ ...world, holder, offline });
    return {
      ...(await reportOf(world, states, problems, tried)),
      fired,
      ...(isUnread ? { unread: true as const } : {}),
    };
  });
}

/** The report of what is stored, without reading, deciding or sending anything. */
export async function status(world: World): Promise<Report> {
  const states: SignalReport[] = [];
  const problems: string[] = [];
  for (const signal of world.settings.signals) {
    try {
      const { state } = evaluate(world, signal).detection;
      if (state === undefined) problems.push(nothingStored(signal));
      else states.push({ signal: signal.id, ...state });
    } catch (error) {
      if (!(error instanceof SourceError)) throw error;
      problems.push(world.clean(`${signal.title}: ${error.message}`));
    }
    const hole = holeOf(world, signal);
    if (hole !== undefined) problems.push(notWhole(signal, hole));
  }
  problems.push(...forgottenLines(await forgottenChannels(world)));
  return reportOf(world, states, problems);
}

function firedBy({ messages }: Decision): string[] {
  return messages.flatMap(({ message, event }) => (message.kind === 'alert' && event !== null ? [event] : []));
}

/** What the newest session would have fired, and only the gaps that lie before it. */
function asOfReport(report: Report, wouldFire: readonly string[], asOf: Session): Report {
  const before = ({ session }: { session: Session }) => session <= asOf;
  return { ...report, wouldFire, held: report.held.filter(before), missing: report.missing.filter(before) };
}
