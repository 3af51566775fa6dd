import { describe, expect, test } from 'vitest';
import { allBetween, at, changing, heldAt, settled } from './example-closes.ts';
import { STORES } from './stores.ts';

describe.each(STORES)('$name', (store) => {
  describe('missing sessions', () => {
    test('are those that the calendar expects and nothing is known of', async () => {
      const { closes } = await store.openCloses();
      // 30 August to 1 September 2025: a weekend and Labor Day.
      await closes.store('^RUT', changing(settled('2025-08-28', 1), heldAt('2025-09-03', 9), settled('2025-09-05', 2)));
      const friday = at('2025-09-05 16:40');
      expect(closes.missing('^RUT', friday)).toEqual(['2025-08-29', '2025-09-02', '2025-09-04']);
      await closes.store('^RUT', changing(settled('2025-09-02', 3)));
      expect(closes.missing('^RUT', friday)).toEqual(['2025-08-29', '2025-09-04']);
    });

    test('reach to the newest session that is over', async () => {
      const { closes } = await store.openCloses();
      await closes.store('^RUT', changing(settled('2025-09-16', 1)));
      expect(closes.missing('^RUT', at('2025-09-18 16:34'))).toEqual(['2025-09-17']);
      expect(closes.missing('^RUT', at('2025-09-18 16:35'))).toEqual(['2025-09-17', '2025-09-18']);
      expect(closes.missing('^RUT', at('2025-09-18 16:34'))).toEqual(['2025-09-17']);
    });

    test("begin with the symbol's first session", async () => {
      const { closes } = await store.openCloses();
      expect(closes.missing('^RUT', at('2025-09-18 16:40'))).toEqual([]);
      await closes.store('^RUT', changing(settled('2025-09-18', 1)));
      expect(closes.missing('^RUT', at('2025-09-18 16:40'))).toEqual([]);
    });

    test('begin with the calendar, which is right from 1978-12-29 on', async () => {
      const { closes } = await store.openCloses();
      await closes.store('^GSPC', changing(settled('1927-12-30', 17.66), ...allBetween('1979-01-03', '1979-01-05')));
      expect(closes.missing('^GSPC', Date.parse('1979-01-05T22:00:00Z'))).toEqual(['1978-12-29', '1979-01-02']);
    });
  });
});
