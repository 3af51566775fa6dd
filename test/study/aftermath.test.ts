import { describe, expect, test } from 'vitest';
import { createDemoSource } from '../../src/demo/source.ts';
import type { Close } from '../../src/market/close.ts';
import { readCloses } from '../../src/market/csv.ts';
import { demoSettings } from '../../src/settings/demo-settings.ts';
import { aftermathOf } from '../../src/study/aftermath.ts';
import type { SignalCloses } from '../../src/study/signal-closes.ts';

const [SIGNAL] = demoSettings('/nowhere').signals;
if (SIGNAL?.beforeHistory === undefined) throw new Error('the built-in signal is gone');
const signal = SIGNAL;
const before = readCloses(SIGNAL.beforeHistory.file);

/** The demo's closes as they are known on a day. At the events and a year later they are the published ones. */
async function knownOn(day: string): Promise<SignalCloses> {
  const now = Date.parse(`${day}T23:00:00Z`);
  const closes = async (symbol: string): Promise<Close[]> =>
    (await createDemoSource().read(symbol, undefined, now)).bars.map(({ session, close }) => ({
      session,
      close: close ?? 0,
    }));
  return { before, index: await closes('^RUT'), benchmark: await closes('^GSPC') };
}

describe('what followed an event', () => {
  test('a year later is the figure of the design, against the ten occasions before it', async () => {
    const aftermath = aftermathOf(signal, await knownOn('2021-11-30'), '2020-11-13');
    // docs/architecture.md, "Facts to reproduce": 3585.15 to 4682.85; the ten outcomes before are
    expect(aftermath).toMatchObject({ months: 12, exit: { session: '2021-11-12', close: 4682.85 }, rank: 1 });
    expect(aftermath?.return).toBeCloseTo(0.3062, 4);
    expect(aftermath?.earlier[12]).toMatchObject({ n: 10, up: 9 });
    expect(aftermath?.earlier[12]?.mean).toBeCloseTo(0.1086, 3);
    expect(aftermath?.earlier[12]?.median).toBeCloseTo(0.0965, 3);
    // The occasion itself is part of the study by now.
    expect(aftermath?.study.horizons[12]).toMatchObject({ n: 11, up: 10 });
    expect(aftermath?.drawdown).toBeLessThanOrEqual(0);
  });

  test('goes to the last horizon that is reached', async () => {
    for (const [day, months] of [
      ['2020-12-14', 1],
      ['2021-02-15', 1],
      ['2021-02-16', 3],
      ['2021-05-13', 6],
    ] as const) {
      expect(aftermathOf(signal, await knownOn(day), '2020-11-13')?.months).toBe(months);
    }
  });

  test('is nothing before the first horizon, and for what is no event', async () => {
    const closes = await knownOn('2020-12-11');
    expect(aftermathOf(signal, closes, '2020-11-13')).toBeUndefined();
    expect(aftermathOf(signal, closes, '2020-11-12')).toBeUndefined();
  });

  test('of the loser says that it lost, and its place among those before', async () => {
    const aftermath = aftermathOf(signal, await knownOn('2001-01-31'), '1999-12-29');
    expect(aftermath?.return).toBeCloseTo(-0.098, 3);
    expect(aftermath?.rank).toBe(6);
  });
});
