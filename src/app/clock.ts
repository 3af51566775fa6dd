import { LONGEST_PUT_OFF } from '../delivery/patience.ts';
import { newYorkDate } from '../market/new-york.ts';
import type { Reading } from '../market/source.ts';
import { CLOCKS_DIFFER, NO_EARLIER } from '../market/stamp.ts';
import { date, instant } from '../message/format.ts';
import { CLOCK, DISK } from '../store/parts.ts';
import type { App } from './app.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** The difference holds for so long: a clock that is set right meanwhile must not be corrected a second time. */
const HOLDS = 2 * HOUR_MS;
/** A clock that is behind by more may make an event known late, in milliseconds. */
const TOO_SLOW = HOUR_MS;
/** When the source has not told the time for so long, by this clock, the machine was off, or the clock jumped. */
const UNCONFIRMED_AFTER = 30 * 24 * HOUR_MS;

/** What the source's clock and this machine's showed at one moment, epoch milliseconds. */
export interface Comparison {
  readonly source: number;
  readonly machine: number;
}

type Clock = Pick<App, 'settings' | 'ledger' | 'now'>;

/** When a reading was made, epoch milliseconds: by the source's clock where this machine's is ahead of it. */
export function readingTime({ answeredAt }: Reading, now: number): number {
  return answeredAt !== undefined && now - answeredAt > CLOCKS_DIFFER ? answeredAt : now;
}

/** Notes what both clocks showed when an answer came, and whether this machine's agrees. */
export async function noteSourceClock(app: Pick<App, 'ledger' | 'source'>, comparison: Comparison): Promise<void> {
  const { ledger, source } = app;
  const { source: answeredAt, machine } = comparison;
  const seen = await lastSeen(app);
  // A time that stands still is that of a cache on the way, not a clock.
  if (seen !== undefined && answeredAt <= seen.source && machine > seen.machine) return;
  await ledger.noteFact(CLOCK, JSON.stringify(comparison));
  const off = machine - answeredAt;
  const failure = differ(machine, answeredAt)
    ? `it is ${span(off)} ${off > 0 ? 'ahead of' : 'behind'} the time of the source (${source.name}), which says ${instant(answeredAt)}`
    : null;
  await noteClock(app, failure, answeredAt);
}

/** Notes as a part that works or fails what is known of this machine's clock, where that is news or still wrong. */
async function noteClock({ ledger }: Pick<App, 'ledger'>, failure: string | null, at: number): Promise<void> {
  const known = (await ledger.probes()).find(({ part }) => part === CLOCK);
  if (known === undefined || known.failure !== failure) await ledger.probe(CLOCK, failure, new Date(at).toISOString());
}

/**
 * The same app by the source's clock, where this machine's was seen to be ahead of it: what is decided and stamped by it is
 * right once the machine's clock is. One that is behind stays: by the earlier of both nothing is over that is not.
 */
export async function bySourceClock<T extends Clock>(app: T): Promise<T> {
  const off = await seenAhead(app);
  return off > CLOCKS_DIFFER ? { ...app, now: () => app.now() - off } : app;
}

/** Why sessions may be over that are not looked at yet: this machine's clock is behind; null where it is not, or nobody knows. */
export async function whyTooSlow({ ledger, now }: Pick<Clock, 'ledger' | 'now'>): Promise<string | null> {
  const seen = await lastSeen({ ledger });
  const off = seen === undefined ? 0 : seen.source - seen.machine;
  if (seen === undefined || off <= TOO_SLOW || now() < seen.machine) return null;
  // Set right since, and not compared yet.
  if (now() >= seen.source) return null;
  return `The clock of this machine is ${span(off)} behind, so sessions that have ended since are not believed yet.`;
}

/** How far this machine's clock was ahead of the source's when both were last seen, in milliseconds; 0 after a while. */
async function seenAhead({ ledger, now }: Pick<Clock, 'ledger' | 'now'>): Promise<number> {
  const seen = await lastSeen({ ledger });
  const age = seen === undefined ? Number.NaN : now() - seen.machine;
  return seen !== undefined && age >= 0 && age <= HOLDS ? seen.machine - seen.source : 0;
}

/** Why nothing may be done that only the time asks for. */
export interface Doubt {
  readonly why: string;
  /** True where the clock surely is wrong; else the next answer of the source decides. */
  readonly sure: boolean;
}

/** Looks whether the time can be true, by all that is stored; undefined: it can. */
export async function clockDoubt({ settings, ledger, now }: Clock): Promise<Doubt | undefined> {
  // A replay lives through the past.
  if (settings.databasePath === ':memory:') return undefined;
  const at = now();
  if (at < NO_EARLIER) return { why: `it says ${instant(at)}`, sure: true };
  const seen = await lastSeen({ ledger });
  const known = await ledger.newestEvaluated();
  // No place is further ahead.
  if (known !== undefined && known > new Date(at + 14 * HOUR_MS).toISOString()) {
    return { why: `it says ${instant(at)}, but the close of ${date(known)} is known already`, sure: true };
  }
  if (seen === undefined) return undefined;
  if (seen.machine - seen.source > CLOCKS_DIFFER && at - seen.machine > HOLDS) {
    return { why: `it was ${span(seen.machine - seen.source)} ahead when the source last told the time`, sure: false };
  }
  const [told, worked] = [seen.source, await lastWorked({ ledger })];
  if (at - told <= UNCONFIRMED_AFTER || at - worked <= UNCONFIRMED_AFTER) return undefined;
  return {
    why: `it says ${date(newYorkDate(at))}, and the source last told the time on ${date(newYorkDate(told))}`,
    sure: false,
  };
}

/** When the daily look at the disk was made last, epoch milliseconds: a bot that was on all the time knows how late it is. */
async function lastWorked({ ledger }: Pick<App, 'ledger'>): Promise<number> {
  const looked = (await ledger.probes()).find(({ part }) => part === DISK);
  return looked === undefined ? 0 : Date.parse(looked.triedAt);
}

/** Takes out of the database what a wrong clock has left in it, where this one can be right. */
export async function mendStamps(app: Clock): Promise<void> {
  const { settings, ledger, now } = app;
  if (settings.databasePath === ':memory:' || (await clockDoubt(app)) !== undefined) return;
  await ledger.voidFutureStamps(now(), LONGEST_PUT_OFF);
}

/** Notes a doubt as a part that fails; or, where nothing compares the clocks, that the clock can be true again. */
export async function noteDoubt(app: Pick<App, 'ledger' | 'now'>, doubt: Doubt | undefined): Promise<void> {
  const failing = (await app.ledger.probes()).some(({ part, failure }) => part === CLOCK && failure !== null);
  if (doubt?.sure) await noteClock(app, doubt.why, app.now());
  else if (failing && doubt === undefined && !(await seenToDiffer(app))) await noteClock(app, null, app.now());
}

async function seenToDiffer(app: Pick<App, 'ledger'>): Promise<boolean> {
  const seen = await lastSeen(app);
  return seen !== undefined && differ(seen.machine, seen.source);
}

async function lastSeen({ ledger }: Pick<App, 'ledger'>): Promise<Comparison | undefined> {
  const text = await ledger.fact(CLOCK);
  return text === undefined ? undefined : (JSON.parse(text) as Comparison);
}

function differ(a: number, b: number): boolean {
  return Math.abs(a - b) > CLOCKS_DIFFER;
}

function span(milliseconds: number): string {
  const minutes = Math.round(Math.abs(milliseconds) / MINUTE_MS);
  if (minutes < 120) return `${minutes} minutes`;
  const hours = Math.round(minutes / 60);
  return hours < 48 ? `${hours} hours` : `${Math.round(hours / 24).toLocaleString('en-US')} days`;
}
