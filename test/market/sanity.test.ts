import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Session } from '../../src/market/close.ts';
import type { KnownClose, Revision } from '../../src/market/known-close.ts';
import { sessionsBetween } from '../../src/market/new-york.ts';
import { judge } from '../../src/market/sanity.ts';
import { awaitedValue } from '../../src/market/second-reading.ts';
import type { Bar, Reading } from '../../src/market/source.ts';

/** The closes of one symbol in memory: every reading is judged against them and changes them, as the store does. */
function createCloses(maxMove = 0.15) {
  const rows = new Map<Session, KnownClose>();
  const revisions: Revision[] = [];
  const known = () => [...rows.values()].sort((a, b) => (a.session < b.session ? -1 : 1));
  return {
    revisions,
    /** Reads bars at a time of New York's summer, `2025-09-18 16:40`. Inputs are frozen: nothing may change them. */
    read(time: string, bars: readonly Bar[], marketPrice?: Reading['marketPrice']) {
      const first = bars[0]?.session ?? '';
      const from = known().findLast(({ session, close }) => session < first && close !== null)?.session ?? first;
      const before = Object.freeze(known().filter(({ session }) => session >= from));
      const reading = Object.freeze({ symbol: '^RUT', bars: Object.freeze(bars), ...(marketPrice && { marketPrice }) });
      const judgement = judge(reading, before, maxMove, Date.parse(at(time)));
      for (const row of judgement.changed) rows.set(row.session, Object.freeze(row));
      revisions.push(...judgement.revisions);
      return judgement;
    },
    row: (session: Session) => rows.get(session),
    /** What is believed of a session; `held` where nothing is, undefined where nothing is known. */
    close: (session: Session) => rows.get(session) && (rows.get(session)?.close ?? 'held'),
    held: () => known().flatMap(({ session, held }) => (held ? [session] : [])),
  };
}

function at(time: string): string {
  return new Date(`${time.replace(' ', 'T')}:00-04:00`).toISOString();
}

/** `bars('2025-09-17 100', …)` */
function bars(...rows: string[]): readonly Bar[] {
  return rows.map((row) => Object.freeze({ session: row.slice(0, 10), close: Number(row.slice(11)) }));
}

/** Wednesday's close of 100, settled. */
function wednesday(maxMove?: number) {
  const closes = createCloses(maxMove);
  closes.read('2025-09-18 09:00', bars('2025-09-17 100'));
  return closes;
}

const WEDNESDAY = '2025-09-17';
const THURSDAY = '2025-09-18';
const FRIDAY = '2025-09-19';
const MONDAY = '2025-09-22';

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

describe('a settled close', () => {
  function settled() {
    const closes = wednesday();
    closes.read('2025-09-18 16:40', bars(`${THURSDAY} 101`));
    closes.read('2025-09-19 09:00', bars(`${THURSDAY} 101`));
    return closes;
  }

  test('is overturned by a second reading that agrees an hour later, and not before', () => {
    const closes = settled();
    closes.read('2025-09-19 16:40', bars(`${THURSDAY} 102`));
    closes.read('2025-09-19 17:39', bars(`${THURSDAY} 102`));
    expect(closes.row(THURSDAY)).toMatchObject({ close: 101, state: 'settled', held: { close: 102 } });
    closes.read('2025-09-19 17:40', bars(`${THURSDAY} 102`));
    expect(closes.row(THURSDAY)).toMatchObject({ close: 102, state: 'revised', held: null });
    expect(closes.revisions).toMatchObject([{ session: THURSDAY, from: { close: 101 }, to: { close: 102 } }]);
  });

  test('stays where the second reading says a third thing, or what it was', () => {
    const closes = settled();
    closes.read('2025-09-19 16:40', bars(`${THURSDAY} 102`));
    closes.read('2025-09-19 18:30', bars(`${THURSDAY} 103`));
    closes.read('2025-09-20 09:00', bars(`${THURSDAY} 102`));
    closes.read('2025-09-20 10:30', bars(`${THURSDAY} 101`));
    closes.read('2025-09-20 12:00', bars(`${THURSDAY} 102`));
    expect(closes.row(THURSDAY)).toMatchObject({ close: 101, state: 'settled' });
  });

  test('a value that waits counts as read for two days, and no longer', () => {
    const closes = settled();
    closes.read('2025-09-19 16:40', bars(`${THURSDAY} 102`));
    const row = closes.row(THURSDAY) as KnownClose;
    expect(awaitedValue(row, Date.parse(at('2025-09-21 16:40')))).toBe(102);
    expect(awaitedValue(row, Date.parse(at('2025-09-21 16:41')))).toBeUndefined();
    // Held since a time to come: by a clock that was wrong.
    expect(awaitedValue(row, Date.parse(at('2025-09-19 09:00')))).toBeUndefined();
  });
});

describe('a close outside the range of its own bar', () => {
  const outside: Bar = { session: THURSDAY, close: 97, low: 98, high: 101 };

  test.each([
    ['below', 97.99],
    ['above', 101.01],
  ])('is held where it lies %s', (_where, close) => {
    const closes = wednesday();
    closes.read('2025-09-18 16:40', [{ ...outside, close }]);
    expect(closes.row(THURSDAY)).toEqual({
      session: THURSDAY,
      close: null,
      state: 'held',
      firstReadAt: at('2025-09-18 16:40'),
      readAt: null,
      held: { close, reason: 'outside its own range of 98 to 101', since: at('2025-09-18 16:40') },
    });
    expect(closes.revisions).toEqual([]);
  });

  test.each([
    ['at its low', { close: 98, low: 98, high: 101 }],
    ['at its high', { close: 101, low: 98, high: 101 }],
    ['at its low but for jitter', { close: 97.9951, low: 98.0049, high: 101 }],
    ['without a low', { close: 97, high: 98 }],
    ['without a high', { close: 97, low: 98 }],
    ['with a low of zero', { close: 103, low: 0, high: 101 }],
    ['with a low above the high', { close: 97, low: 101, high: 98 }],
  ])('is not held %s', (_where, bar) => {
    const closes = wednesday();
    closes.read('2025-09-18 16:40', [{ session: THURSDAY, ...bar }]);
    expect(closes.row(THURSDAY)?.state).toBe('provisional');
  });

  test('is believed once a reading on a later day agrees', () => {
    const closes = wednesday();
    closes.read('2025-09-18 16:40', [outside]);
    closes.read('2025-09-19 09:00', [outside]);
    expect(closes.row(THURSDAY)).toMatchObject({ close: 97, state: 'settled', held: null });
    expect(closes.revisions).toEqual([]);
  });

  test('is not believed by a second reading on the same day of New York', () => {
    const closes = wednesday();
    closes.read('2025-09-18 19:30', [outside]);
    // In London this is the next day.
    expect(closes.read('2025-09-18 20:30', [outside])).toEqual({ changed: [], revisions: [] });
    expect(closes.close(THURSDAY)).toBe('held');
  });

  test('is believed the next morning, though London had that date when it was first read', () => {
    const closes = wednesday();
    closes.read('2025-09-18 20:30', [outside]);
    closes.read('2025-09-19 09:00', [outside]);
    expect(closes.close(THURSDAY)).toBe(97);
  });

  test('is not believed by its first reading, however late that is', () => {
    const closes = wednesday();
    closes.read('2025-09-22 09:00', [outside]);
    closes.read('2025-09-22 16:40', [outside]);
    expect(closes.close(THURSDAY)).toBe('held');
    closes.read('2025-09-23 09:00', [outside]);
    expect(closes.close(THURSDAY)).toBe(97);
  });

  test('waits anew with every other value that is held', () => {
    const closes = wednesday();
    closes.read('2025-09-18 16:40', [outside]);
    closes.read('2025-09-19 09:00', [{ ...outside, close: 96 }]);
    expect(closes.row(THURSDAY)?.held).toMatchObject({ close: 96, since: at('2025-09-19 09:00') });
    expect(closes.revisions).toEqual([
      {
        session: THURSDAY,
        from: { close: 97, readAt: at('2025-09-18 16:40'), believed: false },
        to: { close: 96, readAt: at('2025-09-19 09:00'), believed: false },
      },
    ]);
    closes.read('2025-09-19 16:40', [{ ...outside, close: 96 }]);
    expect(closes.close(THURSDAY)).toBe('held');
    closes.read('2025-09-22 09:00', [{ ...outside, close: 96 }]);
    expect(closes.close(THURSDAY)).toBe(96);
  });

  test('gives way to a value that breaks no rule, and is kept as what that replaced', () => {
    const closes = wednesday();
    closes.read('2025-09-18 16:40', [outside]);
    closes.read('2025-09-18 18:00', [{ ...outside, close: 99 }]);
    expect(closes.row(THURSDAY)).toEqual({
      session: THURSDAY,
      close: 99,
      state: 'provisional',
      firstReadAt: at('2025-09-18 16:40'),
      readAt: at('2025-09-18 18:00'),
      held: null,
      high: 101,
    });
    expect(closes.revisions).toEqual([
      {
        session: THURSDAY,
        from: { close: 97, readAt: at('2025-09-18 16:40'), believed: false },
        to: { close: 99, readAt: at('2025-09-18 18:00'), believed: true },
      },
    ]);
  });
});

describe('a close over 0.5% off the last price of the market', () => {
  const price = { session: THURSDAY, price: 100 };

  test.each([
    [100.51, 'held'],
    [99.49, 'held'],
    [100.49, 100.49],
    [99.51, 99.51],
    [100, 100],
  ])('of the same session is held, and no nearer one: of %d at a price of 100 comes %s', (close, expected) => {
    const closes = wednesday();
    closes.read('2025-09-18 16:40', bars(`${THURSDAY} ${close}`), price);
    expect(closes.close(THURSDAY)).toBe(expected);
  });

  test('says so', () => {
    const closes = wednesday();
    closes.read('2025-09-18 16:40', bars(`${THURSDAY} 101`), { ...price, price: 99.996 });
    expect(closes.row(THURSDAY)?.held?.reason).toBe('over 0.5% off the last price of 100');
  });

  test.each([
    ['of another session', { session: FRIDAY, price: 100 }],
    ['of an earlier session', { session: WEDNESDAY, price: 100 }],
    ['that is near zero', { session: THURSDAY, price: 0 }],
    ['that is no number', { session: THURSDAY, price: Number.NaN }],
    ['that is infinite', { session: THURSDAY, price: Infinity }],
  ])('is believed where that price is one %s', (_what, other) => {
    const closes = wednesday();
    closes.read('2025-09-18 16:40', bars(`${THURSDAY} 102`), other);
    expect(closes.close(THURSDAY)).toBe(102);
  });

  test('is believed once a reading on a later day agrees, while the price still says otherwise', () => {
    const closes = wednesday();
    closes.read('2025-09-18 16:40', bars(`${THURSDAY} 102`), price);
    closes.read('2025-09-18 23:00', bars(`${THURSDAY} 102`), price);
    expect(closes.close(THURSDAY)).toBe('held');
    closes.read('2025-09-19 09:00', bars(`${THURSDAY} 102`), price);
    expect(closes.close(THURSDAY)).toBe(102);
  });

  test('is believed the next day, when the price is that of another session', () => {
    const closes = wednesday();
    closes.read('2025-09-18 16:40', bars(`${THURSDAY} 102`), price);
    closes.read('2025-09-19 16:40', bars(`${THURSDAY} 102`, `${FRIDAY} 103`), { session: FRIDAY, price: 103 });
    expect(closes.row(THURSDAY)).toMatchObject({ close: 102, state: 'settled', held: null });
  });
});

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
    expect(closes.row(THURSDAY)?.held?.reason).toBe('a move of −20.0% from the close of 2025-09-17');
    closes.read('2025-09-18 16:50', bars(`${THURSDAY} 130`));
    expect(closes.row(THURSDAY)?.held?.reason).toBe('a move of +30.0% from the close of 2025-09-17');
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

  test.each([68.01, 91.99])('is believed once the next close, %d, lies within 15% of it', (next) => {
    const closes = wednesday();
    closes.read('2025-09-18 16:40', bars(`${THURSDAY} 80`));
    closes.read('2025-09-19 16:40', bars(`${THURSDAY} 80`, `${FRIDAY} ${next}`));
    expect(closes.row(THURSDAY)).toMatchObject({ close: 80, state: 'settled', held: null });
    expect(closes.close(FRIDAY)).toBe(next);
  });

  test.each([67.99, 92.01])('stays held where the next close is %d', (next) => {
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
      'outside its own range of 90 to 101; a move of −20.0% from the close of 2025-09-17',
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
    expect(closes.row(FRIDAY)?.held?.reason).toBe('a move of +30.0% from the close of 2025-09-17');
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

describe('a revising reading', () => {
  test.each<[string, Bar, Reading['marketPrice']]>([
    ['outside its own range', { session: THURSDAY, close: 105, low: 98, high: 104 }, undefined],
    ['over 0.5% off the last price', { session: THURSDAY, close: 105 }, { session: THURSDAY, price: 101 }],
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
    expect(closes.row('1987-10-19')?.held?.reason).toBe('a move of −20.5% from the close of 1987-10-16');
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
