import type { App } from '../../app/app.ts';
import { countsOf, placesOf, publicReason } from '../../channel/names.ts';
import { GIVE_UP_AFTER, isAwaited, isOfAnEvent, isPaused, isUsedUp, patienceEnds } from '../../delivery/policy.ts';
import { kindOf } from '../../message/channel-kind.ts';
import type { Trouble } from '../../message/warning.ts';
import type { Delivery, OpenTrouble } from '../../store/ledger.ts';
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
  const unsent = (await app.ledger.unsent()).filter(isOfAnEvent);
  const messages = [...new Set(unsent.map(({ message }) => message))];
  const deliveries = Map.groupBy(await app.ledger.deliveriesOf(messages), ({ message }) => message);
  return [...deliveries].flatMap(([message, all]) => {
    const tried = all.filter((delivery) => wasTried(app, delivery));
    if (tried.length === 0 || all.some((delivery) => hasSomebody(app, delivery, all.length))) return [];
    const kinds = [...Map.groupBy(tried, ({ channel }) => kindOf(channel)).values()];
    const where = kinds.map((same) => whatBecame(app, same, all));
    return [
      {
        name: NOBODY,
        since: message,
        title: `Not confirmed anywhere yet: ${message}`,
        text: `No channel has confirmed the message ${message}: ${where.join(', ')}. Look at the channels with npm run doctor; npm run status says what is still tried.`,
        again: false,
        blocking: true,
        about: [...new Set(all.map(({ channel }) => kindOf(channel)))],
      },
    ];
  });
}

/** What became of a message at the channels of one kind, in words. */
function whatBecame({ channels }: Pick<App, 'channels'>, same: readonly Delivery[], all: readonly Delivery[]): string {
  const inUse = channels.map(({ id }) => id);
  const { channel = '', state = '', reason = null } = same[0] ?? {};
  const said = publicReason(reason, channel, inUse);
  const posted = all.filter((delivery) => kindOf(delivery.channel) === kindOf(channel)).length;
  if (posted === 1) return `${state} on ${kindOf(channel)} (${said})`;
  return `${countsOf(same.map((delivery) => delivery.state))} of ${posted} addresses by email (the first says: ${said})`;
}

/** True where somebody reads it. A folder that is there by default beside other channels is read by nobody. */
function hasSomebody(
  { settings, channels }: Pick<App, 'settings' | 'channels'>,
  { channel, state }: Delivery,
  siblings: number,
): boolean {
  if (state !== 'sent') return state === 'sending';
  if (channel !== 'folder' || siblings === 1) return true;
  return !settings.folderByDefault && channels.some(({ id }) => id === 'folder');
}

/** True where an attempt was refused, has failed or may have arrived, and a person should still know of it. */
function wasTried({ channels, now }: Pick<App, 'channels' | 'now'>, delivery: Delivery): boolean {
  const { state, attempts, inDoubt, pause, kind, channel } = delivery;
  if (state === 'sent' || inDoubt || isPaused(pause, now()) || (state === 'pending' && attempts === 0)) return false;
  const lately = now() <= patienceEnds(delivery);
  // No attempt is left that could end it: it is told for a week.
  if (state === 'unknown' && isUsedUp(delivery)) return now() - Date.parse(delivery.changedAt) <= GIVE_UP_AFTER;
  if (!channels.some(({ id }) => id === channel)) return lately;
  return kind !== 'follow-up' || lately || isAwaited(delivery, now());
}
