import { isUtf8 } from 'node:buffer';
import { NotReadError, readRegularFile } from './regular-file.ts';
import { SourceError } from './source.ts';

/** A century of one symbol, with all its columns, is about 3 MB; a table in memory takes many times its size. */
const MOST_MB = 16;
/** Characters that show whether a file is text. */
const SNIFFED = 4096;

/** What people save as .csv that is something else, by its first bytes as Latin-1. */
const BINARY_FORMATS: readonly (readonly [begin: string, name: string])[] = [
  ['PK\u0003\u0004', 'a zip archive or an Excel workbook (.xlsx)'],
  ['\u00d0\u00cf\u0011\u00e0', 'an old Excel workbook (.xls)'],
  ['%PDF', 'a PDF'],
  ['\u001f\u008b', 'a gzip archive'],
  ['SQLite format 3', 'an SQLite database'],
  ['PAR1', 'a Parquet file'],
  ['{\\rtf', 'a text document (RTF)'],
];
const WEB_PAGE = /^\s*<(!doctype|!--|html|head|body|table|script|\?xml)/i;
const JSON_TEXT = /^\s*[{[]/;

/**
 * The text of a CSV file, with `\n` for every line end and without a byte order mark: UTF-8, UTF-16, or else
 * Windows-1252, as Excel writes it.
 * @throws {SourceError} naming the path, for what is no regular file, too big, or no text
 */
export function readCsvText(path: string): string {
  const bytes = readFile(path);
  const begin = bytes.toString('latin1', 0, 16);
  const binary = BINARY_FORMATS.find(([magic]) => begin.startsWith(magic));
  if (binary) throw notCsv(path, binary[1]);
  const text = decode(bytes);
  if (text === undefined) throw notCsv(path, 'not text');
  if (WEB_PAGE.test(text)) throw notCsv(path, 'a web page');
  if (JSON_TEXT.test(text)) throw notCsv(path, 'JSON');
  return text.includes('\r') ? text.replaceAll(/\r\n?/g, '\n') : text;
}

function notCsv(path: string, what: string): SourceError {
  return new SourceError(`${path} is ${what}; save the table as CSV, with the columns session,close (or Date,Close)`);
}

function readFile(path: string): Buffer {
  try {
    return readRegularFile(path, MOST_MB, 'a CSV file', '; keep only the columns session,close of one symbol');
  } catch (error) {
    throw new SourceError(`${path} ${whyNotRead(error as NodeJS.ErrnoException)}`, { cause: error });
  }
}

function whyNotRead(error: NodeJS.ErrnoException): string {
  if (error instanceof NotReadError) return error.message;
  return error.code === 'ENOENT' ? 'does not exist' : `cannot be read: ${error.message}`;
}

function decode(bytes: Buffer): string | undefined {
  const encoding = encodingOf(bytes);
  const text = encoding === 'utf-8' ? bytes.toString('utf8') : new TextDecoder(encoding).decode(bytes);
  // Of control characters, a table has tabs and line ends: looked for where a binary file would have some.
  const binary = text.includes('\0') || /[^\P{Cc}\t\n\r]/u.test(text.slice(0, SNIFFED));
  return binary ? undefined : text.replace(/^\uFEFF/, '');
}

function encodingOf(bytes: Buffer): string {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  if (first === 0xfe && second === 0xff) return 'utf-16be';
  // Without a mark: the dates and numbers of a table have every other byte zero.
  if (second === 0 && first !== 0) return 'utf-16le';
  if (first === 0 && second !== 0) return 'utf-16be';
  return isUtf8(bytes) ? 'utf-8' : 'windows-1252';
}
