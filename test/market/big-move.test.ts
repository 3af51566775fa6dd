import { describe, expect, test } from 'vitest';
import { sessionsBetween } from '../../src/market/new-york.ts';
import { judge } from '../../src/market/sanity.ts';
import type { Bar } from '../../src/market/source.ts';

import { bars, createCloses, FRIDAY, MONDAY, THURSDAY, WEDNESDAY, wednesday } from './judged-closes.ts';

describe('a move of over 15%', () => {
  test.each([
    [115, 115],
    [115.01, 'held'],
    [85.01, 85.01],
    [84.99, 'held'],
  ])('is held, and no smaller one: of 100 to %d comes %s', (close, expected) => {
    const closes = wednesday();
    closes.read('2025-09-18 16:40', bars(`${THURSDAY} ${close}`));
    expect(closes.close(THURSDAY)).toBe(expected);
  });

  test('says so', () => {
    const closes = wednesday();
    closes.read('2025-09-18 16:40', bars(`${THURSDAY} 80`));
    expect(closes.row(THURSDAY)?.held?.reason).toBe('a move of −20.0% from the close of 17 Sep 2025');
    closes.read('2025-09-18 16:50', bars(`${THURSDAY} 130`));
    expect(closes.row(THURSDAY)?.held?.reason).toBe('a move of +30.0% from the close of 17 Sep 2025');
  });

  test("is measured by the symbol's own limit", () => {
    const closes = wednesday(0.3);
    closes.read('2025-09-18 16:40', bars(`${THURSDAY} 75`));
    expect(closes.close(THURSDAY)).toBe(75);
  });

  test('is not believed by a second reading alone', () => {
    const closes = wednesday();
    closes.read('2025-09-18 16:40', bars(`${THURSDAY} 80`));
    closes.read('2025-09-19 09:00', bars(`${THURSDAY} 80`));
    closes.read('2025-09-22 09:00', bars(`${THURSDAY} 80`));
    expect(closes.close(THURSDAY)).toBe('held');
  });

  // The square root of 80 × 100 is 89.443: as far from either, in logs.
  test.each([68.01, 89.44])(
    'is believed once the next close, %d, lies within 15% of it and nearer to it than to 100',
    (next) => {
      const closes = wednesday();
      closes.read('2025-09-18 16:40', bars(`${THURSDAY} 80`));
      closes.read('2025-09-19 16:40', bars(`${THURSDAY} 80`, `${FRIDAY} ${next}`));
      expect(closes.row(THURSDAY)).toMatchObject({ close: 80, state: 'settled', held: null });
      expect(closes.close(FRIDAY)).toBe(next);
    },
  );

  test.each([67.99, 89.45, 91.99, 92.01])('stays held where the next close is %d', (next) => {
    const closes = wednesday();
    closes.read('2025-09-18 16:40', bars(`${THURSDAY} 80`));
    closes.read('2025-09-19 16:40', bars(`${THURSDAY} 80`, `${FRIDAY} ${next}`));
    expect(closes.close(THURSDAY)).toBe('held');
  });

  test('is vouched for by the next close that has a value', () => {
    const closes = wednesday();
    const [thursday, monday] = bars(`${THURSDAY} 80`, `${MONDAY} 81`);
    const friday = { session: FRIDAY, close: null };
    closes.read(
      '2025-09-22 16:40',
      [thursday, friday, monday].filter((bar) => bar !== undefined),
    );
    expect([closes.close(THURSDAY), closes.close(MONDAY)]).toEqual([80, 81]);
  });

  test('that lies outside its own range too needs both: the next close and a second reading', () => {
    const thursday: Bar = { session: THURSDAY, close: 80, low: 90, high: 101 };
    const friday = bars(`${FRIDAY} 81`);
    const closes = wednesday();
    closes.read('2025-09-19 16:40', [thursday, ...friday]);
    expect(closes.close(THURSDAY)).toBe('held');
    expect(closes.row(THURSDAY)?.held?.reason).toBe(
      "outside the session's range of 90 to 101; a move of −20.0% from the close of 17 Sep 2025",
    );
    closes.read('2025-09-22 09:00', [thursday]);
    expect(closes.close(THURSDAY)).toBe('held');
    closes.read('2025-09-22 16:40', [thursday, ...friday]);
    expect(closes.close(THURSDAY)).toBe(80);
  });

  test('is measured from the last believed close, though this reading does not have it', () => {
    const closes = wednesday();
    closes.read('2025-09-19 09:00', bars(`${THURSDAY} 88`));
    // From Wednesday it would be −24%.
    closes.read('2025-09-19 16:40', bars(`${WEDNESDAY} 100`, `${FRIDAY} 76`));
    expect(closes.close(FRIDAY)).toBe(76);
    closes.read('2025-09-22 16:40', bars(`${MONDAY} 66`));
    expect(closes.close(MONDAY)).toBe(66);
  });

  test('is not measured from a close that is held', () => {
    const closes = wednesday();
    closes.read('2025-09-18 16:40', bars(`${THURSDAY} 80`));
    closes.read('2025-09-19 16:40', bars(`${FRIDAY} 100`));
    closes.read('2025-09-22 16:40', bars(`${WEDNESDAY} 100`, `${MONDAY} 102`));
    expect([closes.close(THURSDAY), closes.close(FRIDAY), closes.close(MONDAY)]).toEqual(['held', 100, 102]);
  });

  test('is measured past a close that is held, though the reading begins after it', () => {
    const closes = wednesday();
    closes.read('2025-09-18 16:40', bars(`${THURSDAY} 80`));
    closes.read('2025-09-19 16:40', bars(`${FRIDAY} 130`));
    expect(closes.row(FRIDAY)?.held?.reason).toBe('a move of +30.0% from the close of 17 Sep 2025');
  });

  test('is measured from the close before as this reading revises it', () => {
    const closes = wednesday();
    closes.read('2025-09-18 16:40', bars(`${THURSDAY} 101`));
    // From 101 it would be +25.7%.
    closes.read('2025-09-19 16:40', bars(`${THURSDAY} 113`, `${FRIDAY} 127`));
    expect([closes.close(THURSDAY), closes.close(FRIDAY)]).toEqual([113, 127]);
  });

  test('is measured from the close before in the same reading', () => {
    const closes = createCloses();
    closes.read('2025-09-19 16:40', bars(`${WEDNESDAY} 100`, `${THURSDAY} 88`, `${FRIDAY} 76`));
    expect(closes.held()).toEqual([]);
  });

  test('a late close between two that are known is measured from the one before it', () => {
    const closes = wednesday();
    closes.read('2025-09-22 16:40', bars(`${FRIDAY} 114`, `${MONDAY} 128`));
    closes.read('2025-09-23 09:00', bars(`${WEDNESDAY} 100`, `${THURSDAY} 112`, `${FRIDAY} 114`, `${MONDAY} 128`));
    expect(closes.held()).toEqual([]);
    expect(closes.close(THURSDAY)).toBe(112);
  });
});

describe('the way back from two wrong closes', () => {
  const days = [WEDNESDAY, THURSDAY, FRIDAY, MONDAY, '2025-09-23', '2025-09-24'];
  const values = [100, 60, 60.5, 101, 102, 101.5];

  test('is believed though it is a move of over 45%, so that no true close stays out', () => {
    const closes = wednesday();
    for (const [index, day] of days.entries()) {
      closes.read(`${day} 16:40`, bars(...days.slice(0, index + 1).map((session, at) => `${session} ${values[at]}`)));
    }
    expect(days.map((day) => closes.close(day))).toEqual(values);
  });

  test('is believed though the whole session lies beyond the wrong ones', () => {
    const closes = wednesday();
    const read = (session: string, close: number): Bar => ({ session, close, low: close - 1, high: close + 1 });
    const [friday, monday, tuesday] = [read(FRIDAY, 81), read(MONDAY, 101), read('2025-09-23', 102)];
    // Two closes alone, without low and high.
    closes.read('2025-09-19 16:40', bars(`${THURSDAY} 80`, `${FRIDAY} 81`));
    closes.read('2025-09-22 16:40', [friday, monday]);
    expect(closes.close(MONDAY)).toBe('held');
    closes.read('2025-09-23 16:40', [...bars(`${THURSDAY} 80`), friday, monday, tuesday]);
    expect([closes.close(MONDAY), closes.close('2025-09-23')]).toEqual([101, 102]);
  });

  test('is no way to anywhere else', () => {
    const closes = wednesday();
    // From 100 too it is over 45%.
    const wrong = [100, 60, 60.5, 146, 147, 148];
    for (const [index, day] of days.entries()) {
      closes.read(`${day} 16:40`, bars(...days.slice(0, index + 1).map((session, at) => `${session} ${wrong[at]}`)));
    }
    expect(closes.held()).toEqual(days.slice(3));
  });
});

describe("a provider's error of ×100", () => {
  const days = ['2025-09-17', '2025-09-18', '2025-09-19', '2025-09-22', '2025-09-23', '2025-09-24', '2025-09-25'];

  /** Reads the whole week every evening and morning; the values from 18 September on may be wrong. */
  function readDaily(values: readonly number[]) {
    const closes = createCloses();
    for (const [index, day] of days.entries()) {
      const sofar = bars(...days.slice(0, index + 1).map((session, i) => `${session} ${values[i] ?? 0}`));
      closes.read(`${day} 16:40`, sofar);
      closes.read(`${day} 20:00`, sofar);
    }
    return closes;
  }

  test.each([
    ['of one day', [100, 10_100, 102, 103, 104, 105, 106], 1],
    ['of two days', [100, 10_100, 10_200, 103, 104, 105, 106], 2],
    ['of two days, ÷100', [100, 1.01, 1.02, 103, 104, 105, 106], 2],
    ['of five days', [100, 10_100, 10_200, 10_300, 10_400, 10_500, 106], 5],
    ['that goes on', [100, 10_100, 10_200, 10_300, 10_400, 10_500, 10_600], 6],
  ])('%s is never believed, and the closes around it are', (_what, values, wrong) => {
    const closes = readDaily(values);
    expect(days.map((day) => closes.close(day))).toEqual(
      values.map((value, index) => (index >= 1 && index <= wrong ? 'held' : value)),
    );
    // Not even in a backfill weeks later.
    const late = createCloses();
    const all = bars('2025-09-16 100', ...days.map((session, i) => `${session} ${values[i] ?? 0}`));
    for (const day of ['2025-10-20', '2025-10-21', '2025-10-22']) late.read(`${day} 16:40`, all);
    expect(late.held()).toEqual(days.slice(1, wrong + 1));
  });

  test('gives way to the right value', () => {
    const closes = readDaily([100, 10_100, 10_200, 103, 104, 105, 106]);
    closes.read('2025-09-26 09:00', bars('2025-09-17 100', '2025-09-18 101', '2025-09-19 102', '2025-09-22 103'));
    expect(closes.held()).toEqual([]);
    expect(closes.revisions.map(({ from, to }) => [from.close, from.believed, to.close, to.believed])).toEqual([
      [10_100, false, 101, true],
      [10_200, false, 102, true],
    ]);
  });
});

describe('a move of over 45%', () => {
  test.each([
    [144.9, 'believed, as the next close agrees with it'],
    [145.1, 'held, as no index ever moved by 45% in a day'],
  ])('is impossible: one from 100 to %d is %s', (close, what) => {
    const closes = wednesday();
    closes.read('2025-09-19 16:40', bars(`${THURSDAY} ${close}`, `${FRIDAY} ${close}`));
    expect(closes.held()).toEqual(what.startsWith('held') ? [THURSDAY, FRIDAY] : []);
  });

  test.each([
    ['2025-10-17', '2025-10-20', 'held'],
    ['2025-10-18', '2025-10-21', 200],
  ])(
    'is possible after a hole in the history of over 30 days: of 200 on %s and %s comes %s',
    (first, second, expected) => {
      const closes = wednesday();
      closes.read('2025-10-30 16:40', bars(`${first} 200`, `${second} 200`));
      expect(closes.close(first)).toBe(expected);
    },
  );
});

describe('the first close of a history', () => {
  test.each([[[10_000, 101, 102]], [[1, 101, 102]], [[80, 101, 102]]])(
    'is held where the next one contradicts it: %j',
    ([first, second, third]) => {
      const closes = createCloses();
      closes.read('2025-09-19 16:40', bars(`${WEDNESDAY} ${first}`, `${THURSDAY} ${second}`, `${FRIDAY} ${third}`));
      expect([closes.close(WEDNESDAY), closes.close(THURSDAY), closes.close(FRIDAY)]).toEqual(['held', 101, 102]);
      expect(closes.row(WEDNESDAY)?.held?.reason).toContain('from the close after it');
    },
  );

  test('is believed where there is nothing else', () => {
    const closes = createCloses();
    closes.read('2025-09-17 16:40', bars(`${WEDNESDAY} 100`));
    expect(closes.row(WEDNESDAY)).toMatchObject({ close: 100, state: 'provisional' });
  });
});

describe('a gap in what is known', () => {
  test('a big move between two known closes is vouched for by the known one after it', () => {
    // ^GSPC of October 1987, as published.
    const neighbours = [
      { session: '1987-10-16', close: 282.7 },
      { session: '1987-10-20', close: 236.83 },
    ].map(({ session, close }) => ({
      session,
      close,
      state: 'settled' as const,
      firstReadAt: '2025-01-01T00:00:00.000Z',
      readAt: '2025-01-01T00:00:00.000Z',
      held: null,
    }));
    const reading = { symbol: '^GSPC', bars: [{ session: '1987-10-19', close: 224.84 }] };
    expect(judge(reading, neighbours, 0.15, Date.parse('2025-01-02T00:00:00Z')).changed).toMatchObject([
      { session: '1987-10-19', close: 224.84, state: 'settled' },
    ]);
  });

  test('a spike of 17% that is filled in between two known closes is held, as by an import', () => {
    const closes = wednesday();
    closes.read('2025-09-22 09:00', bars(`${FRIDAY} 102`));
    closes.read('2025-09-23 09:00', bars(`${THURSDAY} 117`));
    expect(closes.close(THURSDAY)).toBe('held');
  });

  test('an error of ×100 is not believed however many weeks it lasts, and a move over an unknown decade is', () => {
    const days = sessionsBetween('2025-01-02', '2025-06-30');
    const wrong = days.map((session, day) => ({ session, close: day < 10 ? 100 : 10_000 }));
    const now = Date.parse('2025-07-01T12:00:00Z');
    const believed = ({ changed }: ReturnType<typeof judge>) => changed.filter(({ close }) => close !== null);
    expect(believed(judge({ symbol: 'X', bars: wrong }, [], 0.15, now))).toHaveLength(10);
    const apart = [
      { session: '2015-01-02', close: 100 },
      { session: '2015-01-05', close: 101 },
      { session: '2025-01-02', close: 300 },
      { session: '2025-01-03', close: 301 },
    ];
    expect(believed(judge({ symbol: 'X', bars: apart }, [], 0.15, now))).toHaveLength(4);
  });
});
