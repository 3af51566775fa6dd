import type { Logger } from 'pino';
import type { App } from '../app/app.ts';
import { thisProcess } from '../app/this-process.ts';
import type { Instance } from '../dashboard/instance.ts';
import { rulesOf } from '../settings/rules.ts';
import { UnreachableError } from '../store/errors.ts';
import type { Daemon } from '../store/runs.ts';
import { createCandidate } from './candidate.ts';

/** Every daemon looks so often who leads, in milliseconds. */
const LOOK_MS = 5_000;

/** Which of the daemons of one ledger acts: one leads, the others look and wait. */
export interface Leadership extends Instance {
  /** Looks for the first time, and goes on until `end`. @returns the role that it begins with */
  begin(): Promise<Role>;
  /** Says that it lives, as every round does. Never throws. */
  say(): Promise<void>;
  /** How long the ledger could not be asked who leads, in milliseconds; 0: it could. */
  cutOffFor(): number;
  /** Takes it out: only a clean stop does. Another one leads within seconds. */
  end(): Promise<void>;
}

type Role = ReturnType<Instance['role']>;

/** What is to be done when the role changes after the beginning. */
export interface Change {
  readonly gained: () => void;
  readonly lost: () => void;
}

type Leading = Pick<App, 'ledger' | 'now'> & { readonly settings: Parameters<typeof rulesOf>[0] };

/**
 * A daemon that starts now. While the ledger of a single host cannot be read or written the role stays: a leader's rounds tell of
 * it. Where the database has a lease for who leads, another host may reach it: a leader that could not prolong its own is none.
 * @param monotonic a clock that nobody sets, milliseconds since any moment
 */
export function createLeadership(
  { ledger, settings, now }: Leading,
  log: Logger,
  monotonic: () => number,
  change: Change,
): Leadership {
  const stamp = () => new Date(now()).toISOString();
  const self = { ...thisProcess(), startedAt: stamp(), rules: rulesOf(settings) };
  const candidate = createCandidate(ledger, () => ({ ...self, seenAt: stamp() }), monotonic);
  // A look before its end: who stands by must not lead yet.
  const leadsFor = ledger.leaderLeaseMs === undefined ? Number.POSITIVE_INFINITY : ledger.leaderLeaseMs - LOOK_MS;
  let role: Role = 'standby';
  let failed = false;
  let reached = monotonic();
  let refused: string | undefined;
  let again: NodeJS.Timeout | undefined;

  const become = (next: Role, told: () => void): void => {
    if (role === next) return;
    role = next;
    // The beginning is told with all that watches.
    if (again === undefined) return;
    told();
    (next === 'leader' ? change.gained : change.lost)();
  };
  const follow = (other: Daemon | undefined): void => {
    if (other === undefined) become('leader', () => log.info('this daemon leads now'));
    else become('standby', () => log.warn({ leader: nameOf(other) }, 'another daemon leads now'));
    const refusal = candidate.refusedFor();
    if (refusal !== undefined && refusal.why !== refused) {
      log.warn({ other: nameOf(refusal.daemon), why: refusal.why }, REFUSES);
    }
    refused = refusal?.why;
  };
  const stepDownInTime = (): void => {
    if (role === 'standby' || monotonic() - candidate.prolongedAt() < leadsFor) return;
    become('standby', () =>
      log.warn('this daemon leads no more: it could not tell the database in time that it lives'),
    );
  };
  const attempt = async (act: () => Promise<Daemon | undefined>): Promise<void> => {
    try {
      follow(await act());
      failed = false;
      reached = monotonic();
    } catch (error) {
      if (!failed) log.error(wordsOf(error), 'the ledger cannot be asked who leads');
      failed = true;
    }
  };
  const lookAgain = createLookAgain(() => attempt(candidate.look), stepDownInTime);
  return {
    id: self.id,
    role: () => role,
    refusal: () => (role === 'standby' ? refused : undefined),
    cutOffFor: () => (failed ? monotonic() - reached : 0),
    begin: async () => {
      await attempt(candidate.lead);
      // A ledger that cannot be used now, on a full disk, is for the first round to tell of: waiting would tell nobody.
      if (failed && ledger.leaderLeaseMs === undefined) role = 'leader';
      again = setInterval(lookAgain, LOOK_MS);
      return role;
    },
    say: () => attempt(role === 'leader' ? candidate.lead : candidate.look),
    end: async () => {
      clearInterval(again);
      again = undefined;
      await ledger.daemonStopped(self.id);
    },
  };
}

const REFUSES =
  'this daemon does not take over: another one watches by other rules. Set both alike; or stop the other one, or start this one again once it has died';

/** One look after another; a database that keeps it waiting does not keep a leader in its role. */
function createLookAgain(look: () => Promise<void>, stepDownInTime: () => void): () => void {
  let looking = false;
  return () => {
    stepDownInTime();
    if (looking) return;
    looking = true;
    void look().finally(() => {
      looking = false;
    });
  };
}

function nameOf({ pid, host }: Daemon): string {
  return `process ${pid} on ${host}`;
}

/** A database that is away needs no stack: where it is asked says nothing. */
function wordsOf(error: unknown): object {
  return error instanceof UnreachableError ? { reason: error.message } : { err: error };
}
