import type { App } from '../app/app.ts';
import { labelsOf } from '../app/labels.ts';
import { runningDaemon, type Skipped, withLease } from '../app/lease.ts';
import { whereReadable } from '../app/signal-closes.ts';
import { evaluate } from '../check/evaluate.ts';
import { heldValues } from '../check/held-values.ts';
import { deliver } from '../delivery/deliver.ts';
import { channelsFor } from '../delivery/recipients.ts';
import { channelFacts } from '../health/channel-facts.ts';
import { healthOf } from '../health/health.ts';
import { nextCheck } from '../health/schedule.ts';
import type { Close, Session } from '../market/close.ts';
import {
  CLOSE_LAG_MS,
  closingTime,
  isLastOfWeek,
  isTradingDay,
  lastSessionOver,
  newYorkDate,
  newYorkInstant,
} from '../market/new-york.ts';
import { addDays } from '../market/session.ts';
import { isToCome } from '../market/stamp.ts';
import { kindOf } from '../message/channel-kind.ts';
import { type DigestFacts, digestId, digestMessage, type SignalFacts } from '../message/digest.ts';
import { date, firstOf } from '../message/format.ts';
import { watchedSymbols } from '../settings/settings.ts';
import type { Signal } from '../signal/signal.ts';
import type { Delivery, Posting } from '../store/ledger.ts';
import { upTo } from '../study/signal-closes.ts';
import { openFollowUps } from './follow-up.ts';

const DAY_MS = 86_400_000;

/** The digest as it would be written now, with the channels that take digests. */
export async function digest(app: App): Promise<{ facts: DigestFacts; posting: Posting }> {
  const { settings, now } = app;
  const facts = await digestFacts(app);
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
  return (await channelsFor(app)).filter((id) => takers.includes(id) || takers.includes(kindOf(id)));
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
    await deliver({ ...app, owner, offline: false, only: ({ message }) => message === id });
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

async function digestFacts(app: App): Promise<DigestFacts> {
  const { settings, closes, now } = app;
  const { troubles, reasons, late: behind, evaluatedAt, expected } = await healthOf(app);
  // Whoever reads it must not take the figures of another day for those of this one.
  const late = [...Map.groupBy(behind, (signal) => signal.expected)].map(([session, signals]) => {
    const whose = settings.signals.length === 1 ? '' : ` for ${firstOf(signals.map(({ signal }) => signal))}`;
    return `No close of ${date(session)} has been read yet${whose}.`;
  });
  const symbols = watchedSymbols(settings);
  const weekAgo = new Date(now() - 7 * DAY_MS).toISOString();
  const told = troubles.map(({ title, text }) => `${title}. ${text}`);
  const untold = reasons.filter((reason) => !troubles.some(({ title }) => title === reason));
  return {
    session: expected,
    ok: reasons.length + late.length === 0,
    troubles: [...late, ...untold, ...told],
    signals: settings.signals.flatMap((signal) => signalFacts(app, signal) ?? []),
    followUps: (await openFollowUps(app)).map(({ event, months, due }) => ({
      event: event.id,
      session: event.session,
      months,
      due,
    })),
    held: symbols.flatMap((symbol) => heldValues(closes, symbol)),
    missing: symbols.flatMap((symbol) => closes.missing(symbol, now()).map((session) => ({ symbol, session }))),
    revised: symbols.flatMap((symbol) =>
      closes.revisedSince(symbol, weekAgo).map((revision) => ({ symbol, ...revision })),
    ),
    channels: await channelFacts(app),
    evaluatedAt,
    nextRun: new Date(nextCheck(settings.schedule.checks, now())).toISOString(),
    watching: (await runningDaemon(app)) !== undefined,
  };
}

function signalFacts(
  app: Pick<App, 'settings' | 'database' | 'closes' | 'source' | 'channels' | 'now'>,
  signal: Signal,
): SignalFacts | undefined {
  const evaluation = whereReadable(() => evaluate(app, signal));
  if (evaluation?.detection.state === undefined) return undefined;
  const { closes } = evaluation;
  const benchmark = closes.benchmark.at(-1);
  return {
    signal: signal.id,
    state: evaluation.detection.state,
    weekChange: weekChange(closes.index),
    benchmark: benchmark === undefined ? null : { ...benchmark, weekChange: weekChange(closes.benchmark) },
  };
}

function weekChange(closes: readonly Close[]): number | null {
  const last = closes.at(-1);
  const before = last && upTo(closes, addDays(last.session, -7)).at(-1);
  return last === undefined || before === undefined ? null : last.close / before.close - 1;
}
