import { deliver } from './channel/deliver.ts';
import { isAwaited, isPaused } from './channel/policy.ts';
import { evaluate, tellingOf, whereReadable } from './evaluate.ts';
import { openFollowUps } from './follow-up.ts';
import { healthOf } from './health.ts';
import { runningDaemon, type Skipped, withLease } from './lease.ts';
import { leftAlone } from './left-alone.ts';
import {
  closingTime,
  isLastOfWeek,
  isTradingDay,
  lastSessionOver,
  newYorkDate,
  newYorkInstant,
  SETTLE_MS,
} from './market/calendar.ts';
import type { Close, Session } from './market/close.ts';
import { addDays } from './market/session.ts';
import { isToCome } from './market/stamp.ts';
import { kindOf } from './message/channel-kind.ts';
import { type ChannelFacts, type DigestFacts, digestId, digestMessage, type SignalFacts } from './message/digest.ts';
import { date, firstOf } from './message/format.ts';
import { heldValues } from './report.ts';
import { watchedSymbols } from './settings.ts';
import type { Signal } from './signal/signal.ts';
import type { Delivery, Posting } from './store/ledger.ts';
import { upTo } from './study/signal-closes.ts';
import { GATEWAY, testPart } from './troubles.ts';
import { channelsFor } from './warn.ts';
import type { World } from './world.ts';

const DAY_MS = 86_400_000;

/** The digest as it would be written now, with the channels that take digests. */
export async function digest(world: World): Promise<{ facts: DigestFacts; posting: Posting }> {
  const { settings, now } = world;
  const facts = await digestFacts(world);
  const tellings = settings.signals.map((signal) => tellingOf(world, signal));
  const channels = await takersOf(world);
  const dueAt = new Date(digestInstant(world, facts.session)).toISOString();
  const id = await idOfDigest(world, facts.session);
  const message = { ...digestMessage(facts, tellings, new Date(now()).toISOString()), id };
  return { facts, posting: { message, event: null, channels, dueAt } };
}

/** The channels that take digests and are not paused. */
async function takersOf(world: World): Promise<string[]> {
  const takers = world.settings.schedule.digest.channels;
  return (await channelsFor(world)).filter((id) => takers.includes(id) || takers.includes(kindOf(id)));
}

/**
 * Sends the digest of the newest session, once.
 * @returns what it says; when it was written before, ISO instant, or null; and its deliveries: none where no channel
 * takes digests
 */
export async function sendDigest(
  world: World,
): Promise<{ id: string; facts: DigestFacts; writtenBefore: string | null; deliveries: Delivery[] } | Skipped> {
  const { ledger } = world;
  return withLease(world, 'digest', async (holder) => {
    const { facts, posting } = await digest(world);
    const { id } = posting.message;
    const before = await ledger.message(id);
    if (before !== undefined || posting.channels.length > 0) await ledger.post(posting);
    await deliver({ ...world, holder, offline: false, only: ({ message }) => message === id });
    return { id, facts, writtenBefore: before?.createdAt ?? null, deliveries: await ledger.deliveriesOf([id]) };
  });
}

/**
 * True from the set time on the day of the newest session on, once: every session, or the last one of each week. What
 * was missed is made up on the next day with a session. Never about a session from before the watch began.
 */
export async function isDigestDue(world: World): Promise<boolean> {
  const { settings, ledger, now } = world;
  const { every } = settings.schedule.digest;
  const session = lastSessionOver(now());
  if (every === 'never' || (every === 'week' && !isLastOfWeek(session))) return false;
  const due = digestInstant(world, session);
  const since = await ledger.watchingSince();
  if (now() < due || since === undefined || Date.parse(since) > due) return false;
  if (!isTradingDay(newYorkDate(now())) || (await takersOf(world)).length === 0) return false;
  return (await ledger.message(await idOfDigest(world, session))) === undefined;
}

/** One that was written before its session was over was written by a clock that was wrong, and is none. */
async function idOfDigest({ ledger, now }: World, session: Session): Promise<string> {
  const id = digestId(session);
  const written = (await ledger.message(id))?.createdAt;
  const early = written !== undefined && Date.parse(written) < closingTime(session) + SETTLE_MS;
  return early || (written !== undefined && isToCome(written, now())) ? `${id}-2` : id;
}

function digestInstant({ settings }: World, session: string): number {
  return newYorkInstant(session, settings.schedule.digest.at);
}

/** The next scheduled look after `now`, epoch milliseconds. */
export function nextCheck(checks: readonly string[], now: number): number {
  const today = newYorkDate(now);
  const times = [today, addDays(today, 1)].flatMap((day) => checks.map((time) => newYorkInstant(day, time)));
  return Math.min(...times.filter((time) => time > now));
}

async function digestFacts(world: World): Promise<DigestFacts> {
  const { settings, closes, now } = world;
  const { troubles, reasons, late: behind, evaluatedAt, expected } = await healthOf(world);
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
    signals: settings.signals.flatMap((signal) => signalFacts(world, signal) ?? []),
    followUps: (await openFollowUps(world)).map(({ event, months, due }) => ({
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
    channels: await channelFacts(world),
    evaluatedAt,
    nextRun: new Date(nextCheck(settings.schedule.checks, now())).toISOString(),
    watching: (await runningDaemon(world)) !== undefined,
  };
}

function signalFacts(world: World, signal: Signal): SignalFacts | undefined {
  const evaluation = whereReadable(() => evaluate(world, signal));
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

/** How each channel is. */
export async function channelFacts(world: World): Promise<ChannelFacts[]> {
  const { channels, ledger, now } = world;
  const watched = (await runningDaemon(world)) !== undefined;
  const gateway = watched ? (await ledger.probes()).find(({ part }) => part === GATEWAY) : undefined;
  const pauses = (await ledger.pauses()).filter((pause) => isPaused(pause, now()));
  const alone = await leftAlone(world);
  const [probes, proven, unsent] = [await ledger.probes(), await ledger.proven(), await ledger.unsent()];
  return channels.map(({ id }) => {
    const pause = pauses.find(({ channel }) => channel === id);
    const probe = probes.find(({ part }) => part === testPart(id));
    const sent = proven.find(({ channel }) => channel === id);
    return {
      channel: id,
      paused: pause === undefined ? null : { until: pause.until },
      test: probe === undefined ? null : { at: probe.triedAt, failure: probe.failure },
      ...(id === 'discord-bot' && gateway !== undefined
        ? { gateway: { at: gateway.failingSince ?? gateway.triedAt, failure: gateway.failure } }
        : {}),
      ...(alone.has(id) ? { leftAlone: true as const } : {}),
      lastSent: sent === undefined ? null : { message: sent.message, at: sent.at },
      open: unsent.filter(
        (delivery) => delivery.channel === id && (isAwaited(delivery, now()) || isPaused(delivery.pause, now())),
      ).length,
    };
  });
}
