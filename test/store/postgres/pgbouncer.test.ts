import { describe, expect, test } from 'vitest';
import { asOwner } from '../../../src/store/lease-owner.ts';
import { decision, EVENT } from '../../support/examples.ts';
import { NO_PGBOUNCER, startPgbouncer } from '../../support/pgbouncer.ts';
import { NO_POSTGRES, newDatabase } from '../../support/postgres.ts';
import { useStandIn } from '../../support/temporary.ts';
import { allBetween, changing } from '../example-closes.ts';
import { ALERT, NOW, ownerOf, states, update } from '../example-ledger.ts';
import { openProcess, type Process, until } from './processes.ts';

const START = Date.parse(NOW);
const CHANNELS = ['discord', 'email:a', 'email:b', 'folder'];

/** A run from its beginning to its end. @returns whether it had the lease */
async function run({ ledger, closes }: Process, id: string, symbol: string): Promise<boolean> {
  await ledger.requireContent();
  if ((await ledger.takeLease(ownerOf(id), START, () => false)) !== undefined) return false;
  const number = await ledger.beginRun('check', NOW);
  await closes.refresh();
  await asOwner(id, async () => {
    await closes.noteLook({ symbol, bars: [] }, START);
    await closes.store(symbol, changing(...allBetween('2023-01-03', '2025-09-17')));
    await closes.note(`asked ${symbol}`, '2025-09-18');
    const known = await ledger.signal('russell-2000');
    const messages = known === undefined ? [{ message: ALERT, event: EVENT.id, channels: CHANNELS }] : [];
    await ledger.decide(decision({ events: [EVENT], messages }));
    await ledger.abandonSending(id);
    await Promise.all(
      (await ledger.unsent()).map(async (delivery) => {
        const claim = await ledger.claim(delivery, id, 'mark', NOW);
        if (claim === undefined) throw new Error('nobody else has the lease');
        await ledger.mayWrite(claim, START, 30_000);
        expect(await ledger.recordResult(claim, update({ state: 'sent' }), NOW)).toBe(true);
      }),
    );
  });
  await ledger.keepLease(id, START);
  await ledger.endRun(number, { fired: [EVENT.id] }, NOW, id);
  return true;
}

const missing = NO_PGBOUNCER ?? NO_POSTGRES;

describe.skipIf(missing !== undefined)(`behind a pool of connections (${missing ?? 'pgbouncer is there'})`, () => {
  test.each(['1', '5'])('the life of an event is whole, for two hosts at once, with %s connections', async (size) => {
    const { url } = await newDatabase();
    const pools = [
      await useStandIn(startPgbouncer(url, { default_pool_size: size })),
      await useStandIn(startPgbouncer(url, { default_pool_size: size })),
    ] as const;
    const [a, b] = await Promise.all([openProcess(pools[0].url), openProcess(pools[1].url)]);
    await Promise.all([
      until(() => run(a, 'a', '^RUT')),
      until(() => run(b, 'b', '^GSPC')),
      a.ledger.lead({ ...ownerOf('a'), startedAt: NOW, seenAt: NOW }, () => false),
      b.ledger.lead({ ...ownerOf('b'), startedAt: NOW, seenAt: NOW }, () => false),
    ]);
    for (const { ledger, closes } of [a, b]) {
      await closes.refresh();
      expect(closes.accepted('^RUT')).toEqual(closes.accepted('^GSPC'));
      expect(closes.accepted('^RUT')).toHaveLength(allBetween('2023-01-03', '2025-09-17').length);
      expect(new Set(Object.values(await states(ledger)))).toEqual(new Set(['sent']));
      expect((await ledger.deliveriesOf([ALERT.id])).map(({ attempts }) => attempts)).toEqual([1, 1, 1, 1]);
      expect((await ledger.newestRuns(9)).map(({ fired }) => fired)).toEqual([[EVENT.id], [EVENT.id]]);
      expect(await ledger.instances()).toHaveLength(2);
      expect(['a', 'b']).toContain((await ledger.daemon())?.id);
    }
  });
});
