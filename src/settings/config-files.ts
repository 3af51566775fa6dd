import * as v from 'valibot';
import { SettingsError } from '../channel/settings-error.ts';
import { readRegularFile } from '../market/regular-file.ts';

/** A time of day in a file of settings. */
export const TIME_TEXT = /^([01]\d|2[0-3]):[0-5]\d$/;

/**
 * Reads and checks one JSON file against its schema.
 * @throws {SettingsError} naming file, field, value and what is allowed
 */
export function readConfig<T extends v.GenericSchema>(schema: T, path: string): v.InferOutput<T> {
  let json: unknown;
  try {
    json = JSON.parse(readSettingsText(path));
  } catch (error) {
    throw new SettingsError(`${path}: cannot be read as JSON: ${(error as Error).message}`, { cause: error });
  }
  const result = v.safeParse(schema, json);
  if (result.success) return result.output;
  throw new SettingsError(result.issues.map((issue) => `${path}: ${describe(issue)}`).join('\n'));
}

/** A watch list of a thousand signals has 0.3 MB. */
const MOST_MB = 8;

/** The text of a file of settings. @throws {Error} where it cannot be read, or is no plain file */
export function readSettingsText(path: string): string {
  return decodeText(readRegularFile(path, MOST_MB));
}

/**
 * The text of a file that a person has written. Editors on Windows put a mark before it, and may write UTF-16.
 * Source: the byte order marks of the Unicode Standard, section 23.8.
 */
function decodeText(bytes: Buffer): string {
  const [first, second] = bytes;
  const encoding =
    first === 0xff && second === 0xfe ? 'utf-16le' : first === 0xfe && second === 0xff ? 'utf-16be' : 'utf-8';
  return new TextDecoder(encoding).decode(bytes);
}

function describe(issue: v.BaseIssue<unknown>): string {
  const field = v.getDotPath(issue) ?? 'the file';
  if (issue.expected === 'never') return `${field} is not a known field; remove it or correct its name`;
  if (issue.received === 'undefined') return `${field} is missing`;
  const allowed = issue.expected === 'Object' ? 'an object' : issue.kind === 'schema' ? issue.expected : issue.message;
  return `${field} is ${JSON.stringify(issue.input)}; allowed: ${allowed}`;
}
