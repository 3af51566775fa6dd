import { expect, test } from 'vitest';
import { PICTURE } from '../../src/chart/palette.ts';
import { recordAxes } from '../../src/chart/record-axes.ts';

/** A record, a fall, and a record three years later. */
const CLOSES = [
  { session: '2000-01-03', close: 100 },
  { session: '2001-01-02', close: 120 },
  { session: '2002-01-02', close: 60 },
  { session: '2004-01-02', close: 121 },
  { session: '2004-06-01', close: 110 },
];

test('a part of it has heights and dates of its own', () => {
  const labels = (from?: string, to?: string) => {
    const { xAxis, yAxis } = recordAxes({ closes: CLOSES }, PICTURE, from, to);
    return {
      dates: xAxis.axisLabel.customValues.map(xAxis.axisLabel.formatter),
      heights: yAxis.axisLabel.customValues.map(yAxis.axisLabel.formatter),
      low: Math.round(10 ** yAxis.min),
    };
  };
  expect(labels()).toEqual({ dates: ['2001', '2002', '2003', '2004'], heights: ['60', '80', '100', '120'], low: 59 });
  expect(labels('2004-01-01', '2004-06-01')).toEqual({
    dates: ['Feb 2004', 'Mar 2004', 'Apr 2004', 'May 2004', 'Jun 2004'],
    heights: ['110', '115', '120'],
    low: 110,
  });
});
