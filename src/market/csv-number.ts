import { LineError, type Row } from './csv-rows.ts';

/** What stands before the decimals of a file's numbers. */
export type DecimalMark = '.' | ',';

const DIGITS_BY_MARK: Readonly<Record<DecimalMark, RegExp>> = {
  '.': numberShape('\\.', ','),
  ',': numberShape(',', '\\.'),
};

const PLAIN = /^\d{1,15}(?:\.\d{1,15})?$/;

/** What says that a session has no value: FRED's point, pandas' NaN, Excel's #N/A, Investing.com's dash, nothing. */
const MISSING = /^(?:|\.|-|nan|n\/a|na|null|#n\/a|#nv|<na>)$/i;

/**
 * Thousands are grouped by the other mark, by blanks or by apostrophes; India groups hundreds above them (1,00,467.70).
 * An exponent is what pandas writes.
 */
function numberShape(mark: string, group: string): RegExp {
  const plain = '\\d+';
  const grouped = `[1-9]\\d{0,2}(?:${group}\\d{3})+|[1-9]\\d?(?:${group}\\d{2})+${group}\\d{3}`;
  const spaced = `[1-9]\\d{0,2}(?:\\s\\d{3})+|[1-9]\\d{0,2}(?:['’]\\d{3})+`;
  return new RegExp(`^[+-]?(?:(?:${plain}|${grouped}|${spaced})(?:${mark}\\d+)?|${mark}\\d+)(?:e[+-]?\\d{1,3})?$`, 'i');
}

/** True where a cell says that there is no value. */
export function isMissing(cell: string): boolean {
  return MISSING.test(cell);
}

/** The number of a cell, a currency sign before or after it aside; undefined where it is none with this decimal mark. */
export function numberIn(cell: string, mark: DecimalMark): number | undefined {
  // Nearly every number of nearly every file.
  if (mark === '.' && PLAIN.test(cell)) return Number(cell);
  const bare = cell
    .replace(/^([+-]?)\s*\p{Sc}\s*/u, '$1')
    .replace(/\s*\p{Sc}$/u, '')
    .replace('−', '-');
  if (!DIGITS_BY_MARK[mark].test(bare)) return undefined;
  const digits = bare.replaceAll(mark === '.' ? /[,\s'’]/g : /[.\s'’]/g, '').replace(',', '.');
  const value = Number(digits);
  return Number.isFinite(value) ? value : undefined;
}

/**
 * The decimal mark of a file, from what only one of the two explains: first among its closes, then in its other numbers
 * (volumes, changes in percent).
 * @param column where the closes are
 * @param plain true where commas separate cells without quotes, and dates are ISO: programs write so, with a point
 * @throws {LineError} where closes contradict each other, or nothing tells what 1,234 is
 */
export function decimalMarkOf(rows: readonly Row[], column: number, dateColumn: number, plain: boolean): DecimalMark {
  let open: Row | undefined;
  const first: { '.'?: Row; ','?: Row } = {};
  for (const row of rows) {
    const reading = readingOf(row.cells[column] ?? '');
    if (reading === 'either') open ??= row;
    else if (reading !== undefined) first[reading] ??= row;
  }
  const [point, comma] = [first['.'], first[',']];
  if (point && comma) {
    const [one, other] = point.line < comma.line ? [point, comma] : [comma, point];
    throw new LineError(
      `'${other.cells[column]}' has a different decimal mark from '${one.cells[column]}' on line ${one.line}`,
      other.line,
    );
  }
  if (point) return '.';
  if (comma) return ',';
  if (open === undefined || plain) return '.';
  const others = new Set(
    rows.flatMap(({ cells }) =>
      cells.flatMap((cell, at) => (at === column || at === dateColumn ? [] : (readingOf(withoutUnit(cell)) ?? []))),
    ),
  );
  if (others.has('.') !== others.has(',')) return others.has('.') ? '.' : ',';
  const cell = open.cells[column] ?? '';
  throw new LineError(
    `the file does not show whether '${cell}' is ${numberIn(cell, '.')} or ${numberIn(cell, ',')}; write closes without ` +
      'thousands separators and with two decimals after a point',
    open.line,
  );
}

/** Which decimal mark explains a cell; undefined for none, or where both say the same. */
function readingOf(cell: string): DecimalMark | 'either' | undefined {
  const [point, comma] = [numberIn(cell, '.'), numberIn(cell, ',')];
  if (point === comma) return undefined;
  if (comma === undefined) return '.';
  return point === undefined ? ',' : 'either';
}

/** `190.28M` and `-1,64%` of Investing.com. */
function withoutUnit(cell: string): string {
  return cell.replace(/\s*[%KMBT]$/, '');
}
