import type { Published } from '../channel/channel.ts';
import { cleanWords } from '../message/clean-words.ts';
import type { Ledger } from '../store/ledger.ts';
import { KINDS_OF_EVENTS } from './kinds.ts';
import { unpausedChannels } from './pause.ts';
import type { Sender } from './sender.ts';

// Passing on what arrived, to those who follow the place where it stands. It is no part of a delivery: a message that is
// not passed on has arrived all the same, and is never sent again because of it.

/** Later it is no news any more. */
const TRY_FOR = 3 * 86_400_000;
/** So many of the newest messages are looked at: more do not come within that time. */
const NEWEST = 200;
/** The fact of the ledger that says what became of each. */
const FACT = 'published';

/** A message that arrived and is not passed on yet. */
export interface ToPublish {
  readonly message: string;
  readonly channel: string;
  /** Why the last attempt failed; undefined: there was none. */
  readonly reason: string | undefined;
  /** Not to be tried before, epoch milliseconds. */
  readonly notBefore: number;
}

/** By channel and message: done, or why not yet. */
type Known = Readonly<Record<string, 'done' | { readonly reason: string; readonly notBefore: number }>>;

type Publisher = Pick<Sender, 'ledger' | 'channels' | 'now'>;

/** What is to be passed on, oldest first. What stands in a paused channel waits until that goes on. */
export async function toPublish(sender: Publisher): Promise<ToPublish[]> {
  const lately = await arrivedLately(sender);
  if (lately.length === 0) return [];
  const known = await knownOf(sender.ledger);
  return lately.flatMap((one) => {
    const last = known[nameOf(one)];
    return last === 'done' ? [] : [{ ...one, reason: last?.reason, notBefore: last?.notBefore ?? 0 }];
  });
}

/** What of it is to be tried now. */
export async function publishDue(sender: Publisher): Promise<ToPublish[]> {
  return (await toPublish(sender)).filter(({ notBefore }) => notBefore <= sender.now());
}

/** Passes on what is due, and notes what became of it. Only the owner of the lease does so. */
export async function publish(
  sender: Publisher & Pick<Sender, 'settings'> & { readonly host: { readonly progress: (line: string) => void } },
): Promise<void> {
  const { ledger, channels, now, settings, host } = sender;
  for (const one of await publishDue(sender)) {
    const receipt = await ledger.receipt(one.message, one.channel);
    const channel = channels.find(({ id }) => id === one.channel);
    if (receipt === null || channel?.publish === undefined) continue;
    // A channel's own fault must not end a run whose messages have arrived.
    const result = await channel.publish(receipt).catch((error: Error): Published => {
      return { state: 'refused', reason: `it failed: ${error.message}` };
    });
    const reason = 'reason' in result && result.reason !== undefined ? cleanWords(result.reason, settings.secrets) : '';
    const line = lineOf(one, result, reason);
    if (line !== undefined) host.progress(line);
    const notBefore = now() + ('retryAfter' in result ? (result.retryAfter ?? 0) : 0);
    await note(sender, one, result.state === 'refused' ? { reason, notBefore } : 'done');
  }
}

/** What a person should know of it; undefined where the place has no followers. */
function lineOf({ message, channel }: ToPublish, { state }: Published, reason: string): string | undefined {
  if (state === 'published') return `${channel}: ${message} is published to the followers of the channel`;
  if (reason === '') return undefined;
  const yet = state === 'refused' ? ' yet' : '';
  return `${channel}: ${message} is not published to the followers of the channel${yet}: ${reason}`;
}

/** Written after each one: whoever is killed goes on with the next. What is no news any more is forgotten. */
async function note(sender: Publisher, one: ToPublish, became: Known[string]): Promise<void> {
  const lately = new Set((await arrivedLately(sender)).map(nameOf));
  const kept = Object.entries(await knownOf(sender.ledger)).filter(([name]) => lately.has(name));
  await sender.ledger.noteFact(FACT, JSON.stringify({ ...Object.fromEntries(kept), [nameOf(one)]: became }));
}

/** The messages of events that have lately arrived on channels that can pass them on. */
async function arrivedLately(sender: Publisher): Promise<Pick<ToPublish, 'message' | 'channel'>[]> {
  const { ledger, channels, now } = sender;
  if (channels.every(({ publish }) => publish === undefined)) return [];
  const able = (await unpausedChannels(sender)).flatMap(({ id, publish }) => (publish === undefined ? [] : [id]));
  const newest = await ledger.arrived(KINDS_OF_EVENTS, NEWEST);
  const since = new Date(now() - TRY_FOR).toISOString();
  const deliveries = await ledger.deliveriesOf(newest.map(({ id }) => id));
  return deliveries
    .filter(({ state, channel, changedAt }) => state === 'sent' && able.includes(channel) && changedAt >= since)
    .map(({ message, channel }) => ({ message, channel }));
}

async function knownOf(ledger: Pick<Ledger, 'fact'>): Promise<Known> {
  return JSON.parse((await ledger.fact(FACT)) ?? '{}') as Known;
}

function nameOf({ message, channel }: Pick<ToPublish, 'message' | 'channel'>): string {
  return `${channel} ${message}`;
}
