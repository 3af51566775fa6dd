import { expect, test } from 'vitest';
import { NOW, ownerOf } from '../example-ledger.ts';
import { newLedger } from './example-ledger.ts';

test('a daemon is known while it lives, and forgotten by its own stop only', async () => {
  const { ledger } = newLedger();
  expect(await ledger.daemon()).toBeUndefined();
  const daemon = { ...ownerOf('me'), startedAt: NOW, seenAt: NOW };
  expect(await ledger.lead(daemon, () => false)).toBeUndefined();
  const seen = { ...daemon, seenAt: '2025-09-18T21:00:00.000Z' };
  expect(await ledger.lead(seen, () => false)).toBeUndefined();
  expect(await ledger.daemon()).toEqual(seen);
  await ledger.daemonStopped('you');
  expect(await ledger.daemon()).toEqual(seen);
  await ledger.daemonStopped('me');
  expect(await ledger.daemon()).toBeUndefined();
});

test('one daemon leads: another one only where it is gone, and a stop of one that stands by changes nothing', async () => {
  const { ledger } = newLedger();
  const [first, second] = ['first', 'second'].map((id) => ({ ...ownerOf(id), startedAt: NOW, seenAt: NOW }));
  if (first === undefined || second === undefined) throw new Error('there are two');
  await ledger.lead(first, () => false);
  expect(await ledger.lead(second, ({ id }) => id !== 'first')).toEqual(first);
  await ledger.daemonStopped('second');
  expect(await ledger.daemon()).toEqual(first);
  expect(await ledger.lead(second, ({ id }) => id === 'first')).toBeUndefined();
  // It wakes, and is asked in vain whether itself is gone.
  expect(await ledger.lead(first, () => false)).toEqual(second);
});

test('every daemon is among the instances until it stops, or has been silent for a day', async () => {
  const { ledger } = newLedger();
  const daemon = (id: string, seenAt: string) => ({ ...ownerOf(id), startedAt: NOW, seenAt });
  await ledger.instanceLives(daemon('a', NOW));
  await ledger.instanceLives(daemon('b', NOW));
  expect((await ledger.instances()).map(({ id }) => id)).toEqual(['a', 'b']);
  await ledger.daemonStopped('a');
  expect((await ledger.instances()).map(({ id }) => id)).toEqual(['b']);
  const later = new Date(Date.parse(NOW) + 25 * 3_600_000).toISOString();
  await ledger.instanceLives(daemon('c', later));
  expect(await ledger.instances()).toEqual([daemon('c', later)]);
});
