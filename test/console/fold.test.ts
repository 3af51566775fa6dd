import { expect, test } from 'vitest';
import { fold } from '../../src/console/fold.ts';

const PROBLEM =
  'Problem     ^RUT: Yahoo answered HTTP 500, and that twenty times in a row; to see more of it, npm run doctor asks';

test('a long line is broken at spaces and set under its label, with commands whole', () => {
  expect(fold(PROBLEM, 60)).toEqual([
    'Problem     ^RUT: Yahoo answered HTTP 500, and that twenty',
    '            times in a row; to see more of it,',
    '            npm run doctor asks',
  ]);
  expect(
    fold(`FAIL  ${'word '.repeat(20)}end`, 60).every((line, at) => at === 0 || line.startsWith('      word')),
  ).toBe(true);
});

test('what fits, goes into a pipe, or is a row of a table is left as it is', () => {
  const row = `Russell 2000  2,481.91  ${'x'.repeat(80)}`;
  expect(fold(PROBLEM, undefined)).toEqual([PROBLEM]);
  expect(fold('State       armed', 60)).toEqual(['State       armed']);
  expect(fold(row, 60)).toEqual([row]);
  expect(fold(PROBLEM, 20)).toEqual([PROBLEM]);
  expect(fold('', 60)).toEqual(['']);
});
