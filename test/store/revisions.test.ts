import { describe, expect, test } from 'vitest';
import type { Revision } from '../../src/market/known-close.ts';
import { judge } from '../../src/market/sanity.ts';
import { at, changing, settled } from './example-closes.ts';
import { STORES } from './stores.ts';

describe.each(STORES)('$name', (store) => {
  describe('revisions', () => {
    const revision = (from: number, to: number, day: number, believed = true): Revision => ({
      session: '2025-09-18',
      from: { close: from, readAt: `2025-09-${day}T20:40:00.000Z`, believed: true },
      to: { close: to, readAt: `2025-09-${day + 1}T20:40:00.000Z`, believed },
    });

    test('of a session are all kept, oldest first, with both values and times', async () => {
      const { closes, again } = await store.openCloses();
      const all = [revision(1, 2, 18), revision(2, 3, 19, false), revision(3, 1, 20)];
      const [first, second, third] = all;
      for (const one of [second, first, third]) {
        await closes.store('^RUT', { changed: [], revisions: one ? [one] : [] });
      }
      expect(closes.revisions('^RUT', '2025-09-18')).toEqual(all);
      expect((await again()).revisions('^RUT', '2025-09-18')).toEqual(all);
    });

    test('are those of one session of one symbol', async () => {
      const { closes } = await store.openCloses();
      await closes.store('^RUT', { changed: [], revisions: [revision(1, 2, 18)] });
      expect(closes.revisions('^RUT', '2025-09-17')).toEqual([]);
      expect(closes.revisions('^GSPC', '2025-09-18')).toEqual([]);
    });

    test('come with the judgement that makes them', async () => {
      const { closes } = await store.openCloses();
      await closes.store('^RUT', { changed: [settled('2025-09-18', 2)], revisions: [revision(1, 2, 18)] });
      expect(closes.revisions('^RUT', '2025-09-18')).toEqual([revision(1, 2, 18)]);
      expect(closes.accepted('^RUT')).toEqual([{ session: '2025-09-18', close: 2 }]);
    });
  });

  test('every value that was read of a session is kept: a believed one, one that was held, and the one that replaced both', async () => {
    const { closes } = await store.openCloses();
    const read = async (time: string, close: number) => {
      const bars = [{ session: '2025-09-18', close }];
      await closes.store('^RUT', judge({ symbol: '^RUT', bars }, closes.known('^RUT', '2025-09-18'), 0.15, at(time)));
    };
    await closes.store('^RUT', changing(settled('2025-09-17', 100)));
    await read('2025-09-18 16:40', 101);
    await read('2025-09-19 09:00', 130);
    await read('2025-09-19 10:00', 102);
    expect(closes.accepted('^RUT').at(-1)?.close).toBe(102);
    const kept = closes.revisions('^RUT', '2025-09-18').flatMap(({ from, to }) => [from.close, to.close]);
    expect(new Set(kept)).toEqual(new Set([101, 130, 102]));
  });
});
