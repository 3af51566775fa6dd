import { deliver } from './channel/deliver.ts';
import { evaluate } from './evaluate.ts';
import { forgottenChannels, forgottenLines, rememberChannels } from './forgotten-channels.ts';
import { type Skipped, withLease } from './lease.ts';
import type { Session } from './market/close.ts';
import { eventId } from './message/alert.ts';
import { type Fresh, readClosesOfAll } from './read-closes.ts';
import { type Evaluation, reconcile } from './reconcile.ts';
import { type Report, reportOf, type SignalReport } from './report.ts';
import type { Decision } from './store/ledger.ts';
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
export async function check(world: World, options: CheckOptions): Promise<Report | Skipped> {
  const { ledger } = world;
  const { dryRun, offline, asOf, command } = options;
  return withLease(world, command, async (holder, confirm) => {
    const reading = await readClosesOfAll(world, offline);
    const { evaluations, states, problems } = evaluateAll(world, reading.fresh, asOf);
    problems.unshift(...reading.problems);
    if (asOf !== undefined) return asOfReport(await reportOf(world, states, problems), evaluations, asOf);

    if (!dryRun) await rememberChannels(world);
    const forgotten = await forgottenChannels(world);
    problems.push(...forgottenLines(forgotten));
    const decisions: Decision[] = [];
    for (const evaluation of evaluations) {
      const { id, title } = evaluation.telling.signal;
      const record = await ledger.signal(id);
      if (record !== undefined && record.settings !== evaluation.settings) {
        world.progress(`${title}: the rule has changed; this run sets a new baseline and tells nothing that it finds`);
      }
      const channels = [...evaluation.channels, ...forgotten];
      decisions.push(reconcile({ ...evaluation, channels }, record));
    }
    const fired = decisions.flatMap(firedBy);
    if (dryRun) return { ...(await reportOf(world, states, problems)), wouldFire: fired };

    // Reading may have taken long; only the holder decides.
    await confirm();
    for (const decision of decisions) await ledger.decide(decision);
    const tried = await deliver({ ...world, holder, offline });
    return { ...(await reportOf(world, states, problems, tried)), fired };
  });
}

/** The report of what is stored, without reading, deciding or sending anything. */
export async function status(world: World): Promise<Report> {
  const { states, problems } = evaluateAll(world);
  problems.push(...forgottenLines(await forgottenChannels(world)));
  return reportOf(world, states, problems);
}

function evaluateAll(world: World, fresh?: Fresh, asOf?: Session) {
  const evaluations: Evaluation[] = [];
  const states: SignalReport[] = [];
  const problems: string[] = [];
  for (const signal of world.settings.signals) {
    const evaluation = evaluate(world, signal, fresh, asOf);
    const { state } = evaluation.detection;
    if (state === undefined) {
      problems.push(
        `${signal.title}: no closes of ${signal.index} are stored ${asOf ? `up to ${asOf}` : 'yet'}, so nothing can be evaluated`,
      );
    } else {
      evaluations.push(evaluation);
      states.push({ signal: signal.id, ...state });
    }
  }
  return { evaluations, states, problems };
}

function firedBy({ messages }: Decision): string[] {
  return messages.flatMap(({ message, event }) => (message.kind === 'alert' && event !== null ? [event] : []));
}

/** What the newest session would have fired, and only the gaps that lie before it. */
function asOfReport(report: Report, evaluations: readonly Evaluation[], asOf: Session): Report {
  const before = ({ session }: { session: Session }) => session <= asOf;
  return {
    ...report,
    wouldFire: evaluations.flatMap(({ telling, detection: { events, state } }) => {
      const newest = events.at(-1)?.session;
      return newest !== undefined && newest === state?.session ? [eventId(telling.signal.id, newest)] : [];
    }),
    held: report.held.filter(before),
    missing: report.missing.filter(before),
  };
}
