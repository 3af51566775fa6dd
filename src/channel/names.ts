import { recipientIn, serviceOf } from '../message/channel-kind.ts';
import { count, list } from '../message/format.ts';
import type { Acknowledgement } from '../store/acknowledgements.ts';

// Channels as messages, heartbeats and answers name them: by kind and number. An address is its owner's alone.

/** So many recipients are told of one by one; more that fare alike are counted. */
const ONE_BY_ONE = 4;

/**
 * How everybody but its owner may read the name of a channel: `email` for the only address, `email 3 of 12` for one of
 * several; the ids of other channels hold nothing to hide.
 * @param all the ids of all channels, in the order of the settings
 */
export function publicName(channel: string, all: readonly string[]): string {
  if (recipientIn(channel) === undefined) return channel;
  const kind = serviceOf(channel);
  const same = all.filter((id) => serviceOf(id) === kind);
  const at = same.indexOf(channel);
  return at === -1 || same.length === 1 ? kind : `${kind} ${at + 1} of ${same.length}`;
}

/**
 * How everybody but the operator may read who has seen something: by the name on Discord; whoever reads a mail is not named
 * by its address.
 * @param all the ids of all channels, in the order of the settings
 */
export function readerName(
  { channel, name }: Pick<Acknowledgement, 'channel' | 'name'>,
  all: readonly string[],
): string {
  if (recipientIn(channel) === undefined) return name;
  const [kind = '', ...number] = publicName(channel, all).split(' ');
  return number.length === 0 ? `the ${kind} recipient` : `${kind} recipient ${number.join(' ')}`;
}

/** Channels by kind: `discord-webhook`, `email (2)`. */
export function shortNames(channels: readonly string[]): string[] {
  return [...Map.groupBy(channels, serviceOf)].map(([kind, same]) =>
    same.length > 1 ? `${kind} (${same.length})` : kind,
  );
}

/**
 * Where something is the case, for a sentence: `discord-webhook and 10 of 60 addresses by email`.
 * @param all the channels among which these are counted
 */
export function placesOf(channels: readonly string[], all: readonly string[]): string {
  const total = Map.groupBy(all, serviceOf);
  return list(
    [...Map.groupBy(channels, serviceOf)].map(([kind, same]) => {
      const of = Math.max(total.get(kind)?.length ?? 0, same.length);
      if (of === 1) return kind;
      return same.length === of ? `all ${of} addresses by ${kind}` : `${same.length} of ${of} addresses by ${kind}`;
    }),
  );
}

/** `2 failed`, or `9 failed and 1 unknown`. */
export function countsOf(states: readonly string[]): string {
  return list([...Map.groupBy(states, (state) => state)].map(([state, same]) => `${same.length} ${state}`));
}

/**
 * Puts deliveries of one message to one kind of channel together where many fare alike: nobody reads a thousand lines. For
 * who runs the bot: few are named with their addresses.
 * @param told what is said of each, its address aside
 * @returns how to name where they went, with the first of each
 */
export function together<T extends { readonly message: string; readonly channel: string }>(
  deliveries: readonly T[],
  told: (delivery: T) => string,
): { readonly where: string; readonly first: T }[] {
  // A server may name the recipient in its reply.
  const words = (each: T) => told(each).replaceAll(recipientIn(each.channel) ?? '\0', '…');
  const alike = Map.groupBy(deliveries, (each) => [each.message, serviceOf(each.channel), words(each)].join('\n'));
  return [...alike.values()].flatMap((all) => {
    const [first] = all;
    if (first === undefined) return [];
    if (all.length <= ONE_BY_ONE) return all.map((each) => ({ where: each.channel, first: each }));
    return [{ where: `${serviceOf(first.channel)} (${count(all.length)} recipients)`, first }];
  });
}
