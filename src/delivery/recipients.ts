import type { Channel } from '../channel/channel.ts';
import { kindOf, serviceOf } from '../message/channel-kind.ts';
import type { Trouble } from '../message/warning.ts';
import type { Ledger } from '../store/ledger.ts';
import { leftAlone } from './left-alone.ts';
import { unpausedChannels } from './pause.ts';

/**
 * The channels that take what belongs to no event: all that are not paused nor left alone, but for those that it is
 * about. What is about email and has no other way goes to one address, the first whose newest message arrived, if any:
 * sixty mails that mail does not work help nobody.
 */
export async function channelsFor(
  app: { readonly ledger: Ledger; readonly channels: readonly Channel[]; readonly now: () => number },
  about: Trouble['about'] = null,
): Promise<string[]> {
  const alone = await leftAlone(app);
  const takers = (await unpausedChannels(app)).map(({ id }) => id).filter((id) => !alone.has(id));
  const concerned = about === null ? [] : [about].flat();
  const others = takers.filter((id) => !concerned.includes(serviceOf(id)));
  return others.length > 0 || !concerned.includes('email') ? others : oneThatWorks(app.ledger, takers);
}

/** The first of some addresses where nothing was refused, nor may have been lost, since a message arrived. */
async function oneThatWorks(ledger: Pick<Ledger, 'proven' | 'unsent'>, takers: readonly string[]): Promise<string[]> {
  const proven = new Map((await ledger.proven()).map(({ channel, at }) => [channel, at]));
  const tried = (await ledger.unsent()).filter(({ attempts }) => attempts > 0);
  const works = takers.find((id) => {
    const at = kindOf(id) === 'email' ? proven.get(id) : undefined;
    return at !== undefined && !tried.some(({ channel, changedAt }) => channel === id && changedAt >= at);
  });
  return works === undefined ? [] : [works];
}
