import type { App } from '../../app/app.ts';
import { countsOf, placesOf } from '../../channel/names.ts';
import { publicReason } from '../../channel/without-addresses.ts';
import { isLost } from '../../delivery/standing.ts';
import { serviceOf } from '../../message/channel-kind.ts';
import { commandLine } from '../../message/command-line.ts';
import type { Trouble } from '../../message/warning.ts';
import type { Delivery } from '../../store/deliveries.ts';
import type { OpenTrouble } from '../../store/troubles.ts';
import type { TroubleKind } from './kind.ts';
import { unreachedIn } from './reached-nobody.ts';

/** How the trouble of a kind of channel begins where a message did not arrive. */
const DELIVERY = 'delivery-';

/**
 * Messages of events whose delivery has lately ended failed or unknown: one trouble for each kind of channel, however many
 * addresses it has.
 */
export const lostDeliveries: TroubleKind = {
  owns: (name) => name.startsWith(DELIVERY),
  find: findLost,
  ending: whetherArrived,
};

async function whetherArrived(
  { ledger }: Pick<App, 'ledger'>,
  { name, since }: OpenTrouble,
): Promise<string | undefined> {
  const theirs = (await ledger.deliveriesOf([since])).filter(({ channel }) => name === DELIVERY + serviceOf(channel));
  if (theirs.length === 0 || theirs.some(({ state }) => state !== 'sent')) return undefined;
  return theirs.length === 1
    ? 'The message has arrived.'
    : `The message has arrived at all ${theirs.length} addresses.`;
}

async function findLost(
  { ledger, channels, now }: Pick<App, 'ledger' | 'channels' | 'now'>,
  found: readonly Trouble[],
): Promise<Trouble[]> {
  const nobodys = unreachedIn(found);
  const inUse = channels.map(({ id }) => id);
  const lost = (await ledger.unsent()).filter(
    (delivery) =>
      inUse.includes(delivery.channel) &&
      isLost(delivery, now()) &&
      // Told as a whole.
      !nobodys.includes(delivery.message),
  );
  const all = await ledger.deliveriesOf([...new Set(lost.map(({ message }) => message))]);
  return [...Map.groupBy(lost, ({ message, channel }) => `${serviceOf(channel)} ${message}`).values()].map((same) =>
    lostTrouble(
      same,
      all.filter(({ message }) => message === same[0]?.message).map(({ channel }) => channel),
      inUse,
    ),
  );
}

/**
 * @param same the lost deliveries of one message to one kind of channel, at least one
 * @param posted the channels that the message went to
 */
function lostTrouble(same: readonly Delivery[], posted: readonly string[], inUse: readonly string[]): Trouble {
  const { message = '', channel = '', state = '', reason = null } = same[0] ?? {};
  const kind = serviceOf(channel);
  const said = publicReason(reason, channel, inUse);
  const cure = `Test that channel with ${commandLine('doctor')}; ${commandLine('status')} shows what is still being tried.`;
  const trouble = {
    name: DELIVERY + kind,
    since: message,
    again: false,
    blocking: true,
    about: kind,
    count: same.length,
  };
  if (posted.filter((other) => serviceOf(other) === kind).length === 1) {
    return {
      ...trouble,
      title: `Not delivered: ${message} on ${kind}`,
      text: `The message ${message} ${state === 'unknown' ? 'may not have arrived' : 'did not arrive'} on ${kind}: ${said}. ${cure}`,
    };
  }
  const where = placesOf(
    same.map((delivery) => delivery.channel),
    posted,
  );
  return {
    ...trouble,
    title: `Not delivered to ${where}: ${message}`,
    text:
      `The message ${message} did not arrive at ${where} (${countsOf(same.map((delivery) => delivery.state))}); the first ` +
      `says: ${said}. ${cure}`,
  };
}
