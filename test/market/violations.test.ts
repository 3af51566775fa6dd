import { describe, expect, test } from 'vitest';
import type { Bar } from '../../src/market/source.ts';

import { at, bars, FRIDAY, THURSDAY, WEDNESDAY, wednesday } from './judged-closes.ts';

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
      held: { close, reason: "outside the session's range of 98 to 101", since: at('2025-09-18 16:40') },
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
    expect(closes.row(THURSDAY)?.held?.reason).toBe('more than 0.5% off the last price of 100');
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
