import { describe, expect, test } from 'vitest';
import { changing, heldAt, settled } from './example-closes.ts';
import { STORES } from './stores.ts';

describe.each(STORES)('$name', (store) => {
  describe('believed closes', () => {
    const rows = [
      settled('2025-09-16', 1),
      heldAt('2025-09-17', 9),
      heldAt('2025-09-18', 9, 3),
      settled('2025-09-19', 4),
    ];

    test('are those with a believed value, ascending, whatever is held beside it', async () => {
      const { closes } = await store.openCloses();
      await closes.store('^RUT', changing(...rows.toReversed()));
      expect(closes.accepted('^RUT')).toEqual([
        { session: '2025-09-16', close: 1 },
        { session: '2025-09-18', close: 3 },
        { session: '2025-09-19', close: 4 },
      ]);
    });

    test('end with the session asked for', async () => {
      const { closes } = await store.openCloses();
      await closes.store('^RUT', changing(...rows));
      expect(closes.accepted('^RUT', '2025-09-18').map(({ session }) => session)).toEqual(['2025-09-16', '2025-09-18']);
      expect(closes.accepted('^RUT', '2025-09-15')).toEqual([]);
    });
  });

  describe('what is known', () => {
    test('from a session on has the last believed close before it too, and all between', async () => {
      const { closes } = await store.openCloses();
      const rows = [
        settled('2025-09-15', 1),
        settled('2025-09-16', 2),
        heldAt('2025-09-17', 9),
        heldAt('2025-09-18', 9),
        settled('2025-09-19', 5),
      ];
      await closes.store('^RUT', changing(...rows));
      expect(closes.known('^RUT', '2025-09-18')).toEqual(rows.slice(1));
      expect(closes.known('^RUT', '2025-09-16')).toEqual(rows);
      expect(closes.known('^RUT', '2025-09-15')).toEqual(rows);
      expect(closes.known('^RUT', '9999')).toEqual(rows.slice(4));
    });

    test('and held are values that are not believed, with the believed closes that they would revise', async () => {
      const { closes } = await store.openCloses();
      const held = [heldAt('2025-09-17', 9), heldAt('2025-09-18', 9, 3)];
      await closes.store('^RUT', changing(settled('2025-09-16', 1), ...held));
      expect(closes.held('^RUT')).toEqual(held);
      expect(closes.held('^GSPC')).toEqual([]);
    });
  });
});
