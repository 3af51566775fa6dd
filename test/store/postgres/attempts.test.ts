import { describe, expect, test } from 'vitest';
import { asOwner } from '../../../src/store/lease-owner.ts';
import { claimDelivery } from '../../../src/store/postgres/attempts.ts';
import { decision, EVENT } from '../../support/examples.ts';
import { NO_POSTGRES, newDatabase } from '../../support/postgres.ts';
import { ALERT, deliveryOf, NOW, ownerOf, states, update } from '../example-ledger.ts';
import { expire, one, openProcess, type Process } from './processes.ts';

const START = Date.parse(NOW);

/** An alert to a channel, claimed by 'me'. */
async function sending() {
  const { url } = await newDatabase();
  const process = await openProcess(url);
  const { ledger } = process;
  const posting = { message: ALERT, event: EVENT.id, channels: ['discord'] };
  await ledger.takeLease(ownerOf('me'), START, () => false);
  await asOwner('me', () => ledger.decide(decision({ events: [EVENT], messages: [posting] })));
  const read = await deliveryOf(ledger, 'discord');
  const claim = await ledger.claim(read, 'me', 'mark', NOW);
  if (claim === undefined) throw new Error('nobody else is there');
  return { url, process, ledger, read, claim };
}

/** Another host takes over. */
async function takeOver(url: string): Promise<Process> {
  const other = await openProcess(url);
  await expire(url);
  expect(await other.ledger.takeLease(ownerOf('you'), START, () => false)).toBeUndefined();
  return other;
}

describe.skipIf(NO_POSTGRES !== undefined)('what was being sent when its run lost the lease', () => {
  test('is left alone while it may be on its way, and is unknown afterwards', async () => {
    const { url, ledger, claim } = await sending();
    await ledger.mayWrite(claim, START, 60_000);
    const arrives = await one(
      url,
      'select extract(epoch from may_arrive_until - clock_timestamp())::float8 from deliveries',
    );
    expect(Number(arrives)).toBeGreaterThan(50);
    expect(Number(arrives)).toBeLessThanOrEqual(60);
    const other = await takeOver(url);
    await other.ledger.abandonSending('you');
    expect(await states(ledger)).toEqual({ discord: 'sending' });
    await one(url, "update deliveries set may_arrive_until = clock_timestamp() - interval '1 ms'");
    await other.ledger.abandonSending('you');
    expect(await deliveryOf(ledger, 'discord')).toMatchObject({
      state: 'unknown',
      unknownAttempts: 1,
      attempts: 1,
      reason: 'the process ended, or slept, while it was being sent',
      changedAt: NOW,
    });
    expect(await ledger.recordResult(claim, update({}), NOW)).toBe(false);
  });

  test('is noted by who sent it, as long as nobody has given it up', async () => {
    const { url, ledger, claim } = await sending();
    await ledger.mayWrite(claim, START, 60_000);
    const other = await takeOver(url);
    await other.ledger.abandonSending('you');
    expect(await ledger.recordResult(claim, update({}), NOW)).toBe(true);
    expect(await states(other.ledger)).toEqual({ discord: 'sent' });
  });

  test('is unknown at once where it was not written yet, and then never is', async () => {
    const { url, ledger, claim } = await sending();
    const other = await takeOver(url);
    await other.ledger.abandonSending('you');
    expect(await states(ledger)).toEqual({ discord: 'unknown' });
    await expect(ledger.mayWrite(claim, START, 60_000)).rejects.toThrow('took over');
  });

  test('stays what it is to its own run', async () => {
    const { ledger } = await sending();
    await ledger.abandonSending('me');
    expect(await states(ledger)).toEqual({ discord: 'sending' });
  });

  test('is never written by a run whose claim alone is gone', async () => {
    const { url, ledger, claim } = await sending();
    await one(url, "update deliveries set claimed_by = 'you'");
    await expect(ledger.mayWrite(claim, START, 60_000)).rejects.toThrow(
      `another run took over the delivery of ${ALERT.id} to discord; it goes on`,
    );
    expect(await one(url, 'select may_arrive_until from deliveries')).toBeNull();
  });
});

describe.skipIf(NO_POSTGRES !== undefined)('a claim', () => {
  test('that is said twice, as its answer was lost, is one', async () => {
    const { process, ledger, read, claim } = await sending();
    const again = (owner: string, isAgain: boolean) =>
      process.postgres.transaction((queries) => claimDelivery(queries, read, owner, 'mark', NOW, isAgain));
    expect(await again('me', true)).toEqual(claim);
    expect(await again('me', false)).toBeUndefined();
    expect(await again('you', true)).toBeUndefined();
    expect(await deliveryOf(ledger, 'discord')).toMatchObject({ state: 'sending', attempts: 1 });
    await ledger.mayWrite(claim, START, 60_000);
    // What may be written already is not claimed a second time.
    expect(await again('me', true)).toBeUndefined();
  });

  test('of one delivery is had by one of ten who ask at once', async () => {
    const { ledger, claim } = await sending();
    await ledger.recordResult(claim, update({ state: 'pending' }), NOW);
    const read = await deliveryOf(ledger, 'discord');
    const claims = await Promise.all(Array.from({ length: 10 }, () => ledger.claim(read, 'me', 'mark', NOW)));
    expect(claims.filter((each) => each !== undefined)).toEqual([{ ...claim, attempt: 2 }]);
  });
});
