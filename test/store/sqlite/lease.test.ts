import { describe, expect, test } from 'vitest';
import { LeaseLostError } from '../../../src/store/errors.ts';
import { asOwner, LEASE_MS, type LeaseOwner } from '../../../src/store/lease-owner.ts';
import { createSqliteLedger } from '../../../src/store/sqlite/ledger.ts';
import { decision, EVENT } from '../../support/examples.ts';

import { ALERT, NOW, newLedger, open, ownerOf } from './example-ledger.ts';

describe('the lease', () => {
  const owner = ownerOf;
  const alive = () => false;
  const dead = () => true;
  const start = Date.parse(NOW);

  test('is taken by the first and refused to the second while the first lives', async () => {
    const { ledger, path } = newLedger();
    const other = createSqliteLedger(open(path));
    expect(await ledger.takeLease(owner('me'), start, alive)).toBeUndefined();
    expect(await other.takeLease(owner('you'), start + LEASE_MS - 1, alive)).toEqual(owner('me'));
  });

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

  test("of one that took over and has ended is not the first one's again", async () => {
    const { ledger } = newLedger();
    await ledger.takeLease(owner('me'), start, alive);
    await ledger.keepLease('me', start + 10 * LEASE_MS);
    await ledger.takeLease(owner('you'), start + 11 * LEASE_MS, alive);
    await expect(ledger.keepLease('me', start)).rejects.toThrow('process 42 on here took over while this one slept');
    await ledger.endRun(await ledger.beginRun('check', NOW), {}, NOW, 'you');
    await expect(ledger.keepLease('me', start)).rejects.toThrow('another run took over while this one slept');
    const posting = { message: ALERT, event: null, channels: ['folder'] };
    const trouble = { name: 'backup', since: NOW };
    for (const act of [
      () => ledger.decide(decision({ events: [EVENT] })),
      () => ledger.post(posting),
      () => ledger.raise(trouble, posting),
      () => ledger.clear(trouble, undefined, NOW),
    ]) {
      await expect(asOwner('me', act)).rejects.toThrow(LeaseLostError);
    }
    expect(await ledger.signal('russell-2000')).toBeUndefined();
    expect([await ledger.newestMessages(9), await ledger.openTroubles()]).toEqual([[], []]);
    await ledger.takeLease(owner('me'), start, alive);
    await asOwner('me', () => ledger.decide(decision({ events: [EVENT] })));
    expect(await ledger.signal('russell-2000')).toBeDefined();
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

  test('is given back with the end of the run, which is noted; by its holder only', async () => {
    const { ledger, database } = newLedger();
    await ledger.takeLease(owner('me'), start, alive);
    const runs = [await ledger.beginRun('check', NOW), await ledger.beginRun('check', NOW)];
    await ledger.endRun(runs[0] ?? 0, { fired: [] }, NOW, 'you');
    expect(await ledger.takeLease(owner('you'), start, alive)).toEqual(owner('me'));
    await ledger.endRun(runs[1] ?? 0, { fired: [] }, NOW, 'me');
    expect(await ledger.takeLease(owner('you'), start, alive)).toBeUndefined();
    expect(database.prepare('select command, started_at, ended_at, result from runs').all()).toEqual(
      Array.from({ length: 2 }, () => ({ command: 'check', started_at: NOW, ended_at: NOW, result: '{"fired":[]}' })),
    );
  });
});
