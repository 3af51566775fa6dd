import type { App } from '../app/app.ts';
import { withTestimony } from '../check/testify.ts';
import { channelsFor } from '../delivery/recipients.ts';
import { isToCome } from '../market/stamp.ts';
import {
  allClearMessage,
  countIn,
  moreId,
  moreMessage,
  reminderId,
  reminderMessage,
  type Trouble,
  warningId,
  warningMessage,
} from '../message/warning.ts';
import { whatIsTrueNow } from './troubles.ts';

/** Whoever was told of a long trouble need not hear of it twice on one day, in milliseconds. */
const REMIND_AFTER = 36 * 3_600_000;
/** What becomes more and more is told at most so often, in milliseconds. */
const MORE_AFTER = 24 * 3_600_000;

/**
 * Compares what is wrong now with what was told, and posts the difference: a warning for each new trouble, a second one
 * for what lasts, an all-clear for what is over.
 * @param isMeant by their names, the troubles that `current` is about; the others stay as they are
 */
export async function warn(
  app: App,
  current: readonly Trouble[],
  isMeant: (name: string) => boolean = () => true,
): Promise<void> {
  const { ledger, now } = app;
  const createdAt = new Date(now()).toISOString();
  const open = (await ledger.openTroubles()).filter(({ name }) => isMeant(name));
  const told = new Set(open.map(warningId));
  for (const trouble of current) {
    const isNew = !told.has(warningId(trouble));
    const more = isNew ? undefined : await becameMore(app, trouble);
    const remind = await needsReminder(app, trouble);
    if (!isNew && more === undefined && !remind) continue;
    const channels = await channelsFor(app, trouble.about);
    if (isNew) {
      // After a restore, a trouble of before it may have been told.
      const dueAt = /^\d{4}-/.test(trouble.since) ? trouble.since : createdAt;
      const message = warningMessage(await withTestimony(app, trouble), createdAt);
      await ledger.raise(trouble, { message, event: null, channels, dueAt });
    }
    if (more !== undefined) {
      await ledger.post({ message: moreMessage(trouble, more, createdAt), event: null, channels });
    }
    if (remind) {
      const message = reminderMessage(await withTestimony(app, trouble), createdAt);
      await ledger.post({ message, event: null, channels });
    }
  }
  const standing = new Set(current.map(warningId));
  for (const trouble of open.filter((candidate) => !standing.has(warningId(candidate)))) {
    const warning = await ledger.message(warningId(trouble));
    const instead = await whatIsTrueNow(app, trouble);
    const message = warning && instead !== undefined ? allClearMessage(warning, instead, createdAt) : undefined;
    await ledger.clear(trouble, message && { message, event: null }, createdAt);
  }
}

/** True when what is wrong now is not what was told. */
export async function isNews(
  app: Pick<App, 'ledger' | 'now'>,
  current: readonly Trouble[],
  isMeant: (name: string) => boolean = () => true,
): Promise<boolean> {
  const { ledger } = app;
  const told = new Set((await ledger.openTroubles()).filter(({ name }) => isMeant(name)).map(warningId));
  if (told.size !== current.length || current.some((trouble) => !told.has(warningId(trouble)))) return true;
  for (const trouble of current) {
    if ((await needsReminder(app, trouble)) || (await becameMore(app, trouble)) !== undefined) return true;
  }
  return false;
}

/** Which warning about a trouble is due, from the second on, as it is about more channels than was told; undefined: none. */
async function becameMore({ ledger, now }: Pick<App, 'ledger' | 'now'>, trouble: Trouble): Promise<number | undefined> {
  let last = trouble.count === undefined ? undefined : await ledger.message(warningId(trouble));
  if (last === undefined || trouble.count === undefined) return undefined;
  let most = countIn(last) ?? trouble.count;
  for (let nth = 2; ; nth++) {
    const next = await ledger.message(moreId(trouble, nth));
    if (next === undefined) {
      const rested = now() - Date.parse(last.createdAt) >= MORE_AFTER || isToCome(last.createdAt, now());
      return trouble.count > most && rested ? nth : undefined;
    }
    last = next;
    most = Math.max(most, countIn(next) ?? 0);
  }
}

/** True for what lasts, was not told a second time, and was not told for the first time just now. */
async function needsReminder({ ledger, now }: Pick<App, 'ledger' | 'now'>, trouble: Trouble): Promise<boolean> {
  if (!trouble.again || (await ledger.message(reminderId(trouble))) !== undefined) return false;
  const warning = await ledger.message(warningId(trouble));
  if (warning === undefined) return false;
  return now() - Date.parse(warning.createdAt) >= REMIND_AFTER || isToCome(warning.createdAt, now());
}
