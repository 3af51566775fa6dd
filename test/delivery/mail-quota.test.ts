import { describe, expect, test } from 'vitest';
import { isMailRationed, waitsForItsRation } from '../../src/delivery/mail-quota.ts';
import { NO_TURN } from '../../src/delivery/policy.ts';
import type { Delivery } from '../../src/store/deliveries.ts';
import { PENDING } from '../support/delivery-bot.ts';

const addresses = (count: number) => Array.from({ length: count }, (_, at) => `email:p${at}@example.com`);
const TOO_MUCH = 'the mail server refused it for now: 450 4.7.1 Error: too much mail from 127.0.0.1';
const FULL = 'the mail server refused it for now: 452 4.2.2 The mailbox is over quota';

describe('mail is rationed', () => {
  const putOff = (count: number, change: Partial<Delivery> = {}) =>
    addresses(count).map((channel) => ({ ...PENDING, channel, attempts: 1, reason: TOO_MUCH, ...change }));

  test.each([
    ['where three of a few addresses are put off', 5, putOff(3), true],
    ['not where two are', 5, putOff(2), false],
    ['where more than one in ten is', 40, putOff(5), true],
    ['not where one in ten is', 40, putOff(4), false],
    ['where addresses had no turn', 5, putOff(3, { reason: NO_TURN }), true],
    ['not where mailboxes are full', 5, putOff(3, { reason: FULL }), false],
    ['not where only a digest waits', 5, putOff(3, { kind: 'digest' }), false],
    ['not where it is over', 5, putOff(3, { state: 'failed' }), false],
  ])('%s', (_, inUse, unsent, rationed) => {
    expect(isMailRationed([...addresses(inUse), 'folder'], unsent)).toBe(rationed);
  });
});

test('while it is, digests and drills by email wait, and nothing else', () => {
  expect(waitsForItsRation({ kind: 'digest', channel: 'email:ann@example.com' })).toBe(true);
  expect(waitsForItsRation({ kind: 'drill', channel: 'email:ann@example.com' })).toBe(true);
  expect(waitsForItsRation({ kind: 'warning', channel: 'email:ann@example.com' })).toBe(false);
  expect(waitsForItsRation({ kind: 'digest', channel: 'discord-webhook' })).toBe(false);
});
