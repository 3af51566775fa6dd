import type { App } from '../app/app.ts';
import { isCalled, namesOf } from '../channel/channel.ts';
import type { Session } from '../market/close.ts';
import { newYorkDate, newYorkInstant } from '../market/new-york.ts';
import { CallError } from '../settings/call-error.ts';

/**
 * Pauses a channel: alerts are kept for it, digests and warnings are not sent there.
 * @param channel its id or alias, or its kind: `email` for all addresses
 * @param until the New York date on whose first minute it goes on; undefined: until it is resumed
 * @returns the ids of the channels
 * @throws {CallError} where there is no such channel, or the date is not to come
 */
export async function pause(
  app: Pick<App, 'ledger' | 'channels' | 'now'>,
  channel: string,
  until: Session | undefined,
): Promise<string[]> {
  const { ledger, now } = app;
  const ids = channelsNamed(app, channel);
  const today = newYorkDate(now());
  if (until !== undefined && until <= today) {
    throw new CallError(`--until is '${until}'; allowed: a date after today, ${today}`);
  }
  const end = until === undefined ? null : new Date(newYorkInstant(until, '00:00')).toISOString();
  for (const id of ids) await ledger.pause(id, end, new Date(now()).toISOString());
  return ids;
}

/**
 * Ends the pause of a channel, or of all.
 * @returns the ids of the channels that were paused
 * @throws {CallError} where there is no such channel
 */
export async function resume(
  app: Pick<App, 'ledger' | 'channels' | 'now'>,
  channel: string | undefined,
): Promise<string[]> {
  const { ledger, channels, now } = app;
  const ids = channel === undefined ? channels.map(({ id }) => id) : channelsNamed(app, channel);
  const resumed: string[] = [];
  for (const id of ids) if (await ledger.resume(id, new Date(now()).toISOString())) resumed.push(id);
  return resumed;
}

function channelsNamed({ channels }: Pick<App, 'channels'>, name: string): string[] {
  const named = channels.filter((channel) => isCalled(channel, name)).map(({ id }) => id);
  if (named.length > 0) return named;
  throw new CallError(`there is no channel '${name}'; allowed: ${namesOf(channels).join(', ')}`);
}
