import { describe, expect, test } from 'vitest';
import { GIVE_UP_AFTER } from '../../src/delivery/patience.ts';
import { nextStep, whatIsNext } from '../../src/delivery/policy.ts';
import type { Delivery } from '../../src/store/deliveries.ts';
import { DAY, DECIDED, fakeChannel, HOUR, PENDING } from '../support/delivery-bot.ts';

describe('the next step', () => {
  const failed: Partial<Delivery> = { state: 'failed', attempts: 1, fingerprint: 'mark', reason: 'HTTP 403' };
  const unknown: Partial<Delivery> = { state: 'unknown', attempts: 1, unknownAttempts: 1, fingerprint: 'mark' };
  const later = new Date(DECIDED + HOUR).toISOString();
  const OLD = GIVE_UP_AFTER + 1;
  const lately = { changedAt: new Date(DECIDED + OLD - HOUR).toISOString() };
  /** Tried for the last time so long before it is too old. */
  const lastTried = (ms: number) => ({ changedAt: new Date(DECIDED + OLD - ms).toISOString() });
  const monthLater = { changedAt: new Date(DECIDED + 30 * DAY).toISOString() };
  /** Somebody has the message on another channel. */
  const told = { elsewhere: true };
  const often = { attempts: 6, reason: 'the mail server refused it for now: 450 4.7.1 Error: too much mail' };
  const pause = (since: number, until: number | null) => ({
    pause: {
      channel: 'a',
      since: new Date(DECIDED + since).toISOString(),
      until: until === null ? null : new Date(DECIDED + until).toISOString(),
    },
  });

  test.each<[delivery: Partial<Delivery>, looks: boolean, says: RegExp]>([
    [{ ...unknown, ...told, unknownAttempts: 4 }, false, /^4 attempts may have arrived, so it is not sent again$/],
    // While nobody else has it, it goes on.
    [
      { ...unknown, unknownAttempts: 4 },
      false,
      /^it may have arrived; it is sent again, marked as a repeat, not before/,
    ],
    // It looks, however often, and sends what it does not find.
    [{ ...unknown, unknownAttempts: 4 }, true, /^a later run checks whether it arrived/],
    [
      unknown,
      false,
      /^it may have arrived; it is sent again, marked as a repeat, not before 18 Sep 2025, 17:45 New York$/,
    ],
    [{ attempts: 1 }, false, /^later runs try again$/],
    [{ attempts: 1, notBefore: later }, false, /^later runs try again, not before 18 Sep 2025, 17:45 New York$/],
    [{ ...told, ...often }, false, /^later runs try again, not before 18 Sep 2025, 20:45 New York$/],
    [often, false, /^later runs try again$/],
  ])('is said in words: %o, looks: %s', (delivery, looks, says) => {
    expect(whatIsNext({ ...PENDING, ...delivery }, { looks, now: DECIDED })).toMatch(says);
  });

  test.each<[name: string, delivery: Partial<Delivery>, age: number, step: string]>([
    ['a new one is sent', {}, 0, 'send'],
    ['a refused one is sent for 7 days', { attempts: 9 }, GIVE_UP_AFTER, 'send'],
    ['a refused one is given up after 7 days', { attempts: 9, ...lately, ...told }, OLD, 'give up'],
    ['but not where nobody tried for a day, as the machine was off', { attempts: 9, ...told }, 30 * DAY, 'send'],
    [
      'not yet a day after the last attempt: it is given up',
      { attempts: 9, ...told, ...lastTried(DAY) },
      OLD,
      'give up',
    ],
    ['a moment later it is sent', { attempts: 9, ...told, ...lastTried(DAY + 1) }, OLD, 'send'],
    ['nor while nobody else has it', { attempts: 9, ...lately }, OLD, 'send'],
    ['a follow-up is: it is no news any more', { kind: 'follow-up', attempts: 9, ...lately }, OLD, 'give up'],
    ['one that was never tried is, however late', {}, 30 * DAY, 'send'],
    ['a digest is not: it is no news any more', { kind: 'digest' }, OLD, 'give up'],
    ['on a paused channel it is left', pause(-HOUR, null), HOUR, 'leave'],
    ['after the pause it is sent', pause(-HOUR, HOUR), HOUR, 'send'],
    ['and for 7 days from then on', { ...lately, ...pause(-HOUR, 30 * DAY) }, 37 * DAY, 'send'],
    [
      'a pause of later brings nothing back',
      { ...failed, ...told, ...pause(100 * DAY, 101 * DAY) },
      102 * DAY,
      'leave',
    ],
    ['one that has to wait is left', { notBefore: later }, HOUR - 1, 'leave'],
    ['one that has waited is sent', { notBefore: later }, HOUR, 'send'],
    ['a permanently refused one is sent for 7 days', failed, GIVE_UP_AFTER, 'send'],
    ['a permanently refused one is left after 7 days', { ...failed, ...told }, OLD, 'leave'],
    ['but sent once a run while nobody else has it', failed, 30 * DAY, 'send'],
    [
      'after 7 days too it is sent when the settings of the channel changed',
      { ...failed, ...told, fingerprint: 'other' },
      30 * DAY,
      'send',
    ],
    ['one of unknown fate is left for an hour', unknown, HOUR - 1, 'leave'],
    ['and then sent again', unknown, HOUR, 'send again'],
    ['after a second attempt it is left for 6 hours', { ...unknown, unknownAttempts: 2 }, 6 * HOUR - 1, 'leave'],
    ['and then sent again', { ...unknown, unknownAttempts: 2 }, 6 * HOUR, 'send again'],
    ['after a third it is left for a day', { ...unknown, unknownAttempts: 3 }, DAY - 1, 'leave'],
    ['and then sent again', { ...unknown, unknownAttempts: 3 }, DAY, 'send again'],
    ['but not a fourth time', { ...unknown, ...told, unknownAttempts: 4 }, 6 * DAY, 'leave'],
    ['unless nobody else has it: then after a day', { ...unknown, unknownAttempts: 4 }, DAY, 'send again'],
    ['and not before', { ...unknown, unknownAttempts: 9 }, DAY - 1, 'leave'],
    ['a month later after a week', { ...unknown, unknownAttempts: 30, ...monthLater }, 37 * DAY, 'send again'],
    ['and not before that', { ...unknown, unknownAttempts: 30, ...monthLater }, 37 * DAY - 1, 'leave'],
    ['of a follow-up nobody needs a fifth', { ...unknown, kind: 'follow-up', unknownAttempts: 4 }, 6 * DAY, 'leave'],
    ['what may have been sent before a restore is sent again at once', { ...unknown, restored: true }, 0, 'send again'],
    ['and what it did not know of', { ...unknown, attempts: 0 }, 0, 'send again'],
    ['one that was refused after an unknown attempt is a repeat', { attempts: 2, unknownAttempts: 1 }, 0, 'send again'],
    ['one of unknown fate is left after 7 days', { ...unknown, ...lately, ...told }, OLD, 'leave'],
    ['but sent again where nobody tried for a day', { ...unknown, ...told }, 30 * DAY, 'send again'],
    ['not yet a day after the last attempt', { ...unknown, ...told, ...lastTried(DAY) }, OLD, 'leave'],
    ['a moment later it is sent again', { ...unknown, ...told, ...lastTried(DAY + 1) }, OLD, 'send again'],
    ['one whose event is in doubt is left', { inDoubt: true }, 0, 'leave'],
    ['one of unknown fate whose event is in doubt is left', { ...unknown, inDoubt: true }, 0, 'leave'],
    // Settings of null are those of no attempt: nothing of them can have changed.
    ['one that was given up untried is left', { ...failed, ...told, attempts: 0, fingerprint: null }, OLD, 'leave'],
  ])('%s', (_, change, age, expected) => {
    const step = nextStep({ ...PENDING, ...change }, fakeChannel('a'), { now: DECIDED + age, offline: false });
    expect(step.do === 'send' && step.repeat ? 'send again' : step.do).toBe(expected);
  });

  test('a channel that needs the network is left while offline, another is not', () => {
    expect(nextStep(PENDING, fakeChannel('a'), { now: DECIDED, offline: true })).toMatchObject({
      do: 'leave',
      why: 'offline',
    });
    expect(nextStep(PENDING, fakeChannel('a', { needsNetwork: false }), { now: DECIDED, offline: true })).toMatchObject(
      { do: 'send' },
    );
  });

  test('a channel that is not set up any more is left, and given up after 7 days', () => {
    expect(nextStep(PENDING, undefined, { now: DECIDED, offline: false })).toMatchObject({
      do: 'leave',
      why: expect.stringContaining('not set up'),
    });
    expect(nextStep(PENDING, undefined, { now: DECIDED + OLD, offline: false })).toMatchObject({ do: 'give up' });
    expect(nextStep({ ...PENDING, ...failed }, undefined, { now: DECIDED, offline: false })).toMatchObject({
      do: 'leave',
    });
    expect(nextStep({ ...PENDING, ...unknown }, undefined, { now: DECIDED, offline: false })).toMatchObject({
      do: 'leave',
    });
  });

  test('what is given up says why it never arrived', () => {
    const step = (reason: string | null) =>
      nextStep({ ...PENDING, ...lately, ...told, reason }, fakeChannel('a'), { now: DECIDED + OLD, offline: false });
    expect(step('HTTP 502')).toEqual({ do: 'give up', why: 'given up after 7 days; last: HTTP 502' });
    expect(step(null)).toEqual({ do: 'give up', why: 'given up after 7 days; last: never tried' });
  });
});
