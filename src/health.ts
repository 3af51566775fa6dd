import { isPaused } from './channel/policy.ts';
import { clockDoubt, whyTooSlow } from './clock.ts';
import { forgottenChannels, forgottenLines } from './forgotten-channels.ts';
import { runningDaemon } from './lease.ts';
import { lastSessionOver } from './market/calendar.ts';
import type { Session } from './market/close.ts';
import { date, firstOf } from './message/format.ts';
import type { Trouble } from './message/warning.ts';
import { shortNames } from './places.ts';
import { fileFault } from './store/database-file.ts';
import { currentTroubles, GATEWAY, isMissingCloses, newestOverdue, testPart } from './troubles.ts';
import type { World } from './world.ts';

/** Whether an event would be found and an alert arrive. */
export interface Health {
  readonly ok: boolean;
  /** Why not, a line each. */
  readonly reasons: readonly string[];
  /** The newest session of New York that is over. */
  readonly expected: Session;
  /** The newest session that every signal was evaluated at; null before the first run. */
  readonly evaluated: Session | null;
  /** When that was, ISO instant. */
  readonly evaluatedAt: string | null;
  readonly troubles: readonly Trouble[];
  /** The gateway of the Discord bot, which no alert needs; null where there is no bot, or no daemon has tried it. */
  readonly gateway: { readonly connected: boolean; readonly since: string; readonly failure: string | null } | null;
  /** The signals whose newest session is over and was not evaluated. */
  readonly late: readonly { readonly signal: string; readonly expected: Session }[];
}

/** Looks at what is stored. Until the next morning a close may be late without anything being wrong. */
export async function healthOf(world: World): Promise<Health> {
  const records = await evaluations(world);
  const troubles = await currentTroubles(world);
  const oldest = records.toSorted((a, b) => (a.session < b.session ? -1 : 1))[0];
  const reasons = troubles.filter(({ blocking }) => blocking).map(({ title }) => title);
  const missing = troubles.some(({ name, blocking }) => isMissingCloses(name) && blocking);
  const late = records.find(({ session, overdue }) => session < overdue);
  reasons.push(...forgottenLines(shortNames(await forgottenChannels(world))));
  const lost = fileFault(world.database);
  const doubt = clockDoubt(world);
  const slow = whyTooSlow(world);
  if (slow !== null) reasons.unshift(slow);
  if (doubt !== undefined) reasons.unshift(`nothing is done by the clock of this machine: ${doubt.why}`);
  if (oldest === undefined || oldest.session === '') reasons.unshift('no close was ever evaluated');
  else if (late !== undefined && !missing) reasons.unshift(`the session of ${date(late.overdue)} was not evaluated`);
  if (lost !== undefined) reasons.unshift(lost.why);
  return {
    ok: reasons.length === 0,
    reasons,
    expected: lastSessionOver(world.now()),
    evaluated: oldest?.session || null,
    evaluatedAt: oldest?.at || null,
    troubles,
    gateway: await gatewayOf(world),
    late: records.filter(({ session, expected }) => session !== '' && session < expected),
  };
}

/** Why it cannot be said that the last session was looked at; null when every signal was evaluated at it. */
export async function notLooked(world: World): Promise<string | null> {
  const behind = (await evaluations(world)).filter(({ session, expected }) => session < expected);
  const expected = behind.map((signal) => signal.expected).sort()[0];
  if (expected === undefined) return null;
  const signals = behind.map(({ signal, session }) =>
    session === '' ? `${signal} was never evaluated` : `${signal} is evaluated to ${session}`,
  );
  return `The session of ${expected} was not evaluated: ${firstOf(signals)}.`;
}

/** Why no message could be sent: every channel that is not paused fails its test; null where one is left, or none is tried. */
export async function noWayOut({ ledger, channels, now }: World): Promise<string | null> {
  const paused = (await ledger.pauses()).filter((pause) => isPaused(pause, now())).map(({ channel }) => channel);
  const failing = (await ledger.probes()).filter(({ failure }) => failure !== null).map(({ part }) => part);
  const inUse = channels.map(({ id }) => id).filter((id) => !paused.includes(id));
  const none = inUse.length > 0 && inUse.every((id) => failing.includes(testPart(id)));
  return none ? `No channel is left that passes its daily test: ${shortNames(inUse).join(', ')}.` : null;
}

async function gatewayOf(world: World): Promise<Health['gateway']> {
  const { settings, ledger } = world;
  const probe = (await ledger.probes()).find(({ part }) => part === GATEWAY);
  // What a daemon noted before it stopped says nothing of now.
  if (settings.discordBot === undefined || probe === undefined || (await runningDaemon(world)) === undefined)
    return null;
  const { failure, failingSince, triedAt } = probe;
  return { connected: failure === null, since: failingSince ?? triedAt, failure };
}

async function evaluations(world: World) {
  const { settings, ledger, closes, now } = world;
  return Promise.all(
    settings.signals.map(async ({ id, index }) => {
      const record = await ledger.signal(id);
      return {
        signal: id,
        session: record?.evaluatedSession ?? '',
        at: record?.evaluatedAt ?? '',
        /** The newest session that should be evaluated, and the newest one that is wrong not to be. */
        expected: closes.expected(index, now()),
        overdue: newestOverdue(world, index),
      };
    }),
  );
}
