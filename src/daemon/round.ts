import type { App } from '../app/app.ts';
import { bySourceClock, CLOCK, clockDoubt, mendStamps, noteDoubt, whyTooSlow } from '../app/clock.ts';
import { requireContent, type Skipped, withLease } from '../app/lease.ts';
import { isSenderRefusedForNow } from '../channel/email/smtp-result.ts';
import { publicText, shortNames } from '../channel/names.ts';
import { check } from '../check/check.ts';
import { forgottenChannels, forgottenLines } from '../check/forgotten-channels.ts';
import { rivalsOf, wantsReading } from '../check/pending-change.ts';
import type { Report } from '../check/report.ts';
import { untoldOf } from '../check/untold.ts';
import { deliver } from '../delivery/deliver.ts';
import { leftAlone } from '../delivery/left-alone.ts';
import { isAwaited, isOfAnEvent, NO_TURN, patienceEnds } from '../delivery/policy.ts';
import { notLooked, noWayOut } from '../health/health.ts';
import { heartbeat, knowsNoSuchWord } from '../health/heartbeat.ts';
import { HEARTBEAT } from '../health/parts.ts';
import { probeParts } from '../health/probe.ts';
import { reachedNobody } from '../health/troubles/reached-nobody.ts';
import { currentTroubles } from '../health/troubles.ts';
import { isNews, warn } from '../health/warn.ts';
import { backup, isBackupDue } from '../jobs/backup.ts';
import { digest, isDigestDue } from '../jobs/digest.ts';
import { dueDrill, isDrillDue } from '../jobs/drill.ts';
import { followUpsDue } from '../jobs/follow-up.ts';
import { isSecondReadingDue } from '../market/sanity.ts';
import { kindOf } from '../message/channel-kind.ts';
import type { Delivery } from '../store/ledger.ts';

/** What one round of the daemon saw and did. */
export interface Round {
  /** The check; undefined where none was due. */
  readonly report: Report | undefined;
  /** Why the check did not run, where another process is at it. */
  readonly skipped: string | undefined;
  /** The messages that were posted beside it. */
  readonly posted: readonly string[];
  /** The path of the copy that was made. */
  readonly backup: string | undefined;
  readonly drilled: boolean;
  /** What did not work, a line each. */
  readonly problems: readonly string[];
  /** The errors that nobody expected. */
  readonly errors: readonly Error[];
}

/**
 * One round of the daemon: the check, then what is due beside it. Each duty asks the database whether it is due, so a
 * round may come at any time and any number of times. One that fails stops no other.
 * @param why what the ledger calls the check
 * @param always check even when the last session was evaluated already
 */
export async function round(byMachine: App, why: string, always: boolean): Promise<Round> {
  const { settings, clean } = byMachine;
  let app = byMachine;
  const problems: string[] = [];
  const errors: Error[] = [];
  const posted: string[] = [];
  const attempt = async <T>(duty: string, act: () => T | Promise<T>): Promise<T | undefined> => {
    // Told to stop: what is not begun is due again at the next start.
    if (app.stopping.aborted) return undefined;
    try {
      return await act();
    } catch (error) {
      problems.push(clean(`${duty}: ${(error as Error).message}`));
      errors.push(error as Error);
      return undefined;
    }
  };
  const beat = async (signal: 'start' | 'ok' | 'fail', reason?: string): Promise<void> => {
    const { heartbeatUrl } = settings;
    if (heartbeatUrl === undefined) return;
    // The check must not wait for what comes with its end all the same.
    const words = reason === undefined ? undefined : forOthers(app, reason);
    const failure = await heartbeat(heartbeatUrl, signal, words, signal === 'start' ? undefined : app);
    if (failure !== null && !(signal === 'start' && knowsNoSuchWord(failure))) problems.push(clean(failure));
    if (signal === 'start' || knowsNoSuchWord(failure) || app.stopping.aborted) return;
    const changed = await attempt('heartbeat', () => noteHeartbeat(app, failure));
    // The round has told of its troubles before the heartbeat failed, or worked again.
    if (changed && clockDoubt(app) === undefined)
      posted.push(...((await attempt('messages', () => postWhatIsDue(app, why, false))) ?? []));
  };

  const isThere = await attempt('database', () => {
    requireContent(app);
    return true;
  });
  if (isThere !== true) {
    // Neither is anything decided by a ledger that nobody else will open, nor told as if it were.
    const { heartbeatUrl } = settings;
    if (heartbeatUrl !== undefined && !app.stopping.aborted) {
      const failure = await heartbeat(heartbeatUrl, 'fail', forOthers(app, problems.join('\n')), app);
      if (failure !== null) problems.push(clean(failure));
    }
    return { report: undefined, skipped: undefined, posted, backup: undefined, drilled: false, problems, errors };
  }
  await attempt('clock', () => mendStamps(app));
  const due = always || (await attempt('is a check due', () => isBehind(app)));
  // Side by side: a service that is slow to answer must not put off the check.
  const begun = due ? beat('start') : undefined;
  const result = due ? await attempt('check', () => check(app, { offline: false, command: why })) : undefined;
  await begun;
  const report = isSkipped(result) ? undefined : result;
  problems.push(...(report?.problems ?? []));

  // The check has compared the clocks: what is due from here on is due by the one that is right.
  app = bySourceClock(byMachine);
  const doubt = await attempt('clock', async () => {
    const found = clockDoubt(app);
    await noteDoubt(byMachine, found);
    return found;
  });
  const checked = errors.length === 0;
  let copy: string | undefined;
  let drilled = false;
  if (doubt === undefined) {
    await attempt('probe', () => probeParts(app));
    copy = await attempt('backup', () => backUp(app));
    drilled = (await attempt('drill', async () => (await isDrillDue(app)) && !isSkipped(await dueDrill(app)))) ?? false;
    posted.push(...((await attempt('messages', () => postWhatIsDue(app, why, due === true))) ?? []));
  } else {
    // By a clock that is wrong nothing is due but the word that it is.
    posted.push(...((await attempt('messages', () => warnOfClock(app, why))) ?? []));
  }
  const reason =
    doubt === undefined
      ? await attempt('heartbeat', () => whyNotWell(app))
      : `Nothing is done by the clock of this machine: ${doubt.why}.`;
  // While another process is at it, or this one is to stop, there is nothing to say.
  if (reason === null && checked) await beat('ok');
  else if (!isSkipped(result) && !app.stopping.aborted)
    await beat('fail', [reason ?? [], ...problems].flat().join('\n'));
  const skipped = isSkipped(result) ? result.skipped : undefined;
  return { report, skipped, posted, backup: copy, drilled, problems, errors };
}

/** What the service of the heartbeat may read: addresses are for their owners, and for the log of who runs this. */
function forOthers({ channels }: Pick<App, 'channels'>, text: string): string {
  return publicText(
    text,
    channels.map(({ id }) => id),
  );
}

/** Notes how the heartbeat went, where that is news or still wrong. @returns true where it is news */
async function noteHeartbeat(
  { ledger, clean, now }: Pick<App, 'ledger' | 'now' | 'clean'>,
  failure: string | null,
): Promise<boolean> {
  const known = (await ledger.probes()).find(({ part }) => part === HEARTBEAT);
  const changed = (known?.failure ?? null) === null ? failure !== null : failure === null;
  if (changed || failure !== null || known === undefined) {
    await ledger.probe(HEARTBEAT, failure && clean(failure), new Date(now()).toISOString());
  }
  return changed;
}

/** What the heartbeat fails for: an event could be missed, or nobody be told of it. */
async function whyNotWell(
  app: Pick<App, 'settings' | 'database' | 'closes' | 'ledger' | 'channels' | 'now'>,
): Promise<string | null> {
  const [forgotten = null] = forgottenLines(shortNames(await forgottenChannels(app)));
  const nobody = (await reachedNobody(app))[0]?.text;
  return nobody ?? whyTooSlow(app) ?? (await notLooked(app)) ?? (await noWayOut(app)) ?? forgotten;
}

function isSkipped(result: object | undefined): result is Skipped {
  return result !== undefined && 'skipped' in result;
}

/** True when an expected session was not evaluated, a second reading decides, an event is put off, or a message of an event is still to be delivered. */
export async function isBehind(
  app: Pick<App, 'settings' | 'database' | 'closes' | 'ledger' | 'channels' | 'now'>,
): Promise<boolean> {
  const { settings, ledger, channels, closes, now } = app;
  // The answer of the source tells the time.
  if (clockDoubt(app) !== undefined) return true;
  if ((await ledger.probes()).some(({ part, failure }) => part === CLOCK && failure !== null)) return true;
  for (const { id, index, benchmark, quietYears } of settings.signals) {
    const record = await ledger.signal(id);
    if (record === undefined || record.evaluatedSession < closes.expected(index, now())) return true;
    if (untoldOf(app, id) !== undefined) return true;
    const { events } = record;
    if (events.some((event) => wantsReading(event, rivalsOf(event, events, quietYears), now()))) return true;
    const symbols = [index, benchmark];
    if (symbols.some((symbol) => closes.held(symbol).some((row) => isSecondReadingDue(row, now())))) return true;
  }
  const inUse = channels.map(({ id }) => id);
  return (await ledger.unsent()).some(
    (delivery) => isOfAnEvent(delivery) && inUse.includes(delivery.channel) && isAwaited(delivery, now()),
  );
}

/** Tells of the clock, and leaves every other trouble as it is. */
async function warnOfClock(app: App, why: string): Promise<readonly string[]> {
  const isMeant = (name: string) => name === CLOCK;
  const troubles = (await currentTroubles(app)).filter(({ name }) => isMeant(name));
  if (!(await isNews(app, troubles, isMeant))) return [];
  const act = async (owner: string) => {
    await warn(app, troubles, isMeant);
    const isOfClock = ({ message }: Delivery) => message.startsWith(`warning/${CLOCK}/`);
    const posted = (await app.ledger.unsent()).filter(isOfClock).map(({ message }) => message);
    await deliver({ ...app, owner, offline: false, only: isOfClock });
    return { posted: [...new Set(posted)] };
  };
  const result = await withLease(app, `clock, ${why}`, act);
  return isSkipped(result) ? [] : result.posted;
}

async function backUp(
  app: Pick<App, 'settings' | 'database' | 'closes' | 'ledger' | 'now' | 'clean'>,
): Promise<string | undefined> {
  const { ledger, now } = app;
  if (!isBackupDue(app)) return undefined;
  const note = (failure: string | null) => ledger.probe('backup', failure, new Date(now()).toISOString());
  try {
    const path = backup(app);
    await note(null);
    return path;
  } catch (error) {
    await note(app.clean((error as Error).message));
    throw error;
  }
}

/**
 * Follow-ups, warnings and the digest, in this order: the digest tells of the warnings. What was posted earlier and has
 * not arrived is tried again after that: a trouble that is over by now is not told any more.
 * @param checked true in a round with a check, which tries again what was refused for good too
 */
async function postWhatIsDue(app: App, why: string, checked: boolean): Promise<readonly string[]> {
  const { ledger, now } = app;
  const [followUps, troubles, wantsDigest] = [
    await followUpsDue(app),
    await currentTroubles(app),
    await isDigestDue(app),
  ];
  const unsent = await ledger.unsent();
  const alone = await leftAlone(app);
  const rationed = isMailRationed(app, unsent);
  const mayGo = ({ channel, kind }: Delivery) =>
    !alone.has(channel) && !(rationed && kindOf(channel) === 'email' && CAN_WAIT.includes(kind));
  const isWanted = (delivery: Delivery) => isOurs(delivery) && mayGo(delivery);
  const retry = unsent.some(
    (delivery) => isWanted(delivery) && (isAwaited(delivery, now()) || (checked && now() <= patienceEnds(delivery))),
  );
  if (followUps.length === 0 && !wantsDigest && !retry && !(await isNews(app, troubles))) return [];

  const act = async (owner: string) => {
    for (const posting of followUps) await ledger.post(posting);
    await warn(app, troubles);
    if (wantsDigest) await ledger.post((await digest(app)).posting);
    const before = new Set(unsent.map(({ message }) => message));
    const posted = (await ledger.unsent()).map(({ message }) => message).filter((id) => !before.has(id));
    const only = (delivery: Delivery) =>
      isWanted(delivery) || (posted.includes(delivery.message) && (isOfAnEvent(delivery) || mayGo(delivery)));
    await deliver({ ...app, owner, offline: false, only });
    return { posted: [...new Set(posted)] };
  };
  const result = await withLease(app, `messages, ${why}`, act);
  return isSkipped(result) ? [] : result.posted;
}

/** What goes to everybody by email, and says the same tomorrow. */
const CAN_WAIT: readonly Delivery['kind'][] = ['digest', 'drill'];

/**
 * True while the mail server puts off a message of an event for many, as one with a quota does: what it still takes today is
 * not for a digest. Full mailboxes say nothing of the others.
 */
function isMailRationed({ channels }: Pick<App, 'channels'>, unsent: readonly Delivery[]): boolean {
  const addresses = channels.filter(({ id }) => kindOf(id) === 'email').length;
  const putOff = unsent.filter(
    (delivery) =>
      isOfAnEvent(delivery) &&
      kindOf(delivery.channel) === 'email' &&
      delivery.state === 'pending' &&
      (isSenderRefusedForNow(delivery.reason) || delivery.reason === NO_TURN),
  );
  return putOff.length > Math.max(2, addresses / 10);
}

/** True for what belongs to no event: the daemon's own words. */
function isOurs(delivery: Delivery): boolean {
  return !isOfAnEvent(delivery) && delivery.kind !== 'drill';
}
