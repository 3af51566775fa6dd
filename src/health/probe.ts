import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import type { App } from '../app/app.ts';
import { leftAlone } from '../delivery/left-alone.ts';
import { unpausedChannels } from '../delivery/pause.ts';
import { newYorkDate, newYorkInstant } from '../market/new-york.ts';
import { isToCome } from '../market/stamp.ts';
import { cleanWords } from '../message/clean-words.ts';
import { placeName } from '../store/errors.ts';
import { DATABASE, DISK, testPart } from '../store/parts.ts';
import { NEXT_MORNING } from './troubles/overdue.ts';

/** Room for the database, its log and its copies, in bytes. */
const NEARLY_FULL = 200e6;
/** What is nearly full stays so up to here: at the limit there would be a warning and an all-clear every hour. */
const ROOM_AGAIN = 300e6;
/** A hiccup of the network is no trouble: a failing test is tried again before it counts. */
const ATTEMPTS = 3;
const PAUSE_BETWEEN_MS = 10_000;

/**
 * Tries, without sending anything, what an alert will need one day: room on the disk, a sound database, every channel.
 * Each part once a day; one that fails, every time until it works again.
 */
export async function probeParts(app: App): Promise<void> {
  const { ledger, now } = app;
  const known = new Map((await ledger.probes()).map((probe) => [probe.part, probe]));
  const thisMorning = newYorkInstant(newYorkDate(now()), NEXT_MORNING);
  const isDue = (part: string) => {
    const probe = known.get(part);
    return (
      probe?.failure != null ||
      (now() >= thisMorning &&
        (probe === undefined || Date.parse(probe.triedAt) < thisMorning || isToCome(probe.triedAt, now())))
    );
  };
  const note = async (part: string, failure: string | null) => {
    if (isDue(part) || failure !== null) await ledger.probe(part, failure, new Date(now()).toISOString());
  };

  await note(DISK, await diskFailure(app, known.get(DISK)?.failure == null ? NEARLY_FULL : ROOM_AGAIN));
  // Who starts in the middle of a day has npm run doctor, and a process that waits need not load what it will send with.
  const since = await ledger.watchingSince();
  if (since === undefined || Date.parse(since) > thisMorning) return;
  if (isDue(DATABASE)) await note(DATABASE, await databaseFailure(app));
  const inUse = await unpausedChannels(app);
  // An address that is left alone, as it takes no mail, says nothing of the mail server: only where there is no other.
  const alone = await leftAlone(app);
  const [others, working] = [inUse.filter(({ id }) => alone.has(id)), inUse.filter(({ id }) => !alone.has(id))];
  const firstOfKind = new Map(
    [...others, ...working.toReversed()].map((channel) => [testPart(channel.id), channel] as const),
  );
  await Promise.all(
    [...firstOfKind].map(async ([part, channel]) => {
      if (isDue(part)) await note(part, await channelFailure(app, channel));
    }),
  );
}

async function diskFailure(
  { settings, host }: Pick<App, 'settings' | 'host'>,
  atLeast: number,
): Promise<string | null> {
  const folder = dirname(settings.databasePath);
  // What is stored elsewhere needs no room here.
  if (settings.postgres !== undefined && !existsSync(folder)) return null;
  const free = await host.freeBytes(folder);
  return free < atLeast ? `only ${Math.floor(free / 1e6)} MB are free on the disk of ${folder}` : null;
}

async function databaseFailure({ ledger, settings }: Pick<App, 'settings' | 'ledger'>): Promise<string | null> {
  const unsound = await ledger.unsoundness();
  return unsound === null ? null : `${placeName(settings)}: ${unsound}`;
}

async function channelFailure(
  { settings, host }: Pick<App, 'settings' | 'host'>,
  { test }: { test(): Promise<string> },
): Promise<string | null> {
  for (let attempt = 1; ; attempt++) {
    try {
      await test();
      return null;
    } catch (error) {
      if (attempt === ATTEMPTS || host.stopping.aborted) return cleanWords((error as Error).message, settings.secrets);
      await host.sleep(PAUSE_BETWEEN_MS);
    }
  }
}
