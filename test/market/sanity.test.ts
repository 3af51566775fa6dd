import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Bar, Reading } from '../../src/market/source.ts';

import { at, bars, createCloses, FRIDAY, THURSDAY, WEDNESDAY, wednesday } from './judged-closes.ts';

describe('a value', () => {
  test.each([null, 0, 0.004, -5, Number.NaN, Infinity, -Infinity, 1e308])('of %s counts as missing', (close) => {
    const closes = wednesday();
    expect(closes.read('2025-09-18 16:40', [{ session: THURSDAY, close }])).toEqual({ changed: [], revisions: [] });
    closes.read('2025-09-19 16:40', [{ session: THURSDAY, close }, ...bars(`${FRIDAY} 101`)]);
    expect(closes.close(THURSDAY)).toBeUndefined();
    expect(closes.close(FRIDAY)).toBe(101);
  });

  test.each([null, 0, Number.NaN])('of %s is no revision of a close that is known', (close) => {
    const closes = wednesday();
    expect(closes.read('2025-09-18 16:40', [{ session: WEDNESDAY, close }])).toEqual({ changed: [], revisions: [] });
    expect(closes.close(WEDNESDAY)).toBe(100);
  });

  test('that is absent altogether is no revision either', () => {
    const closes = wednesday();
    expect(closes.read('2025-09-19 09:00', bars(`${THURSDAY} 101`)).changed.map(({ session }) => session)).toEqual([
      THURSDAY,
    ]);
    expect(closes.close(WEDNESDAY)).toBe(100);
  });

  test('is compared rounded to two decimals: floats jitter', () => {
    const closes = createCloses();
    closes.read('2025-09-19 09:00', bars(`${THURSDAY} 2467.699951171875`));
    expect(closes.close(THURSDAY)).toBe(2467.7);
    const again = closes.read('2025-09-19 10:00', bars(`${THURSDAY} 2467.7039`));
    expect(again).toEqual({ changed: [], revisions: [] });
  });
});

describe('a close', () => {
  test('is provisional on its day, settled by a reading on a later day, and then nothing changes any more', () => {
    const closes = wednesday();
    const first = closes.read('2025-09-18 16:40', bars(`${THURSDAY} 101`));
    expect(first.changed).toEqual([
      {
        session: THURSDAY,
        close: 101,
        state: 'provisional',
        firstReadAt: at('2025-09-18 16:40'),
        readAt: at('2025-09-18 16:40'),
        held: null,
      },
    ]);
    // In London it is the next day already: New York's date counts.
    expect(closes.read('2025-09-18 23:59', bars(`${THURSDAY} 101`)).changed).toEqual([]);
    const settled = closes.read('2025-09-19 00:01', bars(`${THURSDAY} 101`));
    expect(settled.changed).toEqual([{ ...first.changed[0], state: 'settled' }]);
    expect(closes.read('2025-09-19 09:00', bars(`${THURSDAY} 101`)).changed).toEqual([]);
    expect(closes.revisions).toEqual([]);
  });

  test('is settled at once where its first reading is on a later day', () => {
    expect(wednesday().row(WEDNESDAY)?.state).toBe('settled');
  });

  test('is revised by another value, and settled again once a reading agrees', () => {
    const closes = wednesday();
    closes.read('2025-09-18 16:40', bars(`${THURSDAY} 101`));
    closes.read('2025-09-19 09:00', bars(`${THURSDAY} 102`));
    expect(closes.row(THURSDAY)).toEqual({
      session: THURSDAY,
      close: 102,
      state: 'revised',
      firstReadAt: at('2025-09-18 16:40'),
      readAt: at('2025-09-19 09:00'),
      held: null,
    });
    closes.read('2025-09-19 16:40', bars(`${THURSDAY} 102`));
    expect(closes.row(THURSDAY)).toMatchObject({ close: 102, state: 'settled', readAt: at('2025-09-19 09:00') });
  });

  test('may be revised on its own evening, and is settled the next day', () => {
    const closes = wednesday();
    closes.read('2025-09-18 16:40', bars(`${THURSDAY} 101`));
    closes.read('2025-09-18 18:00', bars(`${THURSDAY} 102`));
    closes.read('2025-09-18 19:00', bars(`${THURSDAY} 102`));
    expect(closes.row(THURSDAY)).toMatchObject({ close: 102, state: 'revised' });
    closes.read('2025-09-19 09:00', bars(`${THURSDAY} 102`));
    expect(closes.row(THURSDAY)).toMatchObject({ close: 102, state: 'settled' });
  });

  test('keeps of every revision the first value, the new value and both times', () => {
    const closes = wednesday();
    closes.read('2025-09-18 16:40', bars(`${THURSDAY} 101`));
    closes.read('2025-09-19 09:00', bars(`${THURSDAY} 102`));
    closes.read('2025-09-22 09:00', bars(`${THURSDAY} 101`));
    closes.read('2025-09-22 10:00', bars(`${THURSDAY} 101`));
    const [first, second, third] = [
      { close: 101, readAt: at('2025-09-18 16:40'), believed: true },
      { close: 102, readAt: at('2025-09-19 09:00'), believed: true },
      { close: 101, readAt: at('2025-09-22 10:00'), believed: true },
    ];
    expect(closes.revisions).toEqual([
      { session: THURSDAY, from: first, to: second },
      { session: THURSDAY, from: second, to: third },
    ]);
  });
});

describe('a revising reading', () => {
  test.each<[string, Bar, Reading['marketPrice']]>([
    ["outside the session's range", { session: THURSDAY, close: 105, low: 98, high: 104 }, undefined],
    ['more than 0.5% off the last price', { session: THURSDAY, close: 105 }, { session: THURSDAY, price: 101 }],
    ['a move of +16.0%', { session: THURSDAY, close: 116 }, undefined],
  ])('that is %s is held, and the believed value stays', (reason, bar, marketPrice) => {
    const closes = wednesday();
    closes.read('2025-09-18 16:40', bars(`${THURSDAY} 101`));
    closes.read('2025-09-19 09:00', bars(`${THURSDAY} 101`));
    closes.read('2025-09-19 10:00', [bar], marketPrice);
    expect(closes.row(THURSDAY)).toEqual({
      session: THURSDAY,
      close: 101,
      state: 'settled',
      firstReadAt: at('2025-09-18 16:40'),
      readAt: at('2025-09-18 16:40'),
      held: { close: bar.close, reason: expect.stringContaining(reason), since: at('2025-09-19 10:00') },
    });
    // Nothing has taken the place of anything.
    expect(closes.revisions).toEqual([]);
  });

  const strange: Bar = { session: THURSDAY, close: 105, low: 98, high: 104 };

  test('that was held is believed once a reading on a later day agrees', () => {
    const closes = wednesday();
    closes.read('2025-09-18 16:40', bars(`${THURSDAY} 101`));
    closes.read('2025-09-19 09:00', [strange]);
    closes.read('2025-09-19 16:40', [strange]);
    expect(closes.close(THURSDAY)).toBe(101);
    closes.read('2025-09-22 09:00', [strange]);
    expect(closes.row(THURSDAY)).toMatchObject({ close: 105, state: 'revised', held: null });
    expect(closes.revisions.at(-1)).toEqual({
      session: THURSDAY,
      from: { close: 101, readAt: at('2025-09-18 16:40'), believed: true },
      to: { close: 105, readAt: at('2025-09-22 09:00'), believed: true },
    });
  });

  test('that was held goes where the believed value is read again', () => {
    const closes = wednesday();
    closes.read('2025-09-19 09:00', bars(`${THURSDAY} 101`));
    closes.read('2025-09-19 10:00', [strange]);
    closes.read('2025-09-19 11:00', [{ ...strange, close: 101 }]);
    expect(closes.row(THURSDAY)).toMatchObject({ close: 101, state: 'settled', held: null });
    expect(closes.revisions.at(-1)).toEqual({
      session: THURSDAY,
      from: { close: 105, readAt: at('2025-09-19 10:00'), believed: false },
      to: { close: 101, readAt: at('2025-09-19 11:00'), believed: true },
    });
  });

  test('does not hold a value that is believed already, whatever the rules say now', () => {
    const closes = wednesday();
    closes.read('2025-09-18 16:40', bars(`${THURSDAY} 101`));
    closes.read('2025-09-18 17:00', [{ session: THURSDAY, close: 101, low: 102, high: 103 }]);
    expect(closes.row(THURSDAY)).toMatchObject({ close: 101, held: null });
  });

  test('that is held is no previous close: the believed value is', () => {
    const closes = wednesday();
    closes.read('2025-09-18 16:40', bars(`${THURSDAY} 101`));
    closes.read('2025-09-19 16:40', bars(`${THURSDAY} 130`, `${FRIDAY} 102`));
    expect([closes.close(THURSDAY), closes.close(FRIDAY)]).toEqual([101, 102]);
  });
});

// Closes as published, also in ../shared/market-data.
describe('true days', () => {
  const OCTOBER_1987 = bars(
    '1987-10-15 298.08',
    '1987-10-16 282.7',
    '1987-10-19 224.84',
    '1987-10-20 236.83',
    '1987-10-21 258.38',
  );
  const MARCH_2020 = bars('2020-03-13 1210.13', '2020-03-16 1037.42', '2020-03-17 1106.51', '2020-03-18 991.16');

  test.each([
    ['^GSPC 1987-10-19, −20.5%', OCTOBER_1987],
    ['^RUT 2020-03-16, −14.3%', MARCH_2020],
  ])('pass in a backfill: %s', (_day, published) => {
    const closes = createCloses();
    const { changed } = closes.read('2025-09-18 16:40', published);
    expect(changed.map(({ session, close, state }) => [session, close, state])).toEqual(
      published.map(({ session, close }) => [session, close, 'settled']),
    );
  });

  test('19 October 1987 is held on its evening and believed on the next', () => {
    const closes = createCloses();
    closes.read('1987-10-19 16:40', OCTOBER_1987.slice(0, 3));
    expect(closes.row('1987-10-19')?.held?.reason).toBe('a move of −20.5% from the close of 16 Oct 1987');
    closes.read('1987-10-20 09:00', OCTOBER_1987.slice(0, 3));
    expect(closes.close('1987-10-19')).toBe('held');
    closes.read('1987-10-20 16:40', OCTOBER_1987.slice(0, 4));
    expect([closes.close('1987-10-19'), closes.close('1987-10-20')]).toEqual([224.84, 236.83]);
  });

  const MARKET_DATA = join(import.meta.dirname, '../../../shared/market-data');

  test.for(['^GSPC', '^RUT'])('pass in the whole real history of %s', (symbol, { skip }) => {
    const file = join(MARKET_DATA, `${symbol}.csv`);
    skip(!existsSync(file), `${file} is not there: it is kept beside the project, not in it`);
    const rows = readFileSync(file, 'utf8').trim().split('\n').slice(1);
    const closes = createCloses();
    const { changed } = closes.read('2026-01-02 09:00', bars(...rows));
    expect(changed).toHaveLength(rows.length);
    expect(closes.held()).toEqual([]);
    // And a second reading changes nothing.
    expect(closes.read('2026-01-05 09:00', bars(...rows))).toEqual({ changed: [], revisions: [] });
  });

  test.for(['^GSPC', '^RUT'])('of %s are held for one day at most when read day by day', (symbol, { skip }) => {
    const file = join(MARKET_DATA, `${symbol}.csv`);
    skip(!existsSync(file), `${file} is not there: it is kept beside the project, not in it`);
    const rows = bars(...readFileSync(file, 'utf8').trim().split('\n').slice(1));
    for (const [from, to] of [
      ['1987-10-01', '1987-11-30'],
      ['2008-09-15', '2008-12-31'],
      ['2020-02-18', '2020-04-30'],
    ] as const) {
      const span = rows.filter(({ session }) => from <= session && session <= to);
      const closes = createCloses();
      for (const [index, { session }] of span.entries()) {
        closes.read(`${session} 17:40`, span.slice(0, index + 1));
        expect(closes.held().filter((held) => held < session)).toEqual([]);
      }
    }
  });
});

describe('nothing is overwritten silently', () => {
  test('a believed value whose place is taken by a third one, after a second was held, is kept too', () => {
    const closes = wednesday();
    closes.read('2025-09-18 16:40', bars(`${THURSDAY} 101`));
    closes.read('2025-09-19 09:00', bars(`${THURSDAY} 130`));
    closes.read('2025-09-19 10:00', bars(`${THURSDAY} 102`));
    expect(closes.close(THURSDAY)).toBe(102);
    const kept = closes.revisions.flatMap(({ from, to }) => [from, to]);
    expect(kept).toContainEqual({ close: 101, readAt: at('2025-09-18 16:40'), believed: true });
    expect(kept).toContainEqual({ close: 130, readAt: at('2025-09-19 09:00'), believed: false });
    expect(kept).toContainEqual({ close: 102, readAt: at('2025-09-19 10:00'), believed: true });
  });
});
