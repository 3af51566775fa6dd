import { expect, test } from 'vitest';
import { paragraph, tableLines } from '../../src/console/width.ts';

const columnsOf = (titles: readonly string[]) =>
  titles.map((title) => ({ title, align: 'left' as const, essential: true }));

test('a table that is too wide goes on below, under its first column again', () => {
  const titles = ['After', ...Array.from({ length: 12 }, (_, at) => `figure ${at}`)];
  const rows = [titles.map((_, at) => `value ${at}`)];
  const lines = tableLines({ columns: columnsOf(titles), rows });
  expect(lines.every((line) => line.length <= 100)).toBe(true);
  expect(lines.filter((line) => line.startsWith('After'))).toHaveLength(2);
  expect(lines.filter((line) => line.startsWith('value 0'))).toHaveLength(2);
  const heads = lines.filter((line) => line.startsWith('After')).flatMap((line) => line.split(/ {2,}/));
  expect([...new Set(heads)]).toEqual(titles);
  expect(lines.join('\n').match(/value 12/g)).toHaveLength(1);
});

test('a table that fits is left alone, and so is one of two columns that cannot be split', () => {
  expect(tableLines({ columns: columnsOf(['A', 'B', 'C']), rows: [['1', '2', '3']] })).toEqual(['A  B  C', '1  2  3']);
  expect(tableLines({ columns: columnsOf(['A', 'B']), rows: [['1', 'x'.repeat(200)]] })).toHaveLength(2);
});

test('a paragraph is broken at spaces', () => {
  const lines = paragraph(Array.from({ length: 30 }, () => 'sentence').join(' '));
  expect(lines).toHaveLength(3);
  expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(100);
});
