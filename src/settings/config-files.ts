import * as v from 'valibot';
import { SettingsError } from '../channel/settings-error.ts';
import { readSettingsText } from '../channel/settings-text.ts';

/** A time of day in a file of settings. */
export const TIME_TEXT = /^([01]\d|2[0-3]):[0-5]\d$/;

/**
 * Reads and checks one JSON file against its schema.
 * @param cure how the file comes back where it is missing
 * @throws {SettingsError} naming file, field, value and what is allowed
 */
export function readConfig<T extends v.GenericSchema>(schema: T, path: string, cure: string): v.InferOutput<T> {
  const json = parseJson(readText(path, cure), path);
  const result = v.safeParse(schema, json);
  if (result.success) return result.output;
  throw new SettingsError(result.issues.map((issue) => `${path}: ${describe(issue)}`).join('\n'));
}

function readText(path: string, cure: string): string {
  try {
    return readSettingsText(path);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new SettingsError(
      code === 'ENOENT'
        ? `${path} is missing; restore the one that came with this version (${cure})`
        : `${path}: cannot be read as JSON: ${message}`,
      { cause: error },
    );
  }
}

function parseJson(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const line = firstComment(text);
    throw new SettingsError(
      line === undefined
        ? `${path}: cannot be read as JSON: ${(error as Error).message}`
        : `${path}: line ${line} has a comment, which JSON does not allow; remove what follows // or lies between /* and */`,
      { cause: error },
    );
  }
}

/** The number of the first line with a comment; undefined: there is none. */
function firstComment(text: string): number | undefined {
  // What looks like one in a text, as an address does, is none.
  const comment = [...text.matchAll(/"(?:[^"\\\n]|\\.)*"|\/\/|\/\*/g)].find(([found]) => !found.startsWith('"'));
  return comment && text.slice(0, comment.index).split('\n').length;
}

function describe(issue: v.BaseIssue<unknown>): string {
  const field = v.getDotPath(issue) ?? 'the file';
  if (issue.expected === 'never') return `${field} is not a known field; remove it or correct its name`;
  if (issue.received === 'undefined') return `${field} is missing`;
  const allowed = issue.expected === 'Object' ? 'an object' : issue.kind === 'schema' ? issue.expected : issue.message;
  return `${field} is ${JSON.stringify(issue.input)}; allowed: ${allowed}`;
}
