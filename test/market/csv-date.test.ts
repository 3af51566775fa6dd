import { describe, expect, test } from 'vitest';
import { readCsv } from '../../src/market/csv.ts';

import { closesIn, file, RUT } from './csv-example.ts';

describe('dates', () => {
  const dated = (...cells: readonly string[]) =>
    readCsv(file(`Date;Close\n${cells.map((cell, at) => `${cell};${at + 1}.5`).join('\n')}\n`), '', RUT).map(
      ({ session }) => session,
    );

  test.each([
    '2025-09-18',
    '2025/09/18',
    '2025-9-18',
    '20250918',
    '2025-09-18 00:00:00',
    '2025-09-18 00:00:00-04:00',
    '2025-09-18T20:00:00.000Z',
    '2025-09-18 16:00 EDT',
    '09/18/2025',
    '9/18/2025',
    '9/18/2025 16:00:00',
    '9/18/2025 4:00:00 PM',
    '18/09/2025',
    '18-09-2025',
    '18.09.2025',
    '18.9.25',
    'Sep 18, 2025',
    'September 18, 2025',
    'Thu, Sep 18, 2025',
    '18 Sep 2025',
    '18-SEP-2025',
    '18-Sep-25',
    '18. September 2025',
  ])('%s', (cell) => {
    expect(dated(cell)).toEqual(['2025-09-18']);
  });

  test('of other languages and of another century', () => {
    expect(dated('14. Mai 2025', '3. März 2025', '10. Dez. 2024')).toEqual(['2024-12-10', '2025-03-03', '2025-05-14']);
    expect(dated('09/18/87')).toEqual(['1987-09-18']);
  });

  test('of a file are read in one order, by the first row that tells', () => {
    expect(dated('09/10/2025', '09/18/2025')).toEqual(['2025-09-10', '2025-09-18']);
    expect(dated('10/09/2025', '18/09/2025')).toEqual(['2025-09-10', '2025-09-18']);
  });

  test('are ordered by days without trading where no day is over twelve', () => {
    // 9 November 2025 is a Sunday.
    expect(dated('09/12/2025', '09/11/2025', '09/10/2025', '09/09/2025')).toEqual([
      '2025-09-09',
      '2025-09-10',
      '2025-09-11',
      '2025-09-12',
    ]);
    expect(dated('12/09/2025', '11/09/2025', '10/09/2025', '09/09/2025').at(-1)).toBe('2025-09-12');
    // 7 September 2025 is a Sunday; 4 July, a holiday, has no value, so that nothing speaks against it.
    const text = 'Date,Close\n07/03/2025,1\n07/04/2025,.\n07/08/2025,1\n07/09/2025,1\n';
    expect(closesIn(text)).toEqual(['2025-07-03 1.00', '2025-07-08 1.00', '2025-07-09 1.00']);
  });

  test('are ordered by the rows where all days could have been', () => {
    expect(dated('10/06/2025', '10/07/2025', '11/03/2025', '11/04/2025')).toEqual([
      '2025-10-06',
      '2025-10-07',
      '2025-11-03',
      '2025-11-04',
    ]);
  });

  test.each([
    [
      ['09/10/2025', '09/09/2025'],
      "the file does not show whether '09/10/2025' is 2025-09-10 or 2025-10-09; write dates as YYYY-MM-DD",
    ],
    [
      ['09/18/2025', '09/10/2025', '19/09/2025'],
      "line 4 '19/09/2025;3.5': '19/09/2025' is not a month/day/year date like '09/18/2025' on line 2",
    ],
    [['18.09.2025', '31.09.2025'], "line 3 '31.09.2025;2.5': '31.09.2025' is not a date in the form YYYY-MM-DD"],
    [['2025-02-29'], "'2025-02-29' is not a date"],
    [['13/13/2025'], "'13/13/2025' is not a date"],
    [['45918'], "'45918' is not a date"],
    [['1758202200'], 'looks like a Unix time'],
    [['18 sept. de 2025'], 'is not a date'],
    [['2025-09'], 'is not a date'],
  ])('that tell nothing, or are none, are refused: %j', (cells, told) => {
    expect(() => dated(...cells)).toThrow(told);
  });

  test('of which the same is read in either order need no evidence', () => {
    expect(dated('09/09/2025', '10/10/2025')).toEqual(['2025-09-09', '2025-10-10']);
  });
});
