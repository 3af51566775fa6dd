import { describe, expect, test } from 'vitest';
import type { KnownClose } from '../../src/market/known-close.ts';
import { awaitedValue } from '../../src/market/second-reading.ts';

import { at, bars, THURSDAY, wednesday } from './judged-closes.ts';

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
