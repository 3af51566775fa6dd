import { expect, test } from 'vitest';
import { LeaseLostError } from '../../../src/store/errors.ts';
import { LEASE_MS } from '../../../src/store/lease-owner.ts';
import { claim, deliveryOf, lease, NOW, ownerOf, withAlert } from '../example-ledger.ts';
import { SQLITE } from '../stores.ts';

test('a claim may be written by who has it and the lease, and by nobody else', async () => {
  const { ledger } = await withAlert(SQLITE, 'a', 'b');
  const [a, now] = [await claim(ledger, 'a'), Date.parse(NOW)];
  await ledger.mayWrite(a, now, 30_000);
  await expect(ledger.mayWrite({ ...a, attempt: 2 }, now, 30_000)).rejects.toThrow(LeaseLostError);
  // It was prolonged.
  await ledger.mayWrite(a, now + LEASE_MS, 30_000);
  expect(await ledger.takeLease(ownerOf('you'), now + 2 * LEASE_MS - 1, () => false)).toEqual(ownerOf('me'));
  expect(await ledger.takeLease(ownerOf('you'), now + 2 * LEASE_MS, () => false)).toBeUndefined();
  await expect(ledger.mayWrite(a, now, 30_000)).rejects.toThrow(/process 42 on here took over while this one slept/);
  // Had the lease been got back somehow, what was given up meanwhile still is not to be written.
  await ledger.abandonSending('you');
  await lease(ledger);
  await expect(ledger.mayWrite(a, now, 30_000)).rejects.toThrow(/another run took over the delivery/);
});

test('what an owner has claimed it cannot claim again', async () => {
  const { ledger } = await withAlert(SQLITE, 'folder');
  const delivery = await deliveryOf(ledger, 'folder');
  await claim(ledger, 'folder');
  expect(await ledger.claim(delivery, 'me', 'mark', NOW)).toBeUndefined();
});
