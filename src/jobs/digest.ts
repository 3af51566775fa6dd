import type { App } from '../app/app.ts';
import { labelsOf } from '../app/labels.ts';
import { runningDaemon, type Skipped, withLease } from '../app/lease.ts';
import { isCalled } from '../channel/channel.ts';
import { deliver } from '../delivery/deliver.ts';
import { channelsFor } from '../delivery/recipients.ts';
import type { Session } from '../market/close.ts';
import {
  CLOSE_LAG_MS,
  closingTime,
  isLastOfWeek,
  isTradingDay,
  lastSessionOver,
  newYorkDate,
  newYorkInstant,
} from '../market/new-york.ts';
import { isToCome } from '../market/stamp.ts';
import { digestId, digestMessage } from '../message/digest.ts';
import type { DigestFacts } from '../message/digest-facts.ts';
import type { Delivery, Posting } from '../store/deliveries.ts';
import { digestFacts } from './digest-facts.ts';

/**
 * The digest as it would be written now, with the channels that take digests.
 * @param watching true where a daemon runs; by default the ledger is asked
 */
export async function digest(app: App, watching?: boolean): Promise<{ facts: DigestFacts; posting: Posting }> {
  const { settings, now } = app;
  const facts = await digestFacts(app, watching ?? (await runningDaemon(app)) !== undefined);
  const allLabels = settings.signals.map((signal) => labelsOf(app, signal));
  const channels = await takersOf(app);
  const dueAt = new Date(digestInstant(app, facts.session)).toISOString();
  const id = await idOfDigest(app, facts.session);
  const message = { ...digestMessage(facts, allLabels, new Date(now()).toISOString()), id };
  return { facts, posting: { message, event: null, channels, dueAt } };
}

/** The channels that take digests and are not paused. */
async function takersOf(app: Pick<App, 'settings' | 'ledger' | 'channels' | 'now'>): Promise<string[]> {
  const takers = app.settings.schedule.digest.channels;
  const called = app.channels.filter((channel) => takers.some((name) => isCalled(channel, name))).map(({ id }) => id);
  return (await channelsFor(app)).filter((id) => called.includes(id));
}

/**
 * Sends the digest of the newest session, once.
 * @returns what it says; when it was written before, ISO instant, or null; and its deliveries: none where no channel
 * takes digests
 */
export async function sendDigest(
  app: App,
): Promise<{ id: string; facts: DigestFacts; writtenBefore: string | null; deliveries: Delivery[] } | Skipped> {
  const { ledger } = app;
  return withLease(app, 'digest', async (owner) => {
    const { facts, posting } = await digest(app);
    const { id } = posting.message;
    const before = await ledger.message(id);
    if (before !== undefined || posting.channels.length > 0) await ledger.post(posting);
    await deliver(app, { owner, offline: false, only: ({ message }) => message === id });
    return { id, facts, writtenBefore: before?.createdAt ?? null, deliveries: await ledger.deliveriesOf([id]) };
  });
}

/**
 * True from the set time on the day of the newest session on, once: every session, or the last one of each week. What
 * was missed is made up on the next day with a session. Never about a session from before the watch began.
 */
export async function isDigestDue(app: Pick<App, 'settings' | 'ledger' | 'channels' | 'now'>): Promise<boolean> {
  const { settings, ledger, now } = app;
  const { every } = settings.schedule.digest;
  const session = lastSessionOver(now());
  if (every === 'never' || (every === 'week' && !isLastOfWeek(session))) return false;
  const due = digestInstant(app, session);
  const since = await ledger.watchingSince();
  if (now() < due || since === undefined || Date.parse(since) > due) return false;
  if (!isTradingDay(newYorkDate(now())) || (await takersOf(app)).length === 0) return false;
  return (await ledger.message(await idOfDigest(app, session))) === undefined;
}

/** One that was written before its session was over was written by a clock that was wrong, and is none. */
async function idOfDigest({ ledger, now }: Pick<App, 'ledger' | 'now'>, session: Session): Promise<string> {
  const id = digestId(session);
  const written = (await ledger.message(id))?.createdAt;
  const early = written !== undefined && Date.parse(written) < closingTime(session) + CLOSE_LAG_MS;
  return early || (written !== undefined && isToCome(written, now())) ? `${id}-2` : id;
}

function digestInstant({ settings }: Pick<App, 'settings'>, session: string): number {
  return newYorkInstant(session, settings.schedule.digest.at);
}
