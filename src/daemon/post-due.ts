import type { App } from '../app/app.ts';
import { withLease } from '../app/lease.ts';
import { toldTogether } from '../check/tell-together.ts';
import { deliver } from '../delivery/deliver.ts';
import { isOfAnEvent, isOwnWord } from '../delivery/kinds.ts';
import { leftAlone } from '../delivery/left-alone.ts';
import { isMailRationed, waitsForItsRation } from '../delivery/mail-quota.ts';
import { isTriedAgain } from '../delivery/standing.ts';
import { currentTroubles } from '../health/troubles.ts';
import { isNews, warn } from '../health/warn.ts';
import { approachingDue } from '../jobs/approaching.ts';
import { digest, isDigestDue } from '../jobs/digest.ts';
import { followUpsDue } from '../jobs/follow-up.ts';
import { giveUp, isLeft, type Overtaken, overtakenOf } from '../jobs/overtaken.ts';
import { remindersDue } from '../jobs/reminder.ts';
import type { Delivery } from '../store/deliveries.ts';
import { CLOCK } from '../store/parts.ts';

/** Which deliveries are meant. */
type Filter = (delivery: Delivery) => boolean;

/**
 * Follow-ups, warnings, the digest, reminders and notes of an approach, in this order: the digest tells of the warnings,
 * and does not count as waiting what goes out with it. What was posted earlier and has not arrived is tried again after
 * that: a trouble that is over by now is not told any more.
 * @param why what the ledger calls it
 * @param checked true in a round with a check, which tries again what was refused for good too, and looks for what is near
 * @returns the ids of the messages that are new
 */
export async function postWhatIsDue(
  app: App,
  { why, checked }: { readonly why: string; readonly checked: boolean },
): Promise<readonly string[]> {
  const { ledger, now } = app;
  // Without a check nothing is nearer than it was: a long watch list is not evaluated again for it.
  const notes = checked ? await approachingDue(app) : [];
  const ownWords = [...(await remindersDue(app)), ...notes];
  const followUps = await followUpsDue(app);
  const troubles = await currentTroubles(app);
  const wantsDigest = await isDigestDue(app);
  const unsent = await ledger.unsent();
  const overtaken = await overtakenOf(app, unsent);
  const mayGo = await restraint(app, unsent, overtaken);
  const isWanted: Filter = (delivery) => isOwnWord(delivery) && mayGo(delivery);
  const retry = unsent.some((delivery) => isWanted(delivery) && isTriedAgain(delivery, { checked, now: now() }));
  const isQuiet = followUps.length + ownWords.length === 0 && !isLeft(overtaken, unsent) && !wantsDigest && !retry;
  if (isQuiet && !(await isNews(app, troubles))) return [];

  const act = async (owner: string) => {
    await giveUp(app, overtaken, unsent, owner);
    // Another run may have posted some of them since: what the ledger says in this one counts.
    const due = followUps.length === 0 ? [] : await followUpsDue(app);
    const newest =
      due
        .map(({ message }) => message.benchmarkTo ?? '')
        .sort()
        .at(-1) ?? '';
    await ledger.post(...(await toldTogether(app, due, newest)));
    await warn(app, troubles);
    if (wantsDigest) await ledger.post((await digest(app, true)).posting);
    await ledger.post(...ownWords);
    const before = new Set(unsent.map(({ message }) => message));
    const posted = (await ledger.unsent()).map(({ message }) => message).filter((id) => !before.has(id));
    const only: Filter = (delivery) =>
      isWanted(delivery) || (posted.includes(delivery.message) && (isOfAnEvent(delivery) || mayGo(delivery)));
    await deliver(app, { owner, offline: false, only });
    return { posted: [...new Set(posted)] };
  };
  const result = await withLease(app, `messages, ${why}`, act);
  return 'skipped' in result ? [] : result.posted;
}

/**
 * What keeps words that belong to no event back: an address that is left alone, mail that is rationed, and for good, that
 * what they say is over.
 */
async function restraint(
  app: Pick<App, 'ledger' | 'channels' | 'now'>,
  unsent: readonly Delivery[],
  overtaken: Overtaken,
): Promise<Filter> {
  const alone = await leftAlone(app);
  const inUse = app.channels.map(({ id }) => id);
  const rationed = isMailRationed(inUse, unsent);
  return (delivery) =>
    !overtaken.has(delivery.message) && !alone.has(delivery.channel) && !(rationed && waitsForItsRation(delivery));
}

/**
 * Tells of the clock, and leaves every other trouble as it is.
 * @returns the ids of the messages that are new
 */
export async function warnOfClock(app: App, why: string): Promise<readonly string[]> {
  const isMeant = (name: string) => name === CLOCK;
  const troubles = (await currentTroubles(app)).filter(({ name }) => isMeant(name));
  if (!(await isNews(app, troubles, isMeant))) return [];
  const act = async (owner: string) => {
    await warn(app, troubles, isMeant);
    const isOfClock: Filter = ({ message }) => message.startsWith(`warning/${CLOCK}/`);
    const posted = (await app.ledger.unsent()).filter(isOfClock).map(({ message }) => message);
    await deliver(app, { owner, offline: false, only: isOfClock });
    return { posted: [...new Set(posted)] };
  };
  const result = await withLease(app, `clock, ${why}`, act);
  return 'skipped' in result ? [] : result.posted;
}
