import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readCloses } from '../../src/market/csv.ts';
import { loadSettings } from '../../src/settings/settings.ts';
import { fullStudy, leaveOneOut } from '../../src/study/full-study.ts';
import { historyOf } from '../../src/study/signal-closes.ts';
import { study } from '../../src/study/study.ts';

const ROOT = join(import.meta.dirname, '../..');
const REAL = join(ROOT, '../shared/market-data');
const [SIGNAL] = loadSettings(ROOT, {}).signals;
if (SIGNAL?.beforeHistory === undefined) throw new Error('the built-in signal is gone');
const signal = SIGNAL;

describe('a full study of a short history', () => {
  // A month's closes of each: the record of 2 January 2020 falls after over a year.
  const index = [
    { session: '2018-12-03', close: 100 },
    { session: '2019-12-31', close: 99 },
    { session: '2020-01-02', close: 101 },
    { session: '2020-01-31', close: 95 },
    { session: '2020-02-03', close: 104 },
  ];
  const closes = { before: [], index, benchmark: index.map(({ session, close }) => ({ session, close: close * 10 })) };
  const plain = { ...signal, beforeHistory: undefined };

  test('has all figures or null, and no interval from one event', () => {
    const full = fullStudy(plain, closes, undefined);
    expect(full?.events.map(({ session }) => session)).toEqual(['2020-01-02']);
    expect(Object.keys(full?.horizons ?? {})).toEqual(['1', '3', '6', '12', '24']);
    const month = full?.horizons[1];
    expect(month).toMatchObject({ n: 1, span: { from: '2020-01-02', to: '2020-01-31' }, leaveOneOut: null });
    expect(month?.difference).toMatchObject({ meanInterval: null, rateInterval: null });
    expect(month?.inside).toMatchObject({ worstDrawdown: 95 / 101 - 1, largestGain: 0, medianTroughSessions: 1 });
    expect(full?.horizons[12]).toMatchObject({ n: 0, mean: null, span: null, leaveOneOut: null, independent: 0 });
    expect(full?.horizons[12]?.difference).toMatchObject({ mean: null, meanP: null, rate: null, rateP: null });
    expect(full?.events[0]?.windows).toMatchObject({ 1: { gain: 0 }, 12: null });
    expect(full?.totalReturn).toBeNull();
    expect(full?.resampling.seed).toBe(1);
  });

  test('says from which session dividends are known, and counts only the events since', () => {
    const full = fullStudy(plain, closes, {
      symbol: '^TR',
      closes: [
        { session: '2020-01-02', close: 50 },
        { session: '2020-02-03', close: 60 },
      ],
    });
    expect(full?.totalReturn).toMatchObject({ symbol: '^TR', from: '2020-01-02', to: '2020-02-03' });
    expect(full?.totalReturn?.horizons[1]).toMatchObject({ n: 1, mean: 0, priceMean: 95 / 101 - 1 });
    const later = fullStudy(plain, closes, { symbol: '^TR', closes: [{ session: '2020-01-03', close: 50 }] });
    expect(later?.totalReturn?.horizons[1]).toMatchObject({ n: 0, mean: null, excess: null, priceMean: null });
    expect(fullStudy(plain, closes, { symbol: '^TR', closes: [] })?.totalReturn).toBeNull();
  });

  test('is nothing while there is no close', () => {
    expect(fullStudy(plain, { before: [], index: [], benchmark: [] }, undefined)).toBeUndefined();
  });
});

test('leaving one out gives the lowest and the highest mean of the others', () => {
  expect(leaveOneOut([1, 2, 6])).toEqual([1.5, 4]);
  expect(leaveOneOut([1])).toBeNull();
});

describe.skipIf(!existsSync(REAL))(
  'a full study of the real closes (skipped where ../shared/market-data is absent)',
  () => {
    const read = (symbol: string) => readCloses(join(REAL, `${symbol}.csv`));
    const real = () => ({
      before: readCloses(signal.beforeHistory?.file ?? ''),
      index: read('^RUT'),
      benchmark: read('^GSPC'),
    });
    const full = () => fullStudy(signal, real(), { symbol: '^SP500TR', closes: read('^SP500TR') });

    /*
     * Python 3.11, pandas 1.5.3, SciPy 1.10.1 on the same files, written apart from this code: outcomes by DateOffset and
     * searchsorted, drawdowns by np.maximum.accumulate, p by all moves of the pattern, pValue by scipy.stats.binomtest, the
     * intervals by np.quantile over 20,000 resamples of blocks of 504 (PCG64).
     */
    test.each([
      [1, 12, 0.8969106499551862, 0.8002029255094276, 0.8992982159465629, [-0.006084374422569049, 0.00407443023173967]],
      [3, 12, 0.4689900863761468, 0.18201103097157403, 0.45439117522274075, [0.0348121061422845, 0.0495665815798538]],
      [6, 11, 0.8678541027050723, 0.3098711714017575, 0.8890026448255268, [0.0566990120149596, 0.07875567903914994]],
      [12, 11, 0.2837958276276784, 0.3210621605310803, 0.2433830502629537, [0.10861086876513619, 0.14901250434631808]],
      [24, 11, 0.5404422975411223, 0.6525953996651097, 0.48136071208248876, [0.15042374066899503, 0.22818292485461944]],
    ])(
      'after %i months agrees with SciPy in p and in the means without one',
      (months, n, pValue, meanP, rateP, without) => {
        const horizon = full()?.horizons[months];
        expect(horizon?.n).toBe(n);
        expect(horizon?.pValue).toBeCloseTo(pValue, 10);
        expect(horizon?.difference.meanP).toBeCloseTo(meanP, 10);
        expect(horizon?.difference.rateP).toBeCloseTo(rateP, 10);
        expect(horizon?.leaveOneOut?.[0]).toBeCloseTo(without[0] ?? 0, 10);
        expect(horizon?.leaveOneOut?.[1]).toBeCloseTo(without[1] ?? 0, 10);
      },
    );

    test.each([
      [1, [-0.0284, 0.0056], [-0.4056, 0.1319]],
      [3, [-0.0104, 0.0446], [-0.2011, 0.2922]],
      [6, [-0.0314, 0.0625], [-0.3874, 0.1677]],
      [12, [-0.0443, 0.0904], [-0.0566, 0.2653]],
      [24, [-0.1218, 0.0687], [-0.0973, 0.1784]],
    ])('after %i months the intervals are those of numpy, as near as resampling goes', (months, mean, rate) => {
      const difference = full()?.horizons[months]?.difference;
      for (const end of [0, 1]) {
        expect(Math.abs((difference?.meanInterval?.[end] ?? 9) - (mean[end] ?? 0))).toBeLessThan(0.005);
        expect(Math.abs((difference?.rateInterval?.[end] ?? 9) - (rate[end] ?? 0))).toBeLessThan(0.02);
      }
    });

    test.each([
      [1, -0.07424876637740341, -0.03225093299295506, 0.04968117549209872, 0.017862768541822005, 17],
      [3, -0.09248936532244345, -0.053468692801910855, 0.1248488366468341, 0.056919662688371564, 35],
      [6, -0.19388241506002446, -0.0624331582574803, 0.19953562617907417, 0.10878380001848265, 107],
      [12, -0.19388241506002446, -0.0705495734862257, 0.311437549654479, 0.19877086221236495, 121],
      [24, -0.3677084833645399, -0.1438169707500725, 0.629033038262468, 0.21713077194219244, 433],
    ])('inside %i months agrees with pandas', (months, worst, median, gain, medianGain, sessions) => {
      const inside = full()?.horizons[months]?.inside;
      expect(inside?.worstDrawdown).toBeCloseTo(worst, 10);
      expect(inside?.medianDrawdown).toBeCloseTo(median, 10);
      expect(inside?.largestGain).toBeCloseTo(gain, 10);
      expect(inside?.medianGain).toBeCloseTo(medianGain, 10);
      expect(inside?.medianTroughSessions).toBe(sessions);
    });

    test('of the index itself and with dividends agrees with pandas', () => {
      const result = full();
      const own = result?.index.horizons[12];
      expect(own).toMatchObject({ n: 9, up: 6, baseN: 9401 });
      expect(own?.mean).toBeCloseTo(0.11921364897941356, 10);
      expect(own?.baseMean).toBeCloseTo(0.09508345024344693, 10);
      // The excess over any day of the S&P 500 in the same span, since 10 September 1987: 9,401 days, by pandas.
      expect(own?.excess).toBeCloseTo(0.11921364897941356 - 0.10082049071372323, 8);
      const dividends = result?.totalReturn;
      expect(dividends).toMatchObject({ from: '1988-01-04', to: '2020-12-18' });
      expect(dividends?.horizons[12]).toMatchObject({ n: 8, up: 7, baseN: 8056 });
      expect(dividends?.horizons[12]?.mean).toBeCloseTo(0.11818467248284727, 10);
      // docs/architecture.md, "Facts to reproduce": about 2½ points more with dividends, for 8 of the 11.
      expect(dividends?.horizons[12]?.priceMean).toBeCloseTo(0.09305839796108506, 10);
      expect(dividends?.horizons[12]?.excess).toBeCloseTo(0.11818467248284727 - 0.11740143576086964, 10);
    });

    test('compares dividends with any day since the index’s first close, as pandas does', () => {
      // pandas: outcomes of ^SP500TR from 2014-01-02 on, 12 months: n 1,502, 90.0% above zero, mean +11.3%.
      const { before: _, index, benchmark } = real();
      const late = { before: [], index: index.filter(({ session }) => session >= '2014-01-02'), benchmark };
      const result = fullStudy({ ...signal, beforeHistory: undefined }, late, {
        symbol: '^SP500TR',
        closes: read('^SP500TR'),
      });
      // It says where that base begins, not where the series does.
      expect(result?.totalReturn).toMatchObject({ from: '2014-01-02', joined: null });
      expect(result?.totalReturn?.horizons[12]).toMatchObject({
        baseN: 1502,
        baseRate: expect.closeTo(0.9, 3),
        baseMean: expect.closeTo(0.113, 3),
      });
    });

    test('says of windows what overlaps: only the two years after 2011 and 2013', () => {
      const horizons = full()?.horizons;
      expect(horizons?.[12]).toMatchObject({ overlapping: 0, independent: 11 });
      expect(horizons?.[24]).toMatchObject({ overlapping: 2, independent: 10 });
    });

    test('says of the signal’s horizons what the study says, and the path goes through them', () => {
      const result = full();
      const plain = study(signal, historyOf(signal, real()), real().benchmark);
      for (const months of signal.horizons) {
        expect(result?.horizons[months]).toMatchObject(plain?.horizons[months] ?? { n: -1 });
        const point = result?.path.find(({ month }) => month === months);
        const { n, mean, median, baseMean } = plain?.horizons[months] ?? {};
        expect(point).toMatchObject({ n, mean, median, baseMean });
      }
      expect(result?.path).toHaveLength(24);
    });

    test('changes its intervals with the seed, and nothing else', () => {
      const [one, two] = [1, 2].map((seed) => fullStudy(signal, real(), undefined, seed));
      expect(two?.horizons[12]?.difference.meanInterval).not.toEqual(one?.horizons[12]?.difference.meanInterval);
      expect(two?.horizons[12]?.difference.meanP).toEqual(one?.horizons[12]?.difference.meanP);
      expect(two?.events).toEqual(one?.events);
    });
  },
);
