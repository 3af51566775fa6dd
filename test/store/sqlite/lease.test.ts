import { describe, expect, test } from 'vitest';
import { LEASE_MS, type LeaseOwner } from '../../../src/store/lease-owner.ts';
import { NOW, ownerOf } from '../example-ledger.ts';
import { newLedger } from './example-ledger.ts';

describe('the lease, by the clock of its processes', () => {
  const owner = ownerOf;
  const alive = () => false;
  const dead = () => true;
  const start = Date.parse(NOW);

  test('is free at once when its holder is dead', async () => {
    const { ledger } = newLedger();
    await ledger.takeLease(owner('me'), start, alive);
    const asked: LeaseOwner[] = [];
    const isDead = (other: LeaseOwner) => asked.push(other) > 0;
    expect(await ledger.takeLease(owner('you'), start, isDead)).toBeUndefined();
    expect(asked).toEqual([owner('me')]);
    expect(await ledger.takeLease(owner('me'), start, alive)).toEqual(owner('you'));
  });

  test('is free when it has expired, and prolonging it keeps it', async () => {
    const { ledger } = newLedger();
    await ledger.takeLease(owner('me'), start, alive);
    expect(await ledger.takeLease(owner('me'), start + LEASE_MS / 2, alive)).toBeUndefined();
    expect(await ledger.takeLease(owner('you'), start + LEASE_MS, alive)).toEqual(owner('me'));
    expect(await ledger.takeLease(owner('you'), start + 1.5 * LEASE_MS, alive)).toBeUndefined();
  });

  test('a holder does not ask whether it is dead itself', async () => {
    const { ledger } = newLedger();
    await ledger.takeLease({ ...owner('me'), processStarted: null }, start, alive);
    expect(await ledger.takeLease(owner('me'), start, dead)).toBeUndefined();
    expect(await ledger.takeLease(owner('you'), start, alive)).toEqual(owner('me'));
  });

  test('that has expired is lost to who takes over', async () => {
    const { ledger } = newLedger();
    await ledger.takeLease(owner('me'), start, alive);
    await ledger.keepLease('me', start + 10 * LEASE_MS);
    await ledger.takeLease(owner('you'), start + 11 * LEASE_MS, alive);
    await expect(ledger.keepLease('me', start)).rejects.toThrow('process 42 on here took over while this one slept');
  });

  test.each([
    ['a year ahead', 365 * 86_400_000, undefined],
    ['as long as clocks may differ beyond the longest', LEASE_MS + 60_001, undefined],
    ['for its full time, by a clock that is a little ahead', LEASE_MS + 60_000, owner('me')],
  ])('that ends %s', async (_, ahead, inTheWay) => {
    const { ledger } = newLedger();
    // On this machine, by a process that lives: a clock that was set back.
    await ledger.takeLease(owner('me'), start + ahead - LEASE_MS, alive);
    expect(await ledger.takeLease(owner('you'), start, alive)).toEqual(inTheWay);
  });
});
