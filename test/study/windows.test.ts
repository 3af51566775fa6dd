import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { overlapOf, windowFigures } from '../../src/study/windows.ts';

const closesOf = (...closes: number[]) =>
  closes.map((close, day) => ({ session: `2025-01-${String(day + 1).padStart(2, '0')}`, close }));

describe('inside a window', () => {
  test('the deepest fall is counted from its own high, the gain from the event', () => {
    // By hand: the high is 120, its low 90 four sessions after the event; the event's close is 100.
    expect(windowFigures(closesOf(50, 100, 110, 120, 96, 90, 105, 200), { entry: 1, exit: 6 })).toEqual({
      drawdown: 90 / 120 - 1,
      troughSessions: 4,
      gain: 120 / 100 - 1,
    });
  });

  test('that only rises there is no fall, and that only falls no gain', () => {
    expect(windowFigures(closesOf(100, 101, 102), { entry: 0, exit: 2 })).toEqual({
      drawdown: 0,
      troughSessions: 0,
      gain: 102 / 100 - 1,
    });
    expect(windowFigures(closesOf(100, 90, 95), { entry: 0, exit: 2 })).toEqual({
      drawdown: 90 / 100 - 1,
      troughSessions: 1,
      gain: 0,
    });
  });

  test('whose event or end is not known nothing is known', () => {
    expect(windowFigures(closesOf(100, 90), { entry: -1, exit: 1 })).toBeNull();
    expect(windowFigures(closesOf(100, 90), { entry: 0, exit: -1 })).toBeNull();
    expect(windowFigures([], { entry: 0, exit: 0 })).toBeNull();
  });
});

describe('windows', () => {
  test('that share sessions overlap; that only touch do not', () => {
    const touching = [
      { entry: 0, exit: 10 },
      { entry: 10, exit: 20 },
      { entry: 40, exit: 50 },
    ];
    expect(overlapOf(touching)).toEqual({ overlapping: 0, independent: 3 });
    expect(overlapOf([...touching, { entry: 5, exit: 15 }])).toEqual({ overlapping: 3, independent: 3 });
    expect(overlapOf([])).toEqual({ overlapping: 0, independent: 0 });
  });

  test('that are independent are as many as any choice of them allows', () => {
    const window = fc
      .record({ entry: fc.integer({ min: 0, max: 30 }), length: fc.integer({ min: 1, max: 12 }) })
      .map(({ entry, length }) => ({ entry, exit: entry + length }));
    fc.assert(
      fc.property(fc.array(window, { maxLength: 8 }), (windows) => {
        let most = 0;
        for (let choice = 0; choice < 2 ** windows.length; choice++) {
          const chosen = windows.filter((_, at) => (choice >> at) & 1);
          const apart = chosen.every((a, at) =>
            chosen.slice(at + 1).every((b) => a.exit <= b.entry || b.exit <= a.entry),
          );
          if (apart) most = Math.max(most, chosen.length);
        }
        expect(overlapOf(windows).independent).toBe(most);
      }),
      { seed: 20250918 },
    );
  });
});
