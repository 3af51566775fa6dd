import { describe, expect, test } from 'vitest';
import type { KnownClose } from '../../src/market/known-close.ts';
import { sessionsBetween } from '../../src/market/new-york.ts';
import { restated, restatementOf, restatementText } from '../../src/market/restatement.ts';
import { judge } from '../../src/market/sanity.ts';
import type { Bar } from '../../src/market/source.ts';

const READ_AT = '2025-09-17T20:45:00.000Z';
const NOW = Date.parse('2025-09-18T20:45:00Z');

/** A wave of closes between 2,200 and 2,400, to two decimals. */
const CLOSES = sessionsBetween('2025-08-05', '2025-09-17').map((session, position) => ({
  session,
  close: Math.round((2300 + 100 * Math.sin(position)) * 100) / 100,
}));
const KNOWN: readonly KnownClose[] = CLOSES.map(({ session, close }) => ({
  session,
  close,
  state: 'settled',
  firstReadAt: READ_AT,
  readAt: READ_AT,
  held: null,
}));

/** What is read instead, as floats of single precision, from one position to another. */
function bars(change: (close: number) => number, from = 0, to = CLOSES.length): Bar[] {
  return CLOSES.map(({ session, close }, position) => ({
    session,
    close: Math.fround(position >= from && position < to ? Math.round(change(close) * 100) / 100 : close),
  }));
}

const last = CLOSES.length;

describe('of a series of small numbers', () => {
  const small = (change: (close: number) => number = (close) => close, decimals = 5): Bar[] =>
    CLOSES.map(({ session, close }) => ({ session, close: Number((change(close) / 10_000).toFixed(decimals)) }));
  const known = small().map((bar, at) => ({ ...(KNOWN[at] as KnownClose), close: bar.close }));

  test.each([0.99, 1.005, 2, 100])('× %f is a restatement, at its own decimals', (factor) => {
    const found = restatementOf(
      small((close) => close * factor),
      known,
      5,
    );
    expect(found).toMatchObject({ kind: 'factor', part: 'all', sessions: last });
    expect(found?.by).toBeCloseTo(factor, 3);
  });

  test('the same closes rounded to cents are none, whichever of both is stored', () => {
    const cents = small((close) => close, 2);
    expect(restatementOf(cents, known, 5)).toBeUndefined();
    expect(
      restatementOf(
        small(),
        known.map((row, at) => ({ ...row, close: cents[at]?.close ?? null })),
        5,
      ),
    ).toBeUndefined();
  });
});

describe('every close changed by one rule is a restatement', () => {
  test.each([0.01, 0.1, 0.5, 2 / 3, 0.8, 0.95, 0.99, 1.005, 1.02, 1.05, 1.25, 1.5, 2, 10, 100])('× %f', (factor) => {
    const found = restatementOf(
      bars((close) => close * factor),
      KNOWN,
    );
    expect(found).toMatchObject({ kind: 'factor', part: 'all', sessions: last });
    expect(found?.by).toBeCloseTo(factor, factor < 0.1 ? 4 : 3);
  });

  test.each([50, -50, 30])('+ %f', (shift) => {
    // A shift of 50 points is a factor of 1.02 give or take a thousandth; only the shift fits every close.
    const found = restatementOf(
      bars((close) => close + shift),
      KNOWN,
    );
    expect(found).toMatchObject({ kind: 'shift', part: 'all' });
    expect(found?.by).toBeCloseTo(shift, 1);
  });

  test('also with an odd close right in the middle', () => {
    const middle = Math.floor(last / 2);
    const halved = bars((close) => close * 0.5).with(middle, { session: CLOSES[middle]?.session ?? '', close: 5 });
    expect(restatementOf(halved, KNOWN)).toMatchObject({ kind: 'factor', part: 'all' });
  });

  test('with one or two lost or odd closes among them', () => {
    const odd = bars((close) => close * 0.5).filter((_, position) => position !== 7 && position !== 20);
    expect(restatementOf(odd.with(3, { session: odd[3]?.session ?? '', close: null }), KNOWN)?.part).toBe('all');
    expect(restatementOf(odd.with(3, { session: odd[3]?.session ?? '', close: 5 }), KNOWN)?.part).toBe('all');
  });
});

describe('a part of them is told as such', () => {
  test('from a day on', () => {
    const found = restatementOf(
      bars((close) => close * 0.8, last - 3),
      KNOWN,
    );
    expect(found).toMatchObject({ part: 'newer', sessions: 3, from: CLOSES[last - 3]?.session });
    expect(found && restatementText(found)).toBe('every close from 15 Sep 2025 on × 0.8');
  });

  test('up to a day', () => {
    const found = restatementOf(
      bars((close) => close * 1.02, 0, 10),
      KNOWN,
    );
    expect(found).toMatchObject({ part: 'older', to: CLOSES[9]?.session });
    expect(found && restatementText(found)).toBe('every close up to 18 Aug 2025 × 1.02');
  });
});

describe('where two scales meet, the one without a step is of one scale', () => {
  const split = KNOWN.map((row, position) => (position < 20 ? row : { ...row, close: (row.close ?? 0) * 0.8 }));

  test('a reading that mixes them is not whole', () => {
    expect(
      restatementOf(
        bars((close) => close * 0.8, 20),
        KNOWN,
      )?.isWhole,
    ).toBe(false);
    expect(
      restatementOf(
        bars((close) => close * 0.8, 0, 20),
        KNOWN,
      )?.isWhole,
    ).toBe(false);
  });

  test('a reading that follows a split back to the beginning is, though what is stored mixes them', () => {
    expect(
      restatementOf(
        bars((close) => close * 0.8),
        split,
      ),
    ).toMatchObject({ part: 'older', isWhole: true });
    expect(
      restatementOf(
        bars((close) => close),
        split,
      ),
    ).toMatchObject({ part: 'newer', isWhole: true });
  });

  test('of a small step nobody can say on which side it is', () => {
    expect(
      restatementOf(
        bars((close) => close * 1.02, 20),
        KNOWN,
      )?.isWhole,
    ).toBe(false);
    const small = KNOWN.map((row, position) => (position < 20 ? row : { ...row, close: (row.close ?? 0) * 1.02 }));
    expect(
      restatementOf(
        bars((close) => close),
        small,
      )?.isWhole,
    ).toBe(false);
  });
});

describe('no restatement are', () => {
  test('the same closes, and what floats and cents make of them', () => {
    expect(
      restatementOf(
        bars((close) => close),
        KNOWN,
      ),
    ).toBeUndefined();
    expect(
      restatementOf(
        bars((close) => close + 0.01),
        KNOWN,
      ),
    ).toBeUndefined();
  });

  test('one revised close, whatever the revision, or two that differ by little', () => {
    expect(
      restatementOf(
        bars((close) => close * 1.1, last - 1),
        KNOWN,
      ),
    ).toBeUndefined();
    expect(
      restatementOf(
        bars((close) => close * 1.004, last - 2),
        KNOWN,
      ),
    ).toBeUndefined();
    expect(
      restatementOf(
        bars((close) => close * 1.02, last - 2),
        KNOWN,
      ),
    ).toMatchObject({ part: 'newer', isWhole: false });
  });

  test('a block in the middle: the correction of a mistaken import', () => {
    expect(
      restatementOf(
        bars((close) => close * 100, 10, 15),
        KNOWN,
      ),
    ).toBeUndefined();
  });

  test('revisions without one rule', () => {
    const revised = CLOSES.map(({ session, close }, position) => ({ session, close: close * (1 + position / 500) }));
    expect(restatementOf(revised, KNOWN)).toBeUndefined();
  });

  test('new sessions, lost ones, zeros and what is not believed', () => {
    const held = KNOWN.map((row) => ({ ...row, close: null }));
    expect(
      restatementOf(
        bars((close) => close * 2),
        held,
      ),
    ).toBeUndefined();
    expect(
      restatementOf(
        bars(() => 0),
        KNOWN,
      ),
    ).toBeUndefined();
    expect(restatementOf([], KNOWN)).toBeUndefined();
    expect(restatementOf([{ session: '2025-09-18', close: 24.68 }], KNOWN)).toBeUndefined();
  });
});

describe('the closes after a restatement', () => {
  const half = bars((close) => close / 2);
  const fresh = judge({ symbol: '^RUT', bars: half }, [], 0.15, NOW);

  test('are the new ones, first read when the old ones were, and the old ones are kept', () => {
    const { changed, revisions } = restated(fresh, KNOWN, NOW);
    expect(changed).toHaveLength(last);
    expect(changed[5]).toMatchObject({ state: 'revised', firstReadAt: READ_AT, readAt: new Date(NOW).toISOString() });
    expect(changed[5]?.close).toBeCloseTo((CLOSES[5]?.close ?? 0) / 2, 1);
    expect(revisions).toHaveLength(last);
    expect(revisions[5]?.from).toEqual({ close: CLOSES[5]?.close, readAt: READ_AT, believed: true });
  });

  test('do not have one of the old scale among them: what was not read is held', () => {
    const lost = judge({ symbol: '^RUT', bars: half.toSpliced(5, 1) }, [], 0.15, NOW);
    const { changed } = restated(lost, KNOWN, NOW);
    expect(changed[5]).toMatchObject({ session: CLOSES[5]?.session, close: null, state: 'held' });
    expect(changed[5]?.held?.close).toBe(CLOSES[5]?.close);
  });
});
