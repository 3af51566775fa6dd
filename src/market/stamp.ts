/** Clocks that show times further apart are not both right, in milliseconds. */
export const CLOCKS_DIFFER = 5 * 60_000;

/** A clock that shows an earlier time is that of a machine without a battery, just after its start. */
export const NO_EARLIER = Date.parse('2020-01-01T00:00:00Z');

/**
 * True for a stamp from the future: a clock that was wrong wrote it, so what it says was done then never counts as done.
 * @param stamp ISO instant
 * @param now epoch milliseconds
 */
export function isToCome(stamp: string, now: number): boolean {
  return Date.parse(stamp) > now + CLOCKS_DIFFER;
}
