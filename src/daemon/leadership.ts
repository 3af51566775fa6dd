import type { Logger } from 'pino';
import type { App } from '../app/app.ts';
import { isDead, thisProcess } from '../app/this-process.ts';
import type { Instance } from '../dashboard/instance.ts';
import type { Daemon } from '../store/runs.ts';

/** Every daemon looks so often who leads, in milliseconds. */
const LOOK_MS = 5_000;
/** Where there are several, each says so often that it lives. One that is alone writes nothing between its rounds. */
const SAY_MS = 15_000;
/** A leader that has been silent for so long, by the clock of who looks, is gone, or stopped: it writes nothing when it wakes. */
const SILENT_MS = 45_000;

/** Which of the daemons of one ledger acts: one leads, the others look and wait. */
export interface Leadership extends Instance {
  /** Looks for the first time, and goes on until `end`. @returns the role that it begins with */
  begin(): Promise<Role>;
  /** Says that it lives, as every round does. Never throws. */
  say(): Promise<void>;
  /** Takes it out: only a clean stop does. Another one leads within seconds. */
  end(): Promise<void>;
}

type Role = ReturnType<Instance['role']>;

/** What is to be done when the role changes after the beginning. */
export interface Change {
  readonly gained: () => void;
  readonly lost: () => void;
}

/**
 * A daemon that starts now. While the ledger cannot be read or written the role stays: a leader's rounds tell of it.
 * @param monotonic a clock that nobody sets, milliseconds since any moment
 */
export function createLeadership(
  { ledger, now }: Pick<App, 'ledger' | 'now'>,
  log: Logger,
  monotonic: () => number,
  change: Change,
): Leadership {
  const self = { ...thisProcess(), startedAt: new Date(now()).toISOString() };
  const isGone = goneByDeathOrSilence(monotonic);
  let role: Role = 'standby';
  let said = Number.NEGATIVE_INFINITY;
  let failed = false;
  let again: NodeJS.Timeout | undefined;

  const asSeen = (): Daemon => ({ ...self, seenAt: new Date(now()).toISOString() });
  const say = async (): Promise<void> => {
    said = monotonic();
    await ledger.instanceLives(asSeen());
  };
  /** Leads, or says again that it does, where no other one leads. @returns the one that does */
  const lead = async (): Promise<Daemon | undefined> => {
    await say();
    return ledger.lead(asSeen(), isGone);
  };
  const isDue = async (leads: boolean): Promise<boolean> => {
    if (monotonic() - said < SAY_MS) return false;
    return !leads || (await ledger.instances()).some((one) => one.id !== self.id && !isDead(one));
  };
  const look = async (): Promise<Daemon | undefined> => {
    const leader = await ledger.daemon();
    const leads = leader?.id === self.id;
    const due = await isDue(leads);
    if (leader === undefined || (leads ? due : isGone(leader))) return lead();
    if (due) await say();
    return leads ? undefined : leader;
  };
  const become = (other: Daemon | undefined): boolean => {
    const before = role;
    role = other === undefined ? 'leader' : 'standby';
    // The beginning is told with all that watches.
    if (role === before || again === undefined) return false;
    if (other === undefined) log.info('this daemon leads now');
    else log.warn({ leader: `process ${other.pid} on ${other.host}` }, 'another daemon leads now');
    return true;
  };
  const attempt = async (act: () => Promise<Daemon | undefined>): Promise<boolean> => {
    try {
      const changed = become(await act());
      failed = false;
      return changed;
    } catch (error) {
      if (!failed) log.error({ err: error }, 'the ledger cannot be asked who leads');
      failed = true;
      return false;
    }
  };
  const tell = (changed: boolean): void => {
    if (changed && again !== undefined) (role === 'leader' ? change.gained : change.lost)();
  };
  let looking = false;
  const lookAgain = async (): Promise<void> => {
    if (looking) return;
    looking = true;
    tell(await attempt(look));
    looking = false;
  };
  return {
    id: self.id,
    role: () => role,
    begin: async () => {
      await attempt(lead);
      // A ledger that cannot be used now, on a full disk, is for the first round to tell of: waiting would tell nobody.
      if (failed) role = 'leader';
      again = setInterval(() => void lookAgain(), LOOK_MS);
      return role;
    },
    say: async () => tell(await attempt(role === 'leader' ? lead : look)),
    end: async () => {
      clearInterval(again);
      again = undefined;
      await ledger.daemonStopped(self.id);
    },
  };
}

/** Tells whether a leader is no more: by its process where that can be seen, else by its silence. */
function goneByDeathOrSilence(monotonic: () => number): (leader: Daemon) => boolean {
  let heard: { readonly word: string; readonly at: number } | undefined;
  return (leader) => {
    if (isDead(leader)) return true;
    const word = `${leader.id} ${leader.seenAt}`;
    if (heard?.word !== word) heard = { word, at: monotonic() };
    return monotonic() - heard.at >= SILENT_MS;
  };
}
