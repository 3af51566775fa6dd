import { expect, test } from 'vitest';
import { sharePicture } from '../../src/chart/share-picture.ts';

const FACTS = {
  indexName: 'Index',
  closes: [
    { session: '2020-01-02', close: 100 },
    { session: '2021-03-01', close: 110 },
  ],
  events: [],
};

test('the figures stand beside each other, each above its words, and the chart below them', () => {
  const option = sharePicture(
    {
      title: 'Index',
      headline: 'The bell has never rung.',
      figures: [
        { value: 'Armed', text: 'since 3 Jan 2021' },
        { value: '+1.47%', text: 'to equal the record' },
      ],
    },
    FACTS,
  );
  const words = option.graphic as {
    x: number;
    y: number;
    style: { text: string; lineHeight: number; height: number };
  }[];
  const at = (text: string) => words.find(({ style }) => style.text === text) ?? { x: NaN, y: NaN };
  expect(words.map(({ style }) => style.text)).toEqual([
    'Index',
    'Breakout Bell',
    'The bell has never rung.',
    'Armed',
    'since 3 Jan 2021',
    '+1.47%',
    'to equal the record',
  ]);
  expect(at('+1.47%').x).toBe(600);
  expect(at('since 3 Jan 2021').x).toBe(at('Armed').x);
  expect(at('since 3 Jan 2021').y).toBeGreaterThan(at('Armed').y);
  expect((option.grid as { top: number }).top).toBeGreaterThan(at('since 3 Jan 2021').y);
});

test('a headline of three lines ends above the figures', () => {
  const option = sharePicture({ title: 'Index', headline: 'A long one', figures: [{ value: '1', text: '' }] }, FACTS);
  const [, , headline, figure] = option.graphic as { y: number; style: { height: number } }[];
  expect((headline?.y ?? NaN) + (headline?.style.height ?? NaN)).toBeLessThanOrEqual(figure?.y ?? NaN);
});
