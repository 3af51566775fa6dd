import type { Session } from '../../src/market/close.ts';
import type { Judgement, KnownClose } from '../../src/market/known-close.ts';
import { sessionsBetween } from '../../src/market/new-york.ts';

export const READ_AT = '2025-09-18T20:40:00.000Z';

export function settled(session: Session, close: number): KnownClose {
  return { session, close, state: 'settled', firstReadAt: READ_AT, readAt: READ_AT, held: null };
}

export function heldAt(session: Session, value: number, close: number | null = null): KnownClose {
  return {
    session,
    close,
    state: close === null ? 'held' : 'settled',
    firstReadAt: READ_AT,
    readAt: close === null ? null : READ_AT,
    held: { close: value, reason: 'more than 0.5% off the last price of 100', since: READ_AT },
  };
}

export function changing(...changed: KnownClose[]): Judgement {
  return { changed, revisions: [] };
}

/** Every session from one to another, with a close. */
export function allBetween(from: Session, to: Session): KnownClose[] {
  return sessionsBetween(from, to).map((session) => settled(session, 100));
}

export function at(time: string): number {
  return Date.parse(`${time.replace(' ', 'T')}:00-04:00`);
}
