import type { Channel } from '../channel/channel.ts';
import { isAddressRefused } from '../channel/email/reasons.ts';
import type { Ledger } from '../store/ledger.ts';

const DAY_MS = 86_400_000;
/** Some servers refuse for an evening what they take again. Until then a refused address is tried like any other. */
const REFUSED_FOR = 2 * DAY_MS;
/** Afterwards what belongs to no event knocks once in so long: an address may be made anew under its old name. */
const KNOCK_AGAIN = 28 * DAY_MS;

/**
 * The addresses that digests, warnings and the daemon's drills leave alone now, as every message to them has been refused
 * for good for days: servers hold it against a sender to go on. What belongs to an event is tried there all the same, and
 * one that arrives ends it at once; so do other settings, and a drill that a person asks for.
 */
export async function leftAlone({
  ledger,
  channels,
  now,
}: {
  readonly ledger: Ledger;
  readonly channels: readonly Channel[];
  readonly now: () => number;
}): Promise<ReadonlySet<string>> {
  const refused = (await ledger.unsent()).filter(
    ({ state, attempts, reason, channel }) =>
      state === 'failed' && attempts > 0 && channel.startsWith('email:') && isAddressRefused(reason),
  );
  if (refused.length === 0) return new Set();
  const proven = new Map((await ledger.proven()).map(({ channel, at }) => [channel, at]));
  const fingerprints = new Map(channels.map((channel) => [channel.id, channel.fingerprint]));
  const standing = refused.filter(
    (delivery) =>
      delivery.changedAt > (proven.get(delivery.channel) ?? '') &&
      delivery.fingerprint === fingerprints.get(delivery.channel),
  );
  const byChannel = [...Map.groupBy(standing, ({ channel }) => channel)];
  return new Set(
    byChannel.flatMap(([channel, all]) => {
      const since = Math.min(...all.map(({ decidedAt }) => Date.parse(decidedAt)));
      const last = Math.max(...all.map(({ changedAt }) => Date.parse(changedAt)));
      // What a clock that was ahead has written says nothing.
      return now() - since >= REFUSED_FOR && now() - last < KNOCK_AGAIN && last <= now() ? [channel] : [];
    }),
  );
}
