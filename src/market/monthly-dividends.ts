import { readCsvText } from './csv-file.ts';
import { SourceError } from './source.ts';

const HEADER = 'month,dividend';
const MONTH = /^\d{4}-(?:0[1-9]|1[0-2])$/;

/**
 * The dividends of an index by month (`1978-12`), each in index points a year: a file `month,dividend`. Lines that begin
 * with # say where it comes from.
 * @throws {SourceError} naming file, line, value and what is allowed
 */
export function readMonthlyDividends(path: string): ReadonlyMap<string, number> {
  const rows = readCsvText(path)
    .split('\n')
    .map((text, at) => ({ text: text.trim(), line: at + 1 }))
    .filter(({ text }) => text !== '' && !text.startsWith('#'));
  const [header, ...months] = rows;
  if (header?.text !== HEADER) {
    throw new SourceError(`${path}: the first line is '${header?.text.slice(0, 40) ?? ''}'; it must be ${HEADER}`);
  }
  return new Map(
    months.map(({ text, line }) => {
      const [month = '', dividend = ''] = text.split(',');
      const value = Number(dividend);
      if (!MONTH.test(month)) {
        throw new SourceError(`${path}, line ${line}: '${month.slice(0, 40)}' is not a month; allowed: YYYY-MM`);
      }
      if (dividend.trim() === '' || !(value >= 0 && Number.isFinite(value))) {
        throw new SourceError(
          `${path}, line ${line}: '${dividend.slice(0, 40)}' is not a dividend; allowed: a number from 0, index points a year`,
        );
      }
      return [month, value];
    }),
  );
}
