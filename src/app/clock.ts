import { LONGEST_PUT_OFF } from '../delivery/patience.ts';
import { newYorkDate } from '../market/new-york.ts';
import type { Reading } from '../market/source.ts';
import { CLOCKS_DIFFER, NO_EARLIER } from '../market/stamp.ts';
import { date, instant } from '../message/format.ts';
import type { Database } from '../store/sqlite/database.ts';
import { voidFutureStamps } from '../store/sqlite/future-stamps.ts';
import { prepared } from '../store/sqlite/prepared.ts';
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

type Clock = Pick<App, 'settings' | 'database' | 'now'>;

/** When a reading was made, epoch milliseconds: by the source's clock where this machine's is ahead of it. */
export function readingTime({ answeredAt }: Reading, now: number): number {
  return answeredAt !== undefined && now - answeredAt > CLOCKS_DIFFER ? answeredAt : now;
}

/** Notes what both clocks showed when an answer came, and whether this machine's agrees. */
export async function noteSourceClock(
  app: Pick<App, 'database' | 'ledger' | 'source'>,
  comparison: Comparison,
): Promise<void> {
  const { database, source } = app;
  const { source: answeredAt, machine } = comparison;
  const seen = lastSeen(database);
  // A time that stands still is that of a cache on the way, not a clock.
  if (seen !== undefined && answeredAt <= seen.source && machine > seen.machine) return;
  prepared(database, "insert or replace into facts (name, value) values ('clock', ?)").run(JSON.stringify(comparison));
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

/** The part that this machine's clock is noted as. */
export const CLOCK = 'clock';

/**
 * The same app by the source's clock, where this machine's was seen to be ahead of it: what is decided and stamped by it is
 * right once the machine's clock is. One that is behind stays: by the earlier of both nothing is over that is not.
 */
export function bySourceClock<T extends Clock>(app: T): T {
  const off = seenAhead(app);
  return off > CLOCKS_DIFFER ? { ...app, now: () => app.now() - off } : app;
}

/** Why sessions may be over that are not looked at yet: this machine's clock is behind; null where it is not, or nobody knows. */
export function whyTooSlow({ database, now }: Pick<Clock, 'database' | 'now'>): string | null {
  const seen = lastSeen(database);
  const off = seen === undefined ? 0 : seen.source - seen.machine;
  if (seen === undefined || off <= TOO_SLOW || now() < seen.machine) return null;
  // Set right since, and not compared yet.
  if (now() >= seen.source) return null;
  return `The clock of this machine is ${span(off)} behind: sessions that are over since are not believed yet.`;
}

/** How far this machine's clock was ahead of the source's when both were last seen, in milliseconds; 0 after a while. */
function seenAhead({ database, now }: Pick<Clock, 'database' | 'now'>): number {
  const seen = lastSeen(database);
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
export function clockDoubt({ settings, database, now }: Clock): Doubt | undefined {
  // A replay lives through the past.
  if (settings.databasePath === ':memory:') return undefined;
  const at = now();
  if (at < NO_EARLIER) return { why: `it says ${instant(at)}`, sure: true };
  const seen = lastSeen(database);
  const known = prepared(database, 'select max(evaluated_session) from signals').pluck().get();
  // No place is further ahead.
  if (typeof known === 'string' && known > new Date(at + 14 * HOUR_MS).toISOString()) {
    return { why: `it says ${instant(at)}, but the close of ${date(known)} is known already`, sure: true };
  }
  if (seen === undefined) return undefined;
  if (seen.machine - seen.source > CLOCKS_DIFFER && at - seen.machine > HOLDS) {
    return { why: `it was ${span(seen.machine - seen.source)} ahead when the source last told the time`, sure: false };
  }
  const [told, worked] = [seen.source, lastWorked(database)];
  if (at - told <= UNCONFIRMED_AFTER || at - worked <= UNCONFIRMED_AFTER) return undefined;
  return { why: `it says ${newYorkDate(at)}, and the source last told the time on ${newYorkDate(told)}`, sure: false };
}

/** When the daily look at the disk was made last, epoch milliseconds: a bot that was on all the time knows how late it is. */
function lastWorked(database: Database): number {
  const at = prepared(database, "select tried_at from probes where part = 'disk'").pluck().get();
  return typeof at === 'string' ? Date.parse(at) : 0;
}

/** Takes out of the database what a wrong clock has left in it, where this one can be right. */
export function mendStamps({ settings, database, now }: Clock): void {
  if (settings.databasePath === ':memory:' || clockDoubt({ settings, database, now }) !== undefined) return;
  voidFutureStamps(database, now(), LONGEST_PUT_OFF);
}

/** Notes a doubt as a part that fails; or, where nothing compares the clocks, that the clock can be true again. */
export async function noteDoubt(
  app: Pick<App, 'database' | 'ledger' | 'now'>,
  doubt: Doubt | undefined,
): Promise<void> {
  const failing = (await app.ledger.probes()).some(({ part, failure }) => part === CLOCK && failure !== null);
  if (doubt?.sure) await noteClock(app, doubt.why, app.now());
  else if (failing && doubt === undefined && !seenToDiffer(app)) await noteClock(app, null, app.now());
}

function seenToDiffer({ database }: Pick<Clock, 'database'>): boolean {
  const seen = lastSeen(database);
  return seen !== undefined && differ(seen.machine, seen.source);
}

function lastSeen(database: Database): Comparison | undefined {
  const text = prepared(database, "select value from facts where name = 'clock'").pluck().get();
  return typeof text === 'string' ? (JSON.parse(text) as Comparison) : undefined;
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
