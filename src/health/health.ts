import type { App } from '../app/app.ts';
import { clockDoubt, whyTooSlow } from '../app/clock.ts';
import { runningDaemon } from '../app/lease.ts';
import { shortNames } from '../channel/names.ts';
import { channelsOf } from '../channel/of-signal.ts';
import { forgottenChannels, forgottenLines } from '../check/forgotten-channels.ts';
import { unpausedChannels } from '../delivery/pause.ts';
import type { Session } from '../market/close.ts';
import { lastSessionOver } from '../market/new-york.ts';
import { date, firstOf } from '../message/format.ts';
import type { Trouble } from '../message/warning.ts';
import { GATEWAY, testPart } from '../store/parts.ts';
import { isMissingCloses } from './troubles/missing-closes.ts';
import { newestOverdue } from './troubles/overdue.ts';
import { currentTroubles } from './troubles.ts';

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
export async function healthOf(app: App): Promise<Health> {
  const records = await evaluations(app);
  const troubles = await currentTroubles(app);
  const oldest = records.toSorted((a, b) => (a.session < b.session ? -1 : 1))[0];
  const reasons = troubles.filter(({ blocking }) => blocking).map(({ title }) => title);
  const missing = troubles.some(({ name, blocking }) => isMissingCloses(name) && blocking);
  const late = records.find(({ session, overdue }) => session < overdue);
  reasons.push(...forgottenLines(shortNames(await forgottenChannels(app))));
  const lost = app.ledger.fault();
  const doubt = await clockDoubt(app);
  const slow = await whyTooSlow(app);
  if (slow !== null) reasons.unshift(slow);
  if (doubt !== undefined) reasons.unshift(`the clock of this machine cannot be trusted: ${doubt.why}`);
  if (oldest === undefined || oldest.session === '') reasons.unshift('no close has been evaluated yet');
  else if (late !== undefined && !missing)
    reasons.unshift(`the session of ${date(late.overdue)} has not been evaluated`);
  if (lost !== undefined) reasons.unshift(lost.why);
  return {
    ok: reasons.length === 0,
    reasons,
    expected: lastSessionOver(app.now()),
    evaluated: oldest?.session || null,
    evaluatedAt: oldest?.at || null,
    troubles,
    gateway: await gatewayOf(app),
    late: records.filter(({ session, expected }) => session !== '' && session < expected),
  };
}

/** Why it cannot be said that the last session was looked at; null when every signal was evaluated at it. */
export async function notLooked(app: Pick<App, 'settings' | 'closes' | 'ledger' | 'now'>): Promise<string | null> {
  const behind = (await evaluations(app)).filter(({ session, expected }) => session < expected);
  const expected = behind.map((signal) => signal.expected).sort()[0];
  if (expected === undefined) return null;
  const signals = behind.map(({ signal, session }) =>
    session === '' ? `${signal} has not been evaluated yet` : `${signal} is evaluated up to ${date(session)}`,
  );
  return `The session of ${date(expected)} has not been evaluated: ${firstOf(signals)}.`;
}

/**
 * Why no message could be sent, or none of a signal that names its channels: each of them that is not paused fails its test;
 * null where one is left, or none is tried.
 */
export async function noWayOut(app: Pick<App, 'settings' | 'ledger' | 'channels' | 'now'>): Promise<string | null> {
  const failing = (await app.ledger.probes()).filter(({ failure }) => failure !== null).map(({ part }) => part);
  const inUse = await unpausedChannels(app);
  const allFail = (ids: readonly string[]) => ids.length > 0 && ids.every((id) => failing.includes(testPart(id)));
  const all = inUse.map(({ id }) => id);
  if (allFail(all)) return `No channel passes its daily test: ${shortNames(all).join(', ')}.`;
  const cutOff = app.settings.signals.filter((signal) => signal.channels && allFail(channelsOf(signal, inUse)));
  return cutOff.length === 0
    ? null
    : `No channel of ${firstOf(cutOff.map(({ title }) => title))} passes its daily test.`;
}

async function gatewayOf(app: Pick<App, 'settings' | 'ledger' | 'now'>): Promise<Health['gateway']> {
  const { settings, ledger } = app;
  const probe = (await ledger.probes()).find(({ part }) => part === GATEWAY);
  // What a daemon noted before it stopped says nothing of now.
  if (settings.discordBot === undefined || probe === undefined || (await runningDaemon(app)) === undefined) return null;
  const { failure, failingSince, triedAt } = probe;
  return { connected: failure === null, since: failingSince ?? triedAt, failure };
}

async function evaluations(app: Pick<App, 'settings' | 'closes' | 'ledger' | 'now'>) {
  const { settings, ledger, closes, now } = app;
  return Promise.all(
    settings.signals.map(async ({ id, index }) => {
      const record = await ledger.signal(id);
      return {
        signal: id,
        session: record?.evaluatedSession ?? '',
        at: record?.evaluatedAt ?? '',
        /** The newest session that should be evaluated, and the newest one that is wrong not to be. */
        expected: closes.expected(index, now()),
        overdue: newestOverdue(app, index),
      };
    }),
  );
}
