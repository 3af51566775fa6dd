import { kindOf } from '../message/channel-kind.ts';
import { list } from '../message/format.ts';
import { replyWithoutAddresses } from './without-addresses.ts';

// Channels as messages, heartbeats and answers name them: by kind and number. An address is its owner's alone.

/** Channels by kind: `discord-webhook`, `email (2)`. */
export function shortNames(channels: readonly string[]): string[] {
  return [...Map.groupBy(channels, kindOf)].map(([kind, same]) =>
    kind === 'email' && same.length > 1 ? `${kind} (${same.length})` : kind,
  );
}

/**
 * Where something is the case, for a sentence: `discord-webhook and 10 of 60 addresses by email`.
 * @param all the channels among which these are counted
 */
export function placesOf(channels: readonly string[], all: readonly string[]): string {
  const total = Map.groupBy(all, kindOf);
  return list(
    [...Map.groupBy(channels, kindOf)].map(([kind, same]) => {
      const of = Math.max(total.get(kind)?.length ?? 0, same.length);
      if (kind !== 'email' || of === 1) return kind;
      return same.length === of ? `all ${of} addresses by email` : `${same.length} of ${of} addresses by email`;
    }),
  );
}

/**
 * What a service said, without any address: its own words repeat the recipient's.
 * @param channel where it said so; it may not be set up any more
 */
export function publicReason(reason: string | null, channel: string, all: readonly string[]): string {
  if (reason === null) return 'no reason known';
  return replyWithoutAddresses(replyWithoutAddresses(reason, addressesIn(all)), addressesIn([channel]));
}

/** What became of the deliveries of one message, a line for each kind of channel. */
export function outcomesByKind(
  deliveries: readonly { readonly channel: string; readonly state: string; readonly reason: string | null }[],
  all: readonly string[],
): string[] {
  return [...Map.groupBy(deliveries, ({ channel }) => kindOf(channel))].map(([kind, same]) => {
    const failed = same.find(({ reason }) => reason !== null);
    const said = failed === undefined ? '' : publicReason(failed.reason, failed.channel, all);
    if (same.length === 1) return `${kind}: ${same[0]?.state}${said === '' ? '' : ` (${said})`}`;
    const states = countsOf(same.map(({ state }) => state));
    return `${kind} (${same.length}): ${states}${said === '' ? '' : ` (the first says: ${said})`}`;
  });
}

/** A text of many lines that leaves for somebody else than who runs the bot. */
export function publicText(text: string, all: readonly string[]): string {
  const addresses = addressesIn(all);
  return text
    .split('\n')
    .map((line) => replyWithoutAddresses(line, addresses))
    .join('\n');
}

/** `2 failed`, or `9 failed and 1 unknown`. */
export function countsOf(states: readonly string[]): string {
  return list([...Map.groupBy(states, (state) => state)].map(([state, same]) => `${same.length} ${state}`));
}

function addressesIn(channels: readonly string[]): string[] {
  return channels.flatMap((channel) => (kindOf(channel) === 'email' ? channel.slice('email:'.length) : []));
}
