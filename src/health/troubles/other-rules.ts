import type { App } from '../../app/app.ts';
import { isDead } from '../../app/this-process.ts';
import type { Trouble } from '../../message/warning.ts';
import { ruleDifference } from '../../settings/rules.ts';
import type { TroubleKind } from './kind.ts';

/** What the trouble is called. */
const OTHER_RULES = 'other-rules';
/** Hosts are given new settings one after the other: who differs for longer was forgotten, in milliseconds. */
const FORGOTTEN_MS = 3_600_000;

/** Daemons that stand by in vain: their settings differ from the leader's, so they would not take over. */
export const otherRules: TroubleKind = {
  owns: (name) => name === OTHER_RULES,
  find: standbysInVain,
  ending: () => 'Every standby daemon has the same settings as the leader again.',
};

async function standbysInVain({ ledger }: Pick<App, 'ledger'>): Promise<Trouble[]> {
  const leader = await ledger.daemon();
  const rules = leader?.rules;
  if (leader === undefined || rules === undefined) return [];
  return (await ledger.instances()).flatMap((one) => {
    const lasts = Date.parse(one.seenAt) - Date.parse(one.firstSeenAt ?? one.startedAt);
    if (one.id === leader.id || one.rules === undefined || one.gone || isDead(one) || lasts < FORGOTTEN_MS) return [];
    const why = ruleDifference(one.rules, rules);
    return why === undefined ? [] : [troubleOf(one, leader.host, why)];
  });
}

function troubleOf(
  { host, startedAt }: { readonly host: string; readonly startedAt: string },
  leader: string,
  why: string,
): Trouble {
  return {
    name: OTHER_RULES,
    since: startedAt,
    title: `${host} is on standby, but would not take over`,
    text: `The daemon on ${host} has different settings from the one on ${leader} (${why}). It would not take over, so that nobody is alerted by the wrong rules: if ${leader} fails, nothing is monitored. Make the settings the same, and restart the daemon on ${host}.`,
    again: false,
    blocking: false,
    about: null,
  };
}
