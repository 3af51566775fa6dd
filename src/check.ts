import { deliver } from './channel/deliver.ts';
import { evaluate } from './evaluate.ts';
import { forgottenChannels, forgottenLines, rememberChannels } from './forgotten-channels.ts';
import { type Skipped, withLease } from './lease.ts';
import type { Session } from './market/close.ts';
import { eventId } from './message/alert.ts';
import { readClosesOfAll } from './read-closes.ts';
import { reconcile } from './reconcile.ts';
import { type Report, reportOf, type SignalReport } from './report.ts';
import type { Signal } from './signal/signal.ts';
import type { Hole } from './store/closes.ts';
import type { Decision } from './store/ledger.ts';
import { testimoniesOf } from './testify.ts';
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
  const { settings, ledger, progress } = world;
  const { dryRun, offline, asOf, command } = options;
  return withLease(world, command, async (holder, confirm) => {
    const reading = await readClosesOfAll(world, offline);
    const problems = [...reading.problems];
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
      const evaluation = evaluate(world, signal, reading.fresh, asOf);
      const { state, events } = evaluation.detection;
      if (state === undefined) {
        problems.push(nothingStored(signal, asOf));
        continue;
      }
      states.push({ signal: signal.id, ...state });
      if (events.at(-1)?.session === state.session) newest.push(eventId(signal.id, state.session));
      if (asOf !== undefined) continue;
      const hole = world.closes.hole(signal.index);
      if (hole !== undefined) {
        problems.push(notWhole(signal, hole));
        continue;
      }
      const record = await ledger.signal(signal.id);
      if (record !== undefined && record.settings !== evaluation.settings) {
        progress(`${signal.title}: the rule has changed; this run sets a new baseline and tells nothing that it finds`);
      }
      const given = { ...evaluation, channels: [...evaluation.channels, ...forgotten] };
      const decision = reconcile(given, record);
      const testimonies = dryRun ? undefined : await testimoniesOf(world, signal, decision, offline);
      decisions.push(testimonies?.size ? reconcile({ ...given, testimonies }, record) : decision);
    }
    if (asOf !== undefined) return asOfReport(await reportOf(world, states, problems), newest, asOf);
    const fired = decisions.flatMap(firedBy);
    if (dryRun) return { ...(await reportOf(world, states, problems)), wouldFire: fired };

    // Reading may have taken long; only the holder decides.
    await confirm();
    await ledger.decide(...decisions);
    const tried = await deliver({ ...world, holder, offline });
    return { ...(await reportOf(world, states, problems, tried)), fired };
  });
}

/** The report of what is stored, without reading, deciding or sending anything. */
export async function status(world: World): Promise<Report> {
  const states: SignalReport[] = [];
  const problems: string[] = [];
  for (const signal of world.settings.signals) {
    const { state } = evaluate(world, signal).detection;
    if (state === undefined) problems.push(nothingStored(signal));
    else states.push({ signal: signal.id, ...state });
    const hole = world.closes.hole(signal.index);
    if (hole !== undefined) problems.push(notWhole(signal, hole));
  }
  problems.push(...forgottenLines(await forgottenChannels(world)));
  return reportOf(world, states, problems);
}

function nothingStored({ title, index }: Signal, asOf?: Session): string {
  return `${title}: no closes of ${index} are stored ${asOf ? `up to ${asOf}` : 'yet'}, so nothing can be evaluated`;
}

/** A record in the missing years would be unknown, and what comes after them look like the first one. */
export function notWhole({ title, index }: Signal, { after, before }: Hole): string {
  return (
    `${title}: the history of ${index} is not whole, nothing is stored between ${after} and ${before}; until it is, no event ` +
    'is told. The next run asks for it again; npm run import fills it by hand'
  );
}

function firedBy({ messages }: Decision): string[] {
  return messages.flatMap(({ message, event }) => (message.kind === 'alert' && event !== null ? [event] : []));
}

/** What the newest session would have fired, and only the gaps that lie before it. */
function asOfReport(report: Report, wouldFire: readonly string[], asOf: Session): Report {
  const before = ({ session }: { session: Session }) => session <= asOf;
  return { ...report, wouldFire, held: report.held.filter(before), missing: report.missing.filter(before) };
}
