import { describe, expect, test } from 'vitest';
import { isAwaited, isKept, isLost, isOpen, isTriedAgain, isUnconfirmed } from '../../src/delivery/standing.ts';
import type { Delivery } from '../../src/store/deliveries.ts';
import { DAY, DECIDED, PENDING } from '../support/delivery-bot.ts';

const FAILED: Partial<Delivery> = { state: 'failed', attempts: 1, reason: 'HTTP 403' };
const UNKNOWN: Partial<Delivery> = { state: 'unknown', attempts: 4, unknownAttempts: 4, elsewhere: true };
const PAUSED: Partial<Delivery> = { pause: { channel: 'a', since: PENDING.decidedAt, until: null } };
const of = (change: Partial<Delivery>): Delivery => ({ ...PENDING, ...change });

test('a later run tries by itself what is pending, and no drill, nor what is paused, refused for good or used up', () => {
  expect(isAwaited(of({}), DECIDED)).toBe(true);
  for (const change of [{ kind: 'drill' }, PAUSED, FAILED, UNKNOWN] satisfies Partial<Delivery>[])
    expect(isAwaited(of(change), DECIDED)).toBe(false);
});

test('what was refused for good is tried again in a round with a check, for a week', () => {
  const digest = of({ ...FAILED, kind: 'digest' });
  expect(isTriedAgain(digest, { checked: true, now: DECIDED + 7 * DAY })).toBe(true);
  expect(isTriedAgain(digest, { checked: true, now: DECIDED + 7 * DAY + 1 })).toBe(false);
  expect(isTriedAgain(digest, { checked: false, now: DECIDED })).toBe(false);
});

test('it is open for its week, or while it is paused; a drill never is', () => {
  const late = DECIDED + 7 * DAY + 1;
  const failed = of({ ...FAILED, elsewhere: true });
  expect(isOpen(failed, late - 1)).toBe(true);
  expect(isOpen(failed, late)).toBe(false);
  expect(isOpen({ ...failed, ...PAUSED }, late)).toBe(true);
  expect(isOpen(of({ kind: 'drill' }), DECIDED)).toBe(false);
});

test('a paused channel keeps what belongs to an event and was not refused for good', () => {
  expect(isKept(of({}))).toBe(true);
  expect(isKept(of({ kind: 'digest' }))).toBe(false);
  expect(isKept(of(FAILED))).toBe(false);
});

describe('lost', () => {
  test.each<[string, Partial<Delivery>, number, boolean]>([
    ['is what was refused for good', FAILED, 0, true],
    ['and what may have arrived as often as it is tried', UNKNOWN, 0, true],
    ['for a week after that', FAILED, 7 * DAY, true],
    ['and no longer', FAILED, 7 * DAY + 1, false],
    ['is no digest', { ...FAILED, kind: 'digest' }, 0, false],
    ['is not what is tried on', { attempts: 1 }, 0, false],
    ['but what is tried on past its week, as nobody has it', { attempts: 1, ...changed(7 * DAY) }, 7 * DAY + 1, true],
    ['unless its event is in doubt', { attempts: 1, inDoubt: true, ...changed(7 * DAY) }, 7 * DAY + 1, false],
  ])('%s', (_, change, age, lost) => {
    expect(isLost(of(change), DECIDED + age)).toBe(lost);
  });
});

describe('unconfirmed', () => {
  test.each<[string, Partial<Delivery>, number, boolean]>([
    ['is what was tried in vain', { attempts: 1 }, 0, true],
    ['is not what was never tried', {}, 0, false],
    ['nor what has arrived', { state: 'sent', attempts: 1 }, 0, false],
    ['nor what is paused', { ...FAILED, ...PAUSED }, 0, false],
    ['nor what is in doubt', { ...FAILED, inDoubt: true }, 0, false],
    ['is an alert however late', FAILED, 30 * DAY, true],
    ['is no follow-up after its week', { ...FAILED, kind: 'follow-up' }, 7 * DAY + 1, false],
    ['is nothing on a channel that is gone, after its week', { ...FAILED, channel: 'gone' }, 7 * DAY + 1, false],
  ])('%s', (_, change, age, unconfirmed) => {
    expect(isUnconfirmed(of(change), ['a'], DECIDED + age)).toBe(unconfirmed);
  });
});

/** Changed for the last time so long after it was decided. */
function changed(ms: number): Pick<Delivery, 'changedAt'> {
  return { changedAt: new Date(DECIDED + ms).toISOString() };
}
