import type { Delivery } from '../store/deliveries.ts';
import { isDrill, isOfAnEvent } from './kinds.ts';
import { areEnough, GIVE_UP_AFTER, isLastTry, isTriedEnough, isUsedUp, patienceEnds } from './patience.ts';
import { isPaused } from './pause.ts';
import { isNeeded } from './somebody.ts';

// Where a delivery stands, for what is told of it and for whether a run is wanted.

/** True when no later run tries again by itself, or when only a person can help. */
function hasEnded(delivery: Delivery): boolean {
  return delivery.state === 'failed' || (delivery.state === 'unknown' && isUsedUp(delivery));
}

/** True while a later run may send it by itself. */
export function isAwaited(delivery: Delivery, now: number): boolean {
  if (isDrill(delivery) || hasEnded(delivery)) return false;
  return !isPaused(delivery.pause, now) && !isTriedEnough(delivery, now);
}

/**
 * True for what a round tries again of the bot's own words.
 * @param checked true in a round with a check, which tries again what was refused for good too
 */
export function isTriedAgain(
  delivery: Delivery,
  { checked, now }: { readonly checked: boolean; readonly now: number },
): boolean {
  return isAwaited(delivery, now) || (checked && now <= patienceEnds(delivery));
}

/** True for what a run tries again, or that lately was. */
export function isOpen(delivery: Delivery, now: number): boolean {
  if (isDrill(delivery)) return false;
  return !isLastTry(delivery, now) || isPaused(delivery.pause, now) || isAwaited(delivery, now);
}

/** True for what a paused channel has kept, and gets once it goes on. What was refused for good is not kept. */
export function isKept(delivery: Delivery): boolean {
  return isOfAnEvent(delivery) && delivery.state !== 'failed';
}

/**
 * True for a message of an event that is not sent and that no later run sends by itself; and for one that is tried on, as
 * nobody surely has it, once it would have been given up otherwise. A week after its last change it is no news any more.
 */
export function isLost(delivery: Delivery, now: number): boolean {
  if (!isOfAnEvent(delivery) || delivery.state === 'sent' || !isRecent(delivery, now)) return false;
  if (hasEnded(delivery) || (delivery.state === 'unknown' && isTriedEnough(delivery, now))) return true;
  if (delivery.attempts === 0 || delivery.inDoubt || isPaused(delivery.pause, now)) return false;
  return isNeeded(delivery) && (areEnough(delivery) || now > patienceEnds(delivery));
}

/**
 * True where an attempt was refused, has failed or may have arrived, and a person should still know of it.
 * @param inUse the channels that are set up
 */
export function isUnconfirmed(delivery: Delivery, inUse: readonly string[], now: number): boolean {
  const { state, attempts, inDoubt, pause, kind, channel } = delivery;
  if (state === 'sent' || inDoubt || isPaused(pause, now) || (state === 'pending' && attempts === 0)) return false;
  const lately = now <= patienceEnds(delivery);
  // No attempt is left that could end it: it is told for a week.
  if (state === 'unknown' && isUsedUp(delivery)) return isRecent(delivery, now);
  if (!inUse.includes(channel)) return lately;
  return kind !== 'follow-up' || lately || isAwaited(delivery, now);
}

/** True for a week after what became of it last. */
function isRecent({ changedAt }: Delivery, now: number): boolean {
  return now - Date.parse(changedAt) <= GIVE_UP_AFTER;
}
