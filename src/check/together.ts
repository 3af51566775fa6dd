import { kindOf } from '../message/channel-kind.ts';
import { count } from '../message/format.ts';

/** So many recipients are told of one by one; more that fare alike are counted. */
const ONE_BY_ONE = 4;

/**
 * Puts deliveries of one message to one kind of channel together where many fare alike: nobody reads a thousand lines.
 * @param told what is said of each, its address aside
 * @returns how to name where they went, with the first of each
 */
export function together<T extends { readonly message: string; readonly channel: string }>(
  deliveries: readonly T[],
  told: (delivery: T) => string,
): { readonly where: string; readonly first: T }[] {
  // A server may name the recipient in its reply.
  const words = (each: T) => told(each).replaceAll(each.channel.slice(kindOf(each.channel).length + 1) || '\0', '…');
  const alike = Map.groupBy(deliveries, (each) => [each.message, kindOf(each.channel), words(each)].join('\n'));
  return [...alike.values()].flatMap((all) => {
    const [first] = all;
    if (first === undefined) return [];
    if (all.length <= ONE_BY_ONE) return all.map((each) => ({ where: each.channel, first: each }));
    return [{ where: `${kindOf(first.channel)} (${count(all.length)} recipients)`, first }];
  });
}
