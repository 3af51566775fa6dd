import type { App } from '../../app/app.ts';
import { countsOf, placesOf } from '../../channel/names.ts';
import { publicReason } from '../../channel/without-addresses.ts';
import { isOfAnEvent } from '../../delivery/kinds.ts';
import { hasSomebody } from '../../delivery/somebody.ts';
import { isUnconfirmed } from '../../delivery/standing.ts';
import { serviceOf } from '../../message/channel-kind.ts';
import { commandLine } from '../../message/command-line.ts';
import type { Trouble } from '../../message/warning.ts';
import type { Delivery } from '../../store/deliveries.ts';
import type { OpenTrouble } from '../../store/troubles.ts';
import type { TroubleKind } from './kind.ts';

/** What the trouble is called. */
const NOBODY = 'reached-nobody';

/** Messages of events that nobody surely has. */
export const unreachedMessages: TroubleKind = { owns: isOfNobody, find: reachedNobody, ending: whoHasIt };

/** The ids of the messages of which it is told that they have reached nobody. */
export function unreachedIn(troubles: readonly Trouble[]): string[] {
  return troubles.filter(({ name }) => isOfNobody(name)).map(({ since }) => since);
}

function isOfNobody(name: string): boolean {
  return name === NOBODY;
}

async function whoHasIt({ ledger }: Pick<App, 'ledger'>, { since }: OpenTrouble): Promise<string | undefined> {
  const all = await ledger.deliveriesOf([since]);
  const arrived = all.filter(({ state }) => state === 'sent').map(({ channel }) => channel);
  const where = placesOf(
    arrived,
    all.map(({ channel }) => channel),
  );
  return arrived.length === 0 ? undefined : `The message has arrived: ${where}.`;
}

/**
 * The messages of events that nobody surely has, though somebody was tried: each a trouble that is told through the
 * channels that they were not for. What waits for its first attempt, or on a paused channel, is none; nor is a message
 * whose event is in doubt.
 */
export async function reachedNobody(app: Pick<App, 'settings' | 'ledger' | 'channels' | 'now'>): Promise<Trouble[]> {
  const { settings, channels, now } = app;
  const inUse = channels.map(({ id }) => id);
  const folderIsChosen = !settings.folderByDefault && inUse.includes('folder');
  const unsent = (await app.ledger.unsent()).filter(isOfAnEvent);
  const messages = [...new Set(unsent.map(({ message }) => message))];
  const deliveries = Map.groupBy(await app.ledger.deliveriesOf(messages), ({ message }) => message);
  return [...deliveries].flatMap(([message, all]) => {
    const tried = all.filter((delivery) => isUnconfirmed(delivery, inUse, now()));
    const somebodyHasIt = all.some((delivery) => hasSomebody(delivery, { posted: all.length, folderIsChosen }));
    if (tried.length === 0 || somebodyHasIt) return [];
    const kinds = [...Map.groupBy(tried, ({ channel }) => serviceOf(channel)).values()];
    const where = kinds.map((same) => whatBecame(app, same, all));
    return [
      {
        name: NOBODY,
        since: message,
        title: `Not confirmed anywhere yet: ${message}`,
        text: `No channel has confirmed the message ${message}: ${where.join(', ')}. Test the channels with ${commandLine('doctor')}; ${commandLine('status')} shows what is still being tried.`,
        again: false,
        blocking: true,
        about: [...new Set(all.map(({ channel }) => serviceOf(channel)))],
      },
    ];
  });
}

/** What became of a message at the channels of one kind, in words. */
function whatBecame({ channels }: Pick<App, 'channels'>, same: readonly Delivery[], all: readonly Delivery[]): string {
  const inUse = channels.map(({ id }) => id);
  const { channel = '', state = '', reason = null } = same[0] ?? {};
  const said = publicReason(reason, channel, inUse);
  const posted = all.filter((delivery) => serviceOf(delivery.channel) === serviceOf(channel)).length;
  if (posted === 1) return `${state} on ${serviceOf(channel)} (${said})`;
  return `${countsOf(same.map((delivery) => delivery.state))} of ${posted} addresses by email (the first says: ${said})`;
}
