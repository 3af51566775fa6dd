import { expect, test } from 'vitest';
import { NOW, newLedger, ownerOf } from './example-ledger.ts';

test('a daemon is known while it lives, and forgotten by its own stop only', async () => {
  const { ledger } = newLedger();
  expect(await ledger.daemon()).toBeUndefined();
  const daemon = { ...ownerOf('me'), startedAt: NOW, seenAt: NOW };
  await ledger.daemonLives(daemon);
  const seen = { ...daemon, seenAt: '2025-09-18T21:00:00.000Z' };
  await ledger.daemonLives(seen);
  expect(await ledger.daemon()).toEqual(seen);
  await ledger.daemonStopped('you');
  expect(await ledger.daemon()).toEqual(seen);
  await ledger.daemonStopped('me');
  expect(await ledger.daemon()).toBeUndefined();
});
