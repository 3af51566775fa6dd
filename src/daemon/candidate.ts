import { isDead } from '../app/this-process.ts';
import type { Ledger } from '../store/ledger.ts';
import type { Daemon } from '../store/runs.ts';
import { type OtherRules, otherRules } from './other-rules.ts';

/** Where there are several, each says so often that it lives. One that is alone on a file writes nothing between its rounds. */
const SAY_MS = 15_000;
/** A leader that has been silent for so long, by the clock of who looks, is gone, or stopped: it writes nothing when it wakes. */
const SILENT_MS = 45_000;

/** A daemon as the ledger sees it: it says that it lives, looks who leads, and leads where nobody does. */
export interface Candidate {
  /** Says that it lives, and leads where no other one does. @returns the one that leads, or whose rules differ; undefined: this one */
  lead(): Promise<Daemon | undefined>;
  /** Looks who leads, and leads where that one is gone. @returns the one that leads; undefined: this one */
  look(): Promise<Daemon | undefined>;
  /** When this one last became the leader, or said again that it is, by the clock that nobody sets. */
  prolongedAt(): number;
  /** The daemon because of whose rules this one does not take over; undefined: it would. */
  refusedFor(): OtherRules | undefined;
}

/**
 * @param asSeen the daemon as it says of itself just now
 * @param monotonic a clock that nobody sets, milliseconds since any moment
 */
export function createCandidate(ledger: Ledger, asSeen: () => Daemon, monotonic: () => number): Candidate {
  const self = asSeen();
  const { leaderLeaseMs } = ledger;
  const sayMs = leaderLeaseMs === undefined ? SAY_MS : leaderLeaseMs / 3;
  const isGone = goneByDeathOrSilence(monotonic);
  let said = Number.NEGATIVE_INFINITY;
  let prolonged = monotonic();
  let leads = false;
  let refused: OtherRules | undefined;

  const say = async (): Promise<void> => {
    said = monotonic();
    await ledger.instanceLives(asSeen());
  };
  const compareRules = async (): Promise<void> => {
    refused = leads ? undefined : otherRules(self, await ledger.instances());
  };
  const lead = async (): Promise<Daemon | undefined> => {
    const began = monotonic();
    await say();
    await compareRules();
    if (refused !== undefined) return (await ledger.daemon()) ?? refused.daemon;
    const leader = await ledger.lead(asSeen(), isGone);
    leads = leader === undefined;
    if (leads) prolonged = began;
    return leader;
  };
  const isDue = async (): Promise<boolean> => {
    if (monotonic() - said < sayMs) return false;
    if (!leads || leaderLeaseMs !== undefined) return true;
    return (await ledger.instances()).some((one) => one.id !== self.id && !isDead(one));
  };
  const look = async (): Promise<Daemon | undefined> => {
    const leader = await ledger.daemon();
    leads = leader?.id === self.id;
    const due = await isDue();
    if (leader === undefined || (leads ? due || leader.gone : isGone(leader))) return lead();
    if (due) await say();
    // Said while the other one leads, not only once it is gone and nobody does.
    if (due) await compareRules();
    return leads ? undefined : leader;
  };
  return { lead, look, prolongedAt: () => prolonged, refusedFor: () => refused };
}

/** Tells whether a leader is no more: by its process or its lease where one can be seen, else by its silence. */
function goneByDeathOrSilence(monotonic: () => number): (leader: Daemon) => boolean {
  let heard: { readonly word: string; readonly at: number } | undefined;
  return (leader) => {
    if (leader.gone || isDead(leader)) return true;
    const word = `${leader.id} ${leader.seenAt}`;
    if (heard?.word !== word) heard = { word, at: monotonic() };
    return monotonic() - heard.at >= SILENT_MS;
  };
}
