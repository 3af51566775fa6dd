import { describe, expect, test } from 'vitest';
import type { KnownClose } from '../../src/market/known-close.ts';
import { judge } from '../../src/market/sanity.ts';
import { allBetween, at, changing, heldAt, READ_AT, settled } from './example-closes.ts';
import { STORES } from './stores.ts';

describe.each(STORES)('$name', (store) => {
  describe('a judgement', () => {
    const rows = [
      settled('2025-09-16', 2403.03),
      heldAt('2025-09-17', 240_734),
      heldAt('2025-09-18', 2500, 2467.7),
      { ...settled('2025-09-19', 2448.77), state: 'provisional' as const },
      { ...settled('2025-09-22', 2463.34), state: 'revised' as const, readAt: '2025-09-23T13:00:00.000Z' },
    ];

    test('is read as it was stored, by another connection too', async () => {
      const { closes, again } = await store.openCloses();
      await closes.store('^RUT', changing(...rows));
      expect(closes.known('^RUT')).toEqual(rows);
      expect((await again()).known('^RUT')).toEqual(rows);
    });

    test('replaces what was known of its sessions only', async () => {
      const { closes } = await store.openCloses();
      await closes.store('^RUT', changing(...rows));
      await closes.store('^RUT', changing(settled('2025-09-17', 2407.34)));
      expect(closes.known('^RUT')).toEqual(rows.with(1, settled('2025-09-17', 2407.34)));
    });

    test('of one symbol does not touch another', async () => {
      const { closes } = await store.openCloses();
      await closes.store('^RUT', changing(settled('2025-09-18', 2467.7)));
      await closes.store('^GSPC', changing(settled('2025-09-18', 6631.96)));
      expect(closes.accepted('^RUT')).toEqual([{ session: '2025-09-18', close: 2467.7 }]);
      expect(closes.accepted('^GSPC')).toEqual([{ session: '2025-09-18', close: 6631.96 }]);
      expect(closes.known('^DJI')).toEqual([]);
    });

    test('of a reading is judged anew from what was stored, and nothing changes', async () => {
      const { closes } = await store.openCloses();
      const bars = [
        { session: '2025-09-17', close: 2407.34 },
        { session: '2025-09-18', close: 2467.699951171875 },
        { session: '2025-09-19', close: 244_877 },
      ];
      const read = async (now: number) => {
        const known = closes.known('^RUT', bars[0]?.session);
        const judgement = judge({ symbol: '^RUT', bars }, known, 0.15, now);
        await closes.store('^RUT', judgement);
        return judgement;
      };
      expect((await read(at('2025-09-22 09:00'))).changed).toHaveLength(3);
      expect(await read(at('2025-09-22 10:00'))).toEqual({ changed: [], revisions: [] });
      expect(closes.accepted('^RUT').map(({ close }) => close)).toEqual([2407.34, 2467.7]);
    });
  });

  describe('a close of more decimals', () => {
    const exact = 1.0836809873580933;
    const rate: KnownClose = { ...settled('2025-09-17', 1.08), exact };
    const held: KnownClose = {
      ...heldAt('2025-09-18', 1.4),
      held: { close: 1.4, exact: 1.40321, reason: 'a big move', since: READ_AT },
    };

    test('is kept as it was sent, and told at the precision of its source', async () => {
      const { closes, again } = await store.openCloses();
      await closes.store('EURUSD=X', changing(rate, held));
      expect(closes.known('EURUSD=X')).toEqual([rate, held]);
      expect(closes.accepted('EURUSD=X')).toEqual([{ session: '2025-09-17', close: 1.08, exact }]);
      expect(closes.decimals('EURUSD=X')).toBe(2);
      await closes.note('decimals EURUSD=X', '4');
      for (const one of [closes, await again()]) {
        expect(one.decimals('EURUSD=X')).toBe(4);
        expect(one.accepted('EURUSD=X')).toEqual([{ session: '2025-09-17', close: 1.0837, exact }]);
        expect(one.held('EURUSD=X')[0]?.held).toMatchObject({ close: 1.4032, exact: 1.40321 });
        expect(one.decimals('^RUT')).toBe(2);
      }
    });

    test('is packed with its year, and comes back whole', async () => {
      const { closes, again } = await store.openCloses();
      const year = allBetween('2023-01-03', '2023-12-29').map((row) => ({ ...row, close: 1.08, exact }));
      await closes.store('EURUSD=X', changing(...year));
      await closes.note('decimals EURUSD=X', '4');
      for (const one of [closes, await again()]) {
        const accepted = one.accepted('EURUSD=X');
        expect(accepted).toHaveLength(year.length);
        expect(new Set(accepted.map((close) => close.exact))).toEqual(new Set([exact]));
        expect(new Set(accepted.map(({ close }) => close))).toEqual(new Set([1.0837]));
      }
    });
  });

  describe('the session to read from', () => {
    const NOW = at('2025-09-18 16:40');
    // 92 sessions; 30 sessions before the last one is 2025-08-06, counted on a calendar with Labor Day on 1 September.
    const rows = allBetween('2025-05-08', '2025-09-18');

    test('is the beginning where nothing is stored', async () => {
      const { closes } = await store.openCloses();
      expect(closes.readFrom('^RUT', NOW)).toBeUndefined();
    });

    test('is 30 sessions before the last stored one', async () => {
      const { closes } = await store.openCloses();
      await closes.store('^RUT', changing(...rows));
      expect(closes.readFrom('^RUT', NOW)).toBe('2025-08-06');
      expect(rows.findIndex(({ session }) => session === '2025-08-06')).toBe(rows.length - 1 - 30);
    });

    test('is the beginning where fewer are stored', async () => {
      const { closes } = await store.openCloses();
      await closes.store('^RUT', changing(...rows.slice(-30)));
      expect(closes.readFrom('^RUT', NOW)).toBeUndefined();
      await closes.store('^RUT', changing(...rows.slice(-31)));
      expect(closes.readFrom('^RUT', NOW)).toBe('2025-08-06');
    });

    test('is the oldest missing session where that is earlier', async () => {
      const { closes } = await store.openCloses();
      await closes.store(
        '^RUT',
        changing(...rows.filter(({ session }) => !['2025-06-10', '2025-07-10'].includes(session))),
      );
      expect(closes.readFrom('^RUT', NOW)).toBe('2025-06-10');
      await closes.store('^RUT', changing(settled('2025-06-10', 100)));
      expect(closes.readFrom('^RUT', NOW)).toBe('2025-07-10');
    });

    test.each([
      ['held', heldAt('2025-06-10', 9)],
      ['held beside a believed one', heldAt('2025-06-10', 9, 100)],
    ])('is the oldest value that is %s where that is earlier', async (_what, row) => {
      const { closes } = await store.openCloses();
      await closes.store('^RUT', changing(...rows, row));
      expect(closes.readFrom('^RUT', NOW)).toBe('2025-06-10');
    });

    test('is before the last stored session, however long nobody looked', async () => {
      const { closes } = await store.openCloses();
      await closes.store('^RUT', changing(...rows));
      expect(closes.readFrom('^RUT', at('2026-09-18 16:40'))).toBe('2025-08-06');
    });

    test('notices what another process filled meanwhile', async () => {
      const { closes, again } = await store.openCloses();
      const other = await again();
      await closes.store('^RUT', changing(...rows.filter(({ session }) => session !== '2025-06-10')));
      expect(closes.readFrom('^RUT', NOW)).toBe('2025-06-10');
      await other.refresh();
      await other.store('^RUT', changing(settled('2025-06-10', 100)));
      await closes.refresh();
      expect(closes.readFrom('^RUT', NOW)).toBe('2025-08-06');
    });

    test('is told for every symbol by itself', async () => {
      const { closes } = await store.openCloses();
      await closes.store('^RUT', changing(...rows));
      await closes.store('^GSPC', changing(...rows, heldAt('2025-06-10', 9)));
      expect(closes.readFrom('^RUT', NOW)).toBe('2025-08-06');
      expect(closes.readFrom('^GSPC', NOW)).toBe('2025-06-10');
    });
  });
});
