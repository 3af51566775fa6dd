import { describe, expect, test } from 'vitest';
import { LeaseLostError } from '../../src/store/errors.ts';
import { asOwner } from '../../src/store/lease-owner.ts';
import type { Ledger } from '../../src/store/ledger.ts';
import { decision, EVENT } from '../support/examples.ts';
import { ALERT, NOW, ownerOf } from './example-ledger.ts';
import { STORES } from './stores.ts';

const START = Date.parse(NOW);

/** @returns who is in the way */
const take = async (ledger: Ledger, id: string) => (await ledger.takeLease(ownerOf(id), START, () => false))?.id;

const end = async (ledger: Ledger, id: string) =>
  ledger.endRun(await ledger.beginRun('check', NOW), { fired: [] }, NOW, id);

describe.each(STORES)('the lease in $name', (store) => {
  test('is taken by the first and refused to the second while the first lives', async () => {
    const { ledger, again } = await store.openLedger();
    const other = await again();
    expect(await take(ledger, 'me')).toBeUndefined();
    expect(await other.takeLease(ownerOf('you'), START, () => false)).toMatchObject({
      id: 'me',
      host: 'here',
      pid: 42,
    });
    expect(await take(ledger, 'me')).toBeUndefined();
    await ledger.keepLease('me', START);
  });

  test('is given back with the end of the run, which is noted; by its holder only', async () => {
    const { ledger } = await store.openLedger();
    await take(ledger, 'me');
    await end(ledger, 'you');
    expect(await take(ledger, 'you')).toBe('me');
    await end(ledger, 'me');
    expect(await take(ledger, 'you')).toBeUndefined();
    const run = { command: 'check', startedAt: NOW, endedAt: NOW, fired: [], problems: [] };
    expect(await ledger.newestRuns(9)).toEqual([run, run]);
  });

  test("of one that took over and has ended is not the first one's again", async () => {
    const { ledger, again } = await store.openLedger();
    const other = await again();
    await take(ledger, 'me');
    await end(ledger, 'me');
    await take(other, 'you');
    await expect(ledger.keepLease('me', START)).rejects.toThrow('process 42 on here took over while this one slept');
    await end(other, 'you');
    await expect(ledger.keepLease('me', START)).rejects.toThrow('another run took over while this one slept');
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
    await take(ledger, 'me');
    await asOwner('me', () => ledger.decide(decision({ events: [EVENT] })));
    expect(await ledger.signal('russell-2000')).toBeDefined();
  });
});
