import { expect, test } from 'vitest';
import { NO_MARKET_DATA } from '../support/examples.ts';
import { createSpikes, truthOf } from './spikes.ts';

test('the truth of the search has the events of the Russell 2000 (docs/architecture.md, "Facts to reproduce")', ({
  skip,
}) => {
  const truth = truthOf('^RUT');
  if (truth === undefined) return skip(NO_MARKET_DATA);
  expect([...truth.events]).toEqual([
    '1989-07-31',
    '1991-10-16',
    '1995-05-16',
    '1999-12-29',
    '2004-04-05',
    '2011-04-27',
    '2013-01-02',
    '2016-11-14',
    '2020-11-13',
    '2025-09-18',
  ]);
});

// Each of them once confirmed itself by the next close, and hid the true event after it.
test.for([
  ['2012-09-05', 1.16],
  ['2012-09-05', 1.17],
  ['2012-09-05', 1.2],
  ['2024-08-20', 1.19],
] as const)('the close of %s times %d invents nothing and hides nothing', ([session, factor], { skip }) => {
  const truth = truthOf('^RUT');
  if (truth === undefined) return skip(NO_MARKET_DATA);
  const at = truth.closes.findIndex((close) => close.session === session);
  expect(createSpikes(truth)(at, 1, factor)).toEqual({ invented: [], lost: [], isLate: false, lockedOut: false });
});

test('two days that are wrong alike are seen by no rule: the search finds them', ({ skip }) => {
  const truth = truthOf('^RUT');
  if (truth === undefined) return skip(NO_MARKET_DATA);
  const at = truth.closes.findIndex(({ session }) => session === '2012-09-05');
  const { invented, lost } = createSpikes(truth)(at, 2, 1.2);
  expect([invented, lost]).toEqual([['2012-09-05'], ['2013-01-02']]);
});

test('after two closes that are far too low the true ones are believed again', ({ skip }) => {
  const truth = truthOf('^RUT');
  if (truth === undefined) return skip(NO_MARKET_DATA);
  const at = truth.closes.findIndex(({ session }) => session === '2012-09-05');
  expect(createSpikes(truth)(at, 2, 0.6)).toEqual({ invented: [], lost: [], isLate: false, lockedOut: false });
});
