import { parse } from 'dotenv';
import { SettingsError } from '../channel/settings-error.ts';

/** New values of variables, by name; an empty one takes the variable out. */
export type EnvChanges = Readonly<Record<string, string>>;

/**
 * An assignment as dotenv 18 finds it (`LINE` in its source), with its parts named. A match may begin with blank lines and
 * end with the comment of a later one: only the parts count.
 */
const ASSIGNMENT =
  /^\s*(?<head>(?:export\s+)?(?<name>[\w.-]+)(?:\s*=\s*?|:\s+?))(?<value>\s*'(?:\\'|[^'])*'|\s*"(?:\\"|[^"])*"|\s*`(?:\\`|[^`])*`|[^#\r\n]+)?\s*(?:#.*)?$/dgm;

/** What needs no quotes in dotenv, Docker Compose and systemd. `docker run --env-file` takes none. */
const PLAIN = /^(?![\s'"`])[^#'"`$\\\p{Cc}\p{Z}]+(?: [^#'"`$\\\p{Cc}\p{Z}]+)*$/u;

interface Assignment {
  readonly name: string;
  /** Where its line begins. */
  readonly lineFrom: number;
  /** Where the value begins, with the blanks before it. */
  readonly valueFrom: number;
  /** Where the value ends, without the blanks behind it. */
  readonly valueTo: number;
}

/**
 * The text of an `.env` with other values for some variables. All else in it stays: comments, order, other variables, and
 * line ends. A variable that is new goes below the commented example of it, as .env.example has one, or to the end. One
 * that was set several times is set once.
 * @throws {SettingsError} where it cannot be written so that dotenv reads it again; no value is shown
 */
export function withVariables(text: string, changes: EnvChanges): string {
  const lineEnd = text.includes('\r\n') ? '\r\n' : '\n';
  const lines = text.replace(/\r\n?/g, '\n');
  return Object.entries(changes).reduce(withOne, lines).replaceAll('\n', lineEnd);
}

function withOne(text: string, [name, value]: [string, string]): string {
  const before = parse(text);
  if ((before[name] ?? '') === value) return text;
  for (const edited of value === '' ? takenOut(text, name) : spellings(value).map((one) => assigned(text, name, one))) {
    if (isSame(parse(edited), { ...before, [name]: value })) return edited;
  }
  throw new SettingsError(
    `${name} cannot be written into .env: because of quotes in its value, or in another line there, it would not be read ` +
      `back; correct that line, or put the value into a file and set ${name}_FILE`,
  );
}

/** The ways to write a value, the best first: in single quotes Docker Compose and shells replace nothing. */
function spellings(value: string): string[] {
  const quoted = [`'${value}'`, `"${value}"`, `\`${value}\``, value];
  return PLAIN.test(value) ? [value, ...quoted] : quoted;
}

/** Without a variable; where its line holds other lines together, with nothing in it. */
function takenOut(text: string, name: string): string[] {
  return [without(text, name, 0), assigned(text, name, '')];
}

function assigned(text: string, name: string, written: string): string {
  const last = assignmentsOf(text).findLast((one) => one.name === name);
  if (last === undefined) return added(text, name, written);
  return without(text.slice(0, last.valueFrom) + written + text.slice(last.valueTo), name, 1);
}

/** Takes out all lines of a variable but for some of the last ones. */
function without(text: string, name: string, keep: number): string {
  const all = assignmentsOf(text).filter((one) => one.name === name);
  return all.slice(0, all.length - keep).reduceRight((rest, { lineFrom, valueTo }) => {
    const end = rest.indexOf('\n', valueTo);
    return rest.slice(0, lineFrom) + (end === -1 ? '' : rest.slice(end + 1));
  }, text);
}

function added(text: string, name: string, written: string): string {
  const at = exampleEnd(text, name) ?? text.length;
  const before = text.slice(0, at);
  return `${before}${before === '' || before.endsWith('\n') ? '' : '\n'}${name}=${written}\n${text.slice(at)}`;
}

/** Where the line behind the last comment like `# NAME=example` begins; undefined: there is none. */
function exampleEnd(text: string, name: string): number | undefined {
  const inside = assignmentsOf(text);
  const example = [...text.matchAll(/^#[ \t]*([A-Z][A-Z0-9_]*)=.*(?:\n|$)/gm)].findLast(
    ({ 1: named, index }) =>
      named === name && !inside.some(({ lineFrom, valueTo }) => lineFrom < index && index < valueTo),
  );
  return example && example.index + example[0].length;
}

function assignmentsOf(text: string): Assignment[] {
  return [...text.matchAll(ASSIGNMENT)].map(({ groups, indices }) => {
    const [from = 0, headTo = 0] = indices?.groups?.head ?? [];
    const [valueFrom, valueTo] = indices?.groups?.value ?? [headTo, headTo];
    return {
      name: groups?.name ?? '',
      lineFrom: text.lastIndexOf('\n', from - 1) + 1,
      valueFrom,
      valueTo: valueFrom + text.slice(valueFrom, valueTo).trimEnd().length,
    };
  });
}

/** Equal but for variables that are empty, which count as not set. */
function isSame(one: EnvChanges, other: EnvChanges): boolean {
  return [...Object.keys(one), ...Object.keys(other)].every((name) => (one[name] ?? '') === (other[name] ?? ''));
}
