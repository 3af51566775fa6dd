import { isPaused } from './channel/policy.ts';
import { isToCome } from './market/stamp.ts';
import {
  allClearMessage,
  reminderId,
  reminderMessage,
  type Trouble,
  warningId,
  warningMessage,
} from './message/warning.ts';
import { withTestimony } from './testify.ts';
import { whatIsTrueNow } from './troubles.ts';
import type { World } from './world.ts';

/** Whoever was told of a long trouble need not hear of it twice on one day, in milliseconds. */
const REMIND_AFTER = 36 * 3_600_000;

/**
 * Compares what is wrong now with what was told, and posts the difference: a warning for each new trouble, a second one
 * for what lasts, an all-clear for what is over.
 * @param isMeant by their names, the troubles that `current` is about; the others stay as they are
 */
export async function warn(
  world: World,
  current: readonly Trouble[],
  isMeant: (name: string) => boolean = () => true,
): Promise<void> {
  const { ledger, now } = world;
  const createdAt = new Date(now()).toISOString();
  const open = (await ledger.openTroubles()).filter(({ name }) => isMeant(name));
  const told = new Set(open.map(warningId));
  for (const trouble of current) {
    const channels = await channelsFor(world, trouble.about);
    if (!told.has(warningId(trouble))) {
      // After a restore, a trouble of before it may have been told.
      const dueAt = /^\d{4}-/.test(trouble.since) ? trouble.since : createdAt;
      const message = warningMessage(await withTestimony(world, trouble), createdAt);
      await ledger.raise(trouble, { message, event: null, channels, dueAt });
    }
    if (await needsReminder(world, trouble)) {
      const message = reminderMessage(await withTestimony(world, trouble), createdAt);
      await ledger.post({ message, event: null, channels });
    }
  }
  const standing = new Set(current.map(warningId));
  for (const trouble of open.filter((candidate) => !standing.has(warningId(candidate)))) {
    const warning = await ledger.message(warningId(trouble));
    const instead = await whatIsTrueNow(world, trouble);
    const message = warning && instead !== undefined ? allClearMessage(warning, instead, createdAt) : undefined;
    await ledger.clear(trouble, message && { message, event: null }, createdAt);
  }
}

/** True when what is wrong now is not what was told. */
export async function isNews(
  world: World,
  current: readonly Trouble[],
  isMeant: (name: string) => boolean = () => true,
): Promise<boolean> {
  const { ledger } = world;
  const told = new Set((await ledger.openTroubles()).filter(({ name }) => isMeant(name)).map(warningId));
  if (told.size !== current.length || current.some((trouble) => !told.has(warningId(trouble)))) return true;
  for (const trouble of current) if (await needsReminder(world, trouble)) return true;
  return false;
}

/** True for what lasts, was not told a second time, and was not told for the first time just now. */
async function needsReminder({ ledger, now }: World, trouble: Trouble): Promise<boolean> {
  if (!trouble.again || (await ledger.message(reminderId(trouble))) !== undefined) return false;
  const warning = await ledger.message(warningId(trouble));
  if (warning === undefined) return false;
  return now() - Date.parse(warning.createdAt) >= REMIND_AFTER || isToCome(warning.createdAt, now());
}

/** The channels that take what belongs to no event: all that are not paused, but for those it is about. */
export async function channelsFor(world: World, about: Trouble['about'] = null): Promise<string[]> {
  const { ledger, channels, now } = world;
  const paused = (await ledger.pauses()).filter((pause) => isPaused(pause, now())).map(({ channel }) => channel);
  const concerned = about === null ? [] : [about].flat();
  return channels
    .map(({ id }) => id)
    .filter((id) => !paused.includes(id) && !concerned.some((one) => id === one || id.startsWith(`${one}:`)));
}
