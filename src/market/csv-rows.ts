import papaparse from 'papaparse';

/** What is wrong with a file, and on which line where it is one line. */
export class LineError extends Error {
  override name = 'LineError';
  readonly line: number | undefined;

  constructor(message: string, line?: number) {
    super(message);
    this.line = line;
  }
}

export interface Row {
  /** Counted from 1, as editors do. */
  readonly line: number;
  /** Without blanks around them. */
  readonly cells: readonly string[];
}

/** Between cells: a comma, what Excel writes where the comma is the decimal mark, what a copied table has, and a rarer one. */
export const DELIMITERS = [',', ';', '\t', '|'] as const;

/**
 * The rows of a text that hold anything. Blanks between a delimiter and a quote do not count.
 * @param most so many rows from the top; by default all of them
 * @throws {LineError} for quotes that do not match, where all rows are read
 */
export function rowsOf(text: string, delimiter: string, most = 0): Row[] {
  const blanks = new RegExp(`"(?:[^"]|"")*"|(${delimiter === '|' ? '\\|' : delimiter}) +(?=")`, 'g');
  const tidy = /[,;|\t] +"/.test(text) ? text.replace(blanks, (all, separator) => separator ?? all) : text;
  const { data, errors } = papaparse.parse<string[]>(tidy, { delimiter, newline: '\n', preview: most });
  const rows: Row[] = [];
  let line = 1;
  const lines: number[] = [];
  for (const fields of data) {
    lines.push(line);
    const cells = fields.map((field) => field.trim());
    if (cells.some((cell) => cell !== '')) rows.push({ line, cells });
    for (const field of fields) if (field.includes('\n')) line += field.split('\n').length - 1;
    line++;
  }
  const quoting = errors.find(({ type }) => type === 'Quotes');
  if (quoting && most === 0) throw new LineError(quoting.message, lines[quoting.row ?? 0] ?? 1);
  return rows;
}
