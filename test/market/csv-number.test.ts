import { describe, expect, test } from 'vitest';
import { readCsv } from '../../src/market/csv.ts';
import { exchangeIn } from '../../src/market/exchange.ts';

import { closesIn, file, refusalOf } from './csv-example.ts';

describe('numbers', () => {
  test.each([
    ['2467.7', 2467.7],
    ['"2,467.70"', 2467.7],
    ['"$2,467.70"', 2467.7],
    ['"12,345,678.90"', 12_345_678.9],
    ['"1,00,467.70"', 100_467.7],
    ['"2.467,70"', 2467.7],
    ['"2467,7"', 2467.7],
    ['"2 467,70 €"', 2467.7],
    ['2.467699951171875e+03', 2467.699951171875],
    ['1e-05', 0.000_01],
    ['.5', 0.5],
    ['0.125', 0.125],
    ['"0,125"', 0.125],
    ['-5', -5],
    ['\u22125', -5],
  ])('%s', (cell, close) => {
    expect(readCsv(file(`session,close\n2025-09-18,${cell}\n`))).toEqual([{ session: '2025-09-18', close }]);
  });

  test.each(['', '.', '-', 'NaN', 'nan', 'N/A', 'NA', 'null', '#N/A', ' '])("'%s' is a missing close", (cell) => {
    expect(closesIn(`session,close\n2025-09-17,${cell}\n2025-09-18,2467.7\n`)).toEqual([
      '2025-09-17 none',
      '2025-09-18 2467.70',
    ]);
  });

  test.each([
    'closed',
    '..',
    '?',
    '0x10',
    '1_000',
    '2467.70x',
    '"2,46,7.70"',
    '"2.467.70"',
    '"2,467,70"',
    '1e999',
    '1 2',
    '12.',
  ])('%s is none', (cell) => {
    expect(refusalOf(`session,close\n2025-09-17,"1"\n2025-09-18,${cell}\n`)).toMatch(
      /, line 3 '2025-09-18,.*' is not a number$/,
    );
  });

  test.each([
    ['"1,234"', '"2,407.34"', 1234],
    ['"1,234"', '"2407,34"', 1.234],
    ['"1.234"', '"2.407,34"', 1234],
    ['"1.234"', '987.65', 1.234],
    ['"1,234"', '"1,234,567"', 1234],
    ['"1.234"', '"0.5"', 1.234],
  ])('%s is read as the %s of another row', (cell, other, close) => {
    expect(readCsv(file(`session,close\n2025-09-17,${other}\n2025-09-18,${cell}\n`)).at(-1)?.close).toBe(close);
  });

  test('other columns of whole closes tell: Brazil’s index has no decimals', () => {
    const text =
      '"Data","Último","Abertura","Máxima","Mínima","Vol.","Var%"\n"17.08.2023","114.982","115.592","116.610","114.859","12,75M","-0,53%"\n';
    expect(closesIn(text, { symbol: '^BVSP', exchange: exchangeIn('America/Sao_Paulo', '17:00') })).toEqual([
      '2023-08-17 114982.00',
    ]);
  });

  test('in a plain file a point is the decimal mark, as a comma would end the cell', () => {
    expect(closesIn('session,close\n2025-09-17,2.407\n2025-09-18,2.467\n')).toEqual([
      '2025-09-17 2.41',
      '2025-09-18 2.47',
    ]);
  });

  test.each([
    [
      'session,close\n2025-09-18,"2,467"\n',
      `, line 2 '2025-09-18,"2,467"': the file does not show whether '2,467' is 2467 or 2.467`,
    ],
    [
      'session;close\n2025-09-18;2.467\n',
      ", line 2 '2025-09-18;2.467': the file does not show whether '2.467' is 2.467 or 2467",
    ],
    [
      'Date,Close\n18.09.2025,2.467\n',
      ", line 2 '18.09.2025,2.467': the file does not show whether '2.467' is 2.467 or 2467",
    ],
    [
      'session;close\n2025-09-17;2.467,70\n2025-09-18;2,407.34\n',
      ", line 3 '2025-09-18;2,407.34': '2,407.34' has a different decimal mark from '2.467,70' on line 2",
    ],
  ])('are never guessed: %j', (text, told) => {
    expect(refusalOf(text)).toContain(told);
  });
});
