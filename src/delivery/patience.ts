import { isRefusedForNow } from '../channel/email/reasons.ts';
import { isToCome } from '../market/stamp.ts';
import type { Delivery } from '../store/deliveries.ts';
import { isOfAnEvent } from './kinds.ts';
import { isNeeded } from './somebody.ts';

// How long a delivery is tried, waits and rests, from run to run (docs/architecture.md, "Deliveries"). What follows from it now is
// decided in policy.ts, and what one run does at once in after-attempt.ts.

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** How long a refused delivery is tried again. */
export const GIVE_UP_AFTER = 7 * DAY;
/**
 * How long after the first, second and third attempt that may have arrived the next one is made, on a channel that cannot
 * look: three within two hours would be used up while a service is down for an evening. After the last one more would be
 * spam, where somebody has the message.
 */
const REPEAT_AFTER = [HOUR, 6 * HOUR, DAY] as const;
/**
 * Where nobody has it, a repeat that says what it is is the smaller evil: one a day, and after four weeks one a week. Weeks
 * of maybes are a service that is down, or a proxy that swallows every answer; who reads them can pause the channel.
 */
const NEEDED_AFTER = DAY;
const SELDOM_AFTER = 7 * DAY;
const SELDOM_FROM = 28 * DAY;

/**
 * A mail server that has refused one so many times is over a quota, or has something against it: hourly attempts to
 * hundreds of addresses only add to that. In milliseconds.
 */
const OFTEN_REFUSED = 6;
const AFTER_MANY_REFUSALS = 4 * HOUR;

/** True once as many attempts may have arrived as are made where somebody has the message. */
export function areEnough({ unknownAttempts }: Pick<Delivery, 'unknownAttempts'>): boolean {
  return unknownAttempts > REPEAT_AFTER.length;
}

/** True once no attempt is left that may arrive a second time. */
export function isUsedUp(delivery: Pick<Delivery, 'unknownAttempts' | 'kind' | 'elsewhere'>): boolean {
  return areEnough(delivery) && !isNeeded(delivery);
}

/** When a refused delivery is given up, epoch milliseconds: what a pause has kept is tried for its full time after it. */
export function patienceEnds(delivery: Pick<Delivery, 'decidedAt' | 'kind' | 'pause'>): number {
  const { decidedAt, pause } = delivery;
  const decided = Date.parse(decidedAt);
  // A pause of later has nothing to do with what was given up before it.
  const kept = isOfAnEvent(delivery) && pause !== null && Date.parse(pause.since) <= decided + GIVE_UP_AFTER;
  return Math.max(decided, kept ? Date.parse(pause.until ?? decidedAt) : 0) + GIVE_UP_AFTER;
}

/** True past the time for which it is tried, however it ends: unless nobody else has it, and it is news still. */
export function isLastTry(delivery: Delivery, now: number): boolean {
  return now > patienceEnds(delivery) && !isNeeded(delivery);
}

/**
 * True when it was tried for long enough. What belongs to an event, and nobody tried during its last day (the machine
 * was off, or restored), has one attempt left, however late: an event is never dropped unseen.
 */
export function isTriedEnough(delivery: Delivery, now: number): boolean {
  if (!isLastTry(delivery, now)) return false;
  const open = delivery.state === 'pending' || delivery.state === 'unknown' || delivery.state === 'sending';
  return !(isOfAnEvent(delivery) && open && now - Date.parse(delivery.changedAt) > DAY);
}

/**
 * When what may have arrived may be sent again unseen, epoch milliseconds; undefined: at once. An attempt of before a
 * restore says nothing of when the message may have been sent.
 */
export function repeatDue(delivery: Delivery): number | undefined {
  const { state, attempts, unknownAttempts, changedAt, decidedAt, restored } = delivery;
  // What was refused after it waited for its turn before that.
  if (state !== 'unknown' || attempts === 0 || restored) return undefined;
  const last = Date.parse(changedAt);
  const needed = last < Date.parse(decidedAt) + SELDOM_FROM ? NEEDED_AFTER : SELDOM_AFTER;
  return last + (REPEAT_AFTER[unknownAttempts - 1] ?? (isNeeded(delivery) ? needed : 0));
}

/** True while the last attempt may have arrived and the next one has to wait. One from the future is none to wait for. */
export function isRepeatTooEarly(delivery: Delivery, now: number): boolean {
  const due = repeatDue(delivery);
  return due !== undefined && now < due && !isToCome(delivery.changedAt, now);
}

/** However long a service asks to wait: an alert is not put off by days for one strange header. */
export const LONGEST_PUT_OFF = 6 * HOUR;

/** True while the service wants to be left alone. What lies further ahead was written by a clock that was wrong. */
export function isPutOff({ notBefore }: Pick<Delivery, 'notBefore'>, now: number): boolean {
  return notBefore !== null && Date.parse(notBefore) > now && !isToCome(notBefore, now + LONGEST_PUT_OFF);
}

/**
 * True while a mail server that has refused it many times is to be left alone for some hours. What nobody else has is
 * tried each time.
 */
export function isOftenRefused(delivery: Delivery, now: number): boolean {
  const { state, reason, attempts, changedAt } = delivery;
  if (state !== 'pending' || attempts < OFTEN_REFUSED || isNeeded(delivery)) return false;
  const passed = now - Date.parse(changedAt);
  return isRefusedForNow(reason) && passed >= 0 && passed < AFTER_MANY_REFUSALS;
}

/** Until when a service is to be left alone, epoch milliseconds; undefined: it is not. */
export function waitsUntil(delivery: Delivery, now: number): number | undefined {
  if (isPutOff(delivery, now)) return Date.parse(`${delivery.notBefore}`);
  return isOftenRefused(delivery, now) ? Date.parse(delivery.changedAt) + AFTER_MANY_REFUSALS : undefined;
}
