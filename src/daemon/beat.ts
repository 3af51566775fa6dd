import type { App } from '../app/app.ts';
import { whyTooSlow } from '../app/clock.ts';
import { shortNames } from '../channel/names.ts';
import { publicText } from '../channel/without-addresses.ts';
import { forgottenChannels, forgottenLines } from '../check/forgotten-channels.ts';
import { notLooked, noWayOut } from '../health/health.ts';
import { heartbeat, knowsNoSuchWord } from '../health/heartbeat.ts';
import { reachedNobody } from '../health/troubles/reached-nobody.ts';
import { cleanWords } from '../message/clean-words.ts';
import { HEARTBEAT } from '../store/parts.ts';
import type { DutyLog } from './duty-log.ts';

/** How a round ended, for who watches the watcher. */
export interface RoundEnd {
  readonly signal: 'ok' | 'fail';
  readonly reason?: string;
}

type Beating = Pick<App, 'settings' | 'ledger' | 'channels' | 'now' | 'host'>;

/** Says that a check begins, once: the check must not wait for what comes with its end all the same. */
export async function beatStart({ settings }: Beating, { problems }: DutyLog): Promise<void> {
  if (settings.heartbeatUrl === undefined) return;
  const failure = await heartbeat(settings.heartbeatUrl, 'start');
  if (failure !== null && !knowsNoSuchWord(failure)) problems.push(cleanWords(failure, settings.secrets));
}

/** Says how a round ended. @returns true where it is news that this does not get through, or does again */
export async function beatEnd(app: Beating, end: RoundEnd, dutyLog: DutyLog): Promise<boolean> {
  const failure = await sayEnd(app, end, dutyLog);
  if (failure === undefined || knowsNoSuchWord(failure) || app.host.stopping.aborted) return false;
  return (await dutyLog.perform('heartbeat', () => noteHeartbeat(app, failure))) ?? false;
}

/** Says that nothing is watched. Nor is that noted in a ledger that nobody else will open. */
export async function beatNothingWatched(app: Beating, dutyLog: DutyLog): Promise<void> {
  if (!app.host.stopping.aborted) await sayEnd(app, { signal: 'fail', reason: dutyLog.problems.join('\n') }, dutyLog);
}

/** @returns why it did not get through; null: it did; undefined: nobody is to be told */
async function sayEnd(
  app: Beating,
  { signal, reason }: RoundEnd,
  { problems }: DutyLog,
): Promise<string | null | undefined> {
  const { heartbeatUrl } = app.settings;
  if (heartbeatUrl === undefined) return undefined;
  const words = reason === undefined ? undefined : forOthers(app, reason);
  const failure = await heartbeat(heartbeatUrl, signal, words, app.host);
  if (failure !== null) problems.push(cleanWords(failure, app.settings.secrets));
  return failure;
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
  { settings, ledger, now }: Pick<App, 'settings' | 'ledger' | 'now'>,
  failure: string | null,
): Promise<boolean> {
  const known = (await ledger.probes()).find(({ part }) => part === HEARTBEAT);
  const changed = (known?.failure ?? null) === null ? failure !== null : failure === null;
  if (changed || failure !== null || known === undefined) {
    await ledger.probe(HEARTBEAT, failure && cleanWords(failure, settings.secrets), new Date(now()).toISOString());
  }
  return changed;
}

/** What the heartbeat fails for: an event could be missed, or nobody be told of it. */
export async function whyNotWell(
  app: Pick<App, 'settings' | 'closes' | 'ledger' | 'channels' | 'now'>,
): Promise<string | null> {
  const [forgotten = null] = forgottenLines(shortNames(await forgottenChannels(app)));
  const nobody = (await reachedNobody(app))[0]?.text;
  return nobody ?? (await whyTooSlow(app)) ?? (await notLooked(app)) ?? (await noWayOut(app)) ?? forgotten;
}
