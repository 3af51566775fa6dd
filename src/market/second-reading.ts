import type { KnownClose } from './known-close.ts';
import { isToCome } from './stamp.ts';

/** Why a value is held that would take the place of one that a later day has agreed with, or that replaced another. */
export const SECOND_READING =
  'another value was read of it before; it is believed once a second reading, at least an hour later, agrees';

/** How far apart two readings lie that agree on a settled close, in milliseconds. */
export const READINGS_APART = 3_600_000;

/** A second reading that has not come for so long does not come: what was accepted stands. In milliseconds. */
const WAITS_FOR = 2 * 86_400_000;

/**
 * The value that only waits for a second reading; undefined where there is none, or more is wrong with it.
 * @param now epoch milliseconds
 */
export function awaitedValue({ close, held }: KnownClose, now: number): number | undefined {
  if (close === null || held?.reason !== SECOND_READING || isToCome(held.since, now)) return undefined;
  return now - Date.parse(held.since) <= WAITS_FOR ? held.close : undefined;
}

/** True once a second reading of it would decide, so that the source is worth asking. */
export function isSecondReadingDue(row: KnownClose, now: number): boolean {
  const { held } = row;
  return held !== null && awaitedValue(row, now) !== undefined && now - Date.parse(held.since) >= READINGS_APART;
}
