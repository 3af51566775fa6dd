import type { Session } from '../../src/market/close.ts';

const clocks = new Map<string, Intl.DateTimeFormat>();
const midnights = new Map<string, Map<Session, number>>();

/** Epoch seconds of a session's hour at its place. Remembered: a story asks for each of ten thousand sessions again and again. */
export function epoch(timeZone: string, session: Session, hour: number): number {
  const known = entry(midnights, timeZone, () => new Map<Session, number>());
  const midnight = entry(
    known,
    session,
    () => Date.parse(`${session}T00:00:00Z`) / 1000 - hoursAhead(timeZone, session) * 3600,
  );
  return midnight + hour * 3600;
}

/** Hours that a place is ahead of UTC on a session, in India with a half. Clocks change on Sundays only. */
export function hoursAhead(timeZone: string, session: Session): number {
  const clock = entry(clocks, timeZone, () => new Intl.DateTimeFormat('en-GB', { timeZone, timeStyle: 'short' }));
  // At noon it is the same day everywhere that is traded.
  const [hour = 0, minute = 0] = clock
    .format(new Date(`${session}T12:00:00Z`))
    .split(':')
    .map(Number);
  return hour - 12 + minute / 60;
}

function entry<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}
