import { ruleDifference } from '../settings/rules.ts';
import type { Daemon } from '../store/runs.ts';

/** A daemon that watches by other rules than this one. */
export interface OtherRules {
  readonly daemon: Daemon;
  /** The first setting that differs, as words. */
  readonly why: string;
}

/**
 * The first other daemon that has lived beside this one with other rules: to take over from it would be to change them, without
 * anybody who wanted that. One that was stopped is not among them any more.
 * @param all as the ledger knows them, this one too
 */
export function otherRules(
  self: Pick<Daemon, 'id' | 'rules' | 'startedAt' | 'firstSeenAt'>,
  all: readonly Daemon[],
): OtherRules | undefined {
  const { rules = '{}', startedAt, firstSeenAt = startedAt } = all.find(({ id }) => id === self.id) ?? self;
  for (const daemon of all) {
    if (daemon.id === self.id || daemon.rules === undefined || daemon.seenAt < firstSeenAt) continue;
    const why = ruleDifference(rules, daemon.rules);
    if (why !== undefined) return { daemon, why };
  }
  return undefined;
}
