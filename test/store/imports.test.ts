import { describe, expect, test } from 'vitest';
import type { ImportNote } from '../../src/store/imports.ts';
import { allBetween, at, changing, heldAt, settled } from './example-closes.ts';
import { STORES } from './stores.ts';

const UNDONE_AT = '2025-09-20T16:00:00.000Z';

function note(change: Partial<ImportNote> = {}): ImportNote {
  return {
    symbol: '^RUT',
    at: '2025-09-19T16:00:00.000Z',
    file: 'more.csv',
    closes: [{ session: '2025-09-18', close: 2467.7, before: null }],
    undoneAt: null,
    ...change,
  };
}

describe.each(STORES)('$name', (store) => {
  test('an import is noted with its closes, and listed newest first, by another connection too', async () => {
    const { closes, again } = await store.openCloses();
    const [first, second, other] = [
      note(),
      note({ at: '2025-09-19T17:00:00.000Z' }),
      note({ symbol: '^GSPC', at: '2025-09-19T16:30:00.000Z' }),
    ];
    await closes.store('^RUT', changing(settled('2025-09-18', 2467.7)), first);
    await closes.store('^RUT', changing(settled('2025-09-19', 2448.77)), second);
    await closes.store('^GSPC', changing(settled('2025-09-18', 6631.96)), other);
    for (const store of [closes, await again()]) {
      expect(store.imports()).toEqual([second, other, first]);
      expect(store.imports('^RUT')).toEqual([second, first]);
      expect(store.imports('^DJI')).toEqual([]);
      expect(store.accepted('^RUT')).toHaveLength(2);
    }
  });

  test('what is taken back is gone, and what was known before is there again', async () => {
    const { closes, again } = await store.openCloses();
    const other = await again();
    const held = heldAt('2025-09-17', 240_734);
    await closes.store('^RUT', changing(settled('2025-09-16', 2403.03), held, settled('2025-09-19', 2448.77)));
    const imported = note({
      closes: [
        { session: '2025-09-17', close: 2407.34, before: held },
        { session: '2025-09-18', close: 2467.7, before: null },
      ],
    });
    await closes.store('^RUT', changing(settled('2025-09-17', 2407.34), settled('2025-09-18', 2467.7)), imported);
    await other.refresh();
    expect(other.accepted('^RUT')).toHaveLength(4);
    await closes.takeBack(imported, { removed: ['2025-09-18'], restored: [held], undoneAt: UNDONE_AT });
    await other.refresh();
    for (const store of [closes, other, await again()]) {
      expect(store.known('^RUT')).toEqual([settled('2025-09-16', 2403.03), held, settled('2025-09-19', 2448.77)]);
      expect(store.imports('^RUT')).toEqual([{ ...imported, undoneAt: UNDONE_AT }]);
      expect(store.missing('^RUT', at('2025-09-19 18:00'))).toEqual(['2025-09-18']);
    }
  });

  test('years that were stored together go, and the rest of them stays', async () => {
    const { closes, again } = await store.openCloses();
    const other = await again();
    const rows = allBetween('2019-01-02', '2021-12-31');
    const imported = rows.filter(({ session }) => session >= '2020-06-01' && session <= '2021-03-31');
    await closes.store('^RUT', changing(...rows));
    await other.refresh();
    const removed = imported.map(({ session }) => session);
    await closes.takeBack(note(), { removed, restored: [], undoneAt: UNDONE_AT });
    await other.refresh();
    const rest = rows.filter(({ session }) => session < '2020-06-01' || session > '2021-03-31');
    for (const store of [closes, other, await again()]) {
      expect(store.known('^RUT')).toEqual(rest);
      expect(store.missing('^RUT', at('2021-12-31 18:00'))).toEqual(removed);
      expect(store.hole('^RUT')).toEqual({ after: '2020-05-29', before: '2021-04-01' });
    }
  });

  test('what a source tells afterwards is stored again, also where it came in between', async () => {
    const { closes, again } = await store.openCloses();
    const other = await again();
    await closes.store('^RUT', changing(settled('2025-09-17', 2407.34)));
    await closes.store('^RUT', changing(settled('2025-09-18', 2500)), note());
    await other.refresh();
    await closes.takeBack(note(), { removed: ['2025-09-18'], restored: [], undoneAt: UNDONE_AT });
    await closes.store('^RUT', changing(settled('2025-09-18', 2467.7)));
    await other.refresh();
    expect(other.accepted('^RUT')).toEqual([
      { session: '2025-09-17', close: 2407.34 },
      { session: '2025-09-18', close: 2467.7 },
    ]);
    await other.store('^RUT', changing(settled('2025-09-19', 2448.77)));
    await closes.refresh();
    expect(closes.accepted('^RUT')).toHaveLength(3);
  });

  test('all of a symbol may go', async () => {
    const { closes } = await store.openCloses();
    await closes.store('^RUT', changing(settled('2025-09-18', 2467.7)), note());
    await closes.takeBack(note(), { removed: ['2025-09-18'], restored: [], undoneAt: UNDONE_AT });
    expect([closes.first('^RUT'), closes.readFrom('^RUT', at('2025-09-19 18:00'))]).toEqual([undefined, undefined]);
    expect(closes.known('^RUT')).toEqual([]);
  });
});
