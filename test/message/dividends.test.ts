import { expect, test } from 'vitest';
import { withDividends } from '../../src/message/dividends.ts';
import { NOTHING_KNOWN, STATISTICS } from '../support/examples.ts';

test('says in one line what dividends add', () => {
  // The eleven events, by pandas (issue 18).
  const year = { ...STATISTICS, n: 11, up: 10, mean: 0.1551, median: 0.1973, baseRate: 0.8131, baseMean: 0.131 };
  expect(withDividends('S&P 500', year)).toBe(
    'With dividends reinvested, the S&P 500 was higher a year later in 10 of 11 (any day: 81%): mean +15.5% (any day: +13.1%), median +19.7%.',
  );
  expect(withDividends('S&P 500', { ...year, baseRate: null, baseMean: null })).toMatch(
    /in 10 of 11 \(any day: not known\): mean \+15\.5%, median \+19\.7%\.$/,
  );
  expect(withDividends('S&P 500', NOTHING_KNOWN)).toBeUndefined();
});
