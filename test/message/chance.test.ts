import { expect, test } from 'vitest';
import { pickedBlindly } from '../../src/message/chance.ts';

test.each([
  [11, 0.2838, 'eleven days picked at random do as well in 28 of 100 tries'],
  [1, 0.785, 'one day picked at random does as well in 79 of 100 tries'],
  [38, 0.05, '38 days picked at random do as well in 50 of 1,000 tries'],
  [12, 0.0364, 'twelve days picked at random do as well in 36 of 1,000 tries'],
  [12, 0.0004, 'twelve days picked at random do as well in fewer than one of 1,000 tries'],
])('%i days at p = %d', (n, p, words) => {
  expect(pickedBlindly(n, 'day', p)).toBe(words);
});
