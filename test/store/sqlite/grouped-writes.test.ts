import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { LeaseLostError } from '../../../src/store/errors.ts';
import { noteFact } from '../../../src/store/sqlite/facts.ts';
import { knownLedgerPath } from '../../../src/store/sqlite/known-ledger.ts';
import { createSqliteLedger } from '../../../src/store/sqlite/ledger.ts';
import { decision, EVENT } from '../../support/examples.ts';
import { ALERT, deliveryOf, lease, NOW, ownerOf, update, withAlert } from '../example-ledger.ts';
import { openFile, SQLITE } from '../stores.ts';

const CHANNELS = ['a', 'b', 'c', 'd'];

/** A ledger in a file, with an alert for four channels, and the same file as everybody else sees it. */
async function withFile() {
  const { path, database } = openFile();
  noteFact(database, 'ledger', 'x');
  const ledger = createSqliteLedger(database);
  await ledger.decide(
    decision({ events: [EVENT], messages: [{ message: ALERT, event: EVENT.id, channels: CHANNELS }] }),
  );
  await lease(ledger);
  return { path, ledger, other: openFile(path).database };
}

test('claims that come together are one commit, in the file and known beside it before any is given', async () => {
  const { path, ledger, other } = await withFile();
  const deliveries = await Promise.all(CHANNELS.map((channel) => deliveryOf(ledger, channel)));
  const seen: unknown[] = [];
  const claims = deliveries.map(async (delivery) => {
    const claim = await ledger.claim(delivery, 'me', 'mark', NOW);
    const told = other.prepare("select value from facts where name = 'told'").pluck().get();
    seen.push({
      sending: other.prepare("select count(*) from deliveries where state = 'sending'").pluck().get(),
      known: JSON.parse(readFileSync(knownLedgerPath(path), 'utf8')).told === Number(told),
    });
    return claim;
  });
  expect(await Promise.all(claims)).toMatchObject(CHANNELS.map((channel) => ({ channel, attempt: 1 })));
  expect(seen).toEqual(CHANNELS.map(() => ({ sending: 4, known: true })));
});

test('who has lost the lease is told so, and hinders nobody whose result comes with it', async () => {
  const { ledger } = await withFile();
  const [a, b] = [await deliveryOf(ledger, 'a'), await deliveryOf(ledger, 'b')];
  const claim = await ledger.claim(a, 'me', 'mark', NOW);
  if (claim === undefined) throw new Error('not claimed');
  await ledger.takeLease(ownerOf('you'), Date.parse(NOW), () => true);
  const [lost, noted, other] = await Promise.allSettled([
    ledger.claim(b, 'me', 'mark', NOW),
    ledger.recordResult(claim, update({ state: 'sent', receipt: {} }), NOW),
    ledger.claim(b, 'you', 'mark', NOW),
  ]);
  expect(lost).toMatchObject({ status: 'rejected', reason: expect.any(LeaseLostError) });
  expect(noted).toEqual({ status: 'fulfilled', value: true });
  expect(other).toMatchObject({ status: 'fulfilled', value: { channel: 'b', owner: 'you' } });
});

test('a result comes before the claim that was asked for after it', async () => {
  const { ledger } = await withAlert(SQLITE, 'a');
  await lease(ledger);
  const first = await deliveryOf(ledger, 'a');
  const claim = await ledger.claim(first, 'me', 'mark', NOW);
  if (claim === undefined) throw new Error('not claimed');
  const [noted, again] = await Promise.all([
    ledger.recordResult(claim, update({ state: 'pending', reason: '421' }), NOW),
    ledger.claim({ ...first, attempts: 1 }, 'me', 'mark', NOW),
  ]);
  expect([noted, again]).toEqual([true, { message: ALERT.id, channel: 'a', owner: 'me', attempt: 2 }]);
});
