import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command, Option } from 'commander';
import { CallError } from '../settings/call-error.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** An option that npm took, and what npm made of its value. */
interface Swallowed {
  readonly option: Option;
  readonly value: string;
}

/** Options of npm's that one of ours is a short form of: npm completes what only one of its own begins with. */
const SHORT_FORMS: ReadonlyMap<string, string> = new Map([['token_description', 'to']]);

/**
 * Refuses a call whose options npm kept for itself. With `npm run check --dry-run` the command gets no option at all: npm
 * only sets `npm_config_dry_run=true` in its environment, and the check would send the real alert.
 *
 * No such option is honoured, though some could be: npm splits values off (`--until 2026-01-05` becomes `true` and an
 * argument), has options of the same name (`--json`), takes ours for short forms of its own (`--to` sets
 * `--token-description` in npm 11), and announces that its next major version ends this.
 * @param program every option of every command counts: `npm start --dry-run` does not ask for the daemon either
 * @param argv what did arrive
 * @returns remarks on options that an `.npmrc` sets: they are meant for npm, and nobody asked a command for them
 * @throws {CallError} with the line to type instead
 */
export function refuseSwallowed(program: Command, argv: readonly string[], env: Environment): string[] {
  const command = program.commands.find((candidate) => candidate.name() === argv[0]);
  // Where npm runs nothing, such a variable is a setting for npm. Help does nothing that anybody could regret.
  const isByNpm = env.npm_lifecycle_event !== undefined;
  if (command === undefined || !isByNpm || argv.includes('--help') || argv.includes('-h')) return [];
  // npm answers --version itself, and yarn has settings that begin with it.
  const all = [...program.commands, command]
    .flatMap(({ options }) => options)
    .filter(({ long }) => long !== '--version');
  const known = new Map(all.map((option) => [plain(option.name()), option]));
  const remarks: string[] = [];
  const swallowed: Swallowed[] = [];
  for (const [variable, value = ''] of Object.entries(env)) {
    const option = optionOf(known, variable);
    if (option === undefined || isOff(option, value) || isGiven(option, argv)) continue;
    const npmrc = npmrcThatSets(variable, value, env);
    if (npmrc === undefined) swallowed.push({ option, value });
    else if (command.options.includes(option)) {
      const line = lineToType(command, argv, [{ option, value }], env);
      remarks.push(
        `${option.long} in ${npmrc} applies to npm, not to ${command.name()}; to use it here, type: ${line}`,
      );
    }
  }
  if (swallowed.length > 0) throw new CallError(refusal(command, argv, swallowed, env));
  return remarks;
}

function refusal(command: Command, argv: readonly string[], swallowed: readonly Swallowed[], env: Environment): string {
  const name = command.name();
  const names = swallowed.map(({ option }) => option.long).join(', ');
  const foreign = swallowed.filter(({ option }) => !command.options.includes(option));
  if (foreign.length > 0) {
    const unknown = foreign.map(({ option }) => option.long).join(' or ');
    return `npm took ${names} for itself, and ${name} has no option ${unknown}; its options: ${start(name, env)} --help`;
  }
  const line = lineToType(command, argv, swallowed, env);
  return `npm took ${names} for itself, so ${name} did not get ${swallowed.length === 1 ? 'it' : 'them'}; type: ${line}`;
}

/** The call as it works, as far as it can be told from what npm left. */
function lineToType(
  command: Command,
  argv: readonly string[],
  swallowed: readonly Swallowed[],
  env: Environment,
): string {
  const words = argv.slice(1);
  const required = command.registeredArguments.filter((argument) => argument.required).length;
  const dash = words.findIndex((word) => word.startsWith('-'));
  const strays = words.splice(0, dash === -1 ? words.length : dash);
  const bare = swallowed.filter(({ option, value }) => takesValue(option) && !isWhole(value));
  // Where one value was split off, it is the last argument that the option would take.
  const only = bare.length === 1 && strays.length > required ? bare[0] : undefined;
  const index = only === undefined ? -1 : strays.findLastIndex((word) => accepts(only.option, word));
  const [split] = index === -1 ? [] : strays.splice(index, 1);
  // The values of several cannot be told apart.
  if (bare.length > 1) strays.splice(required);
  const options = swallowed.flatMap(({ option, value }) => {
    if (!takesValue(option)) return [`${option.long}`];
    if (isWhole(value)) return [`${option.long}`, quoted(value)];
    return [`${option.long}`, split === undefined ? placeholder(option) : quoted(split)];
  });
  return [start(command.name(), env), ...strays.map(quoted), ...words.map(quoted), ...options].join(' ');
}

/** How the command is called so that what follows is its own. */
function start(name: string, env: Environment): string {
  return env.npm_command === 'exec' ? `npx breakout-bell ${name}` : `npm run ${name} --`;
}

/** The option that a variable of npm's is named after, or is what npm makes of it. */
function optionOf(known: ReadonlyMap<string, Option>, variable: string): Option | undefined {
  const key = variable.match(/^npm_config_(.+)$/)?.[1];
  if (key === undefined) return undefined;
  return known.get(SHORT_FORMS.get(key) ?? plain(key));
}

/** `--no-json` and `--send=false` leave an empty value: what was not asked for is not done. A value must not be empty. */
function isOff(option: Option, value: string): boolean {
  return value === '' && !takesValue(option);
}

/** Whether the command got the option too; then it knows what was asked. */
function isGiven(option: Option, argv: readonly string[]): boolean {
  return argv.some((word) => word === option.long || word.startsWith(`${option.long}=`));
}

/** The `.npmrc` that gives a variable of npm's its value, so that no command line did. */
function npmrcThatSets(variable: string, value: string, env: Environment): string | undefined {
  const key = plain(variable.replace('npm_config_', ''));
  const project = env.npm_config_local_prefix;
  const files = [project && join(project, '.npmrc'), env.npm_config_userconfig, env.npm_config_globalconfig];
  return files.find((file) => file && linesOf(file).some((line) => isSetting(line, key, value)));
}

function isSetting(line: string, key: string, value: string): boolean {
  const [name = '', ...rest] = line.split('=');
  // A name alone is on.
  const set = rest.length === 0 ? 'true' : rest.join('=').trim();
  return plain(name.trim()) === key && set.replace(/^(["'])(.*)\1$/, '$2') === value;
}

function linesOf(file: string): string[] {
  try {
    return readFileSync(file, 'utf8').split(/\r?\n/);
  } catch {
    return [];
  }
}

function takesValue(option: Option): boolean {
  return option.required || option.optional;
}

/** Whether npm left the value itself: not `true` for one that was split off, nothing, or the values of two options. */
function isWhole(value: string): boolean {
  return value !== '' && value !== 'true' && !value.includes('\n');
}

function accepts(option: Option, word: string): boolean {
  try {
    option.parseArg?.(word, undefined);
    return true;
  } catch {
    return false;
  }
}

function placeholder(option: Option): string {
  return option.flags.match(/<(.+)>/)?.[1]?.toUpperCase() ?? 'VALUE';
}

function quoted(word: string): string {
  return /^[\w@%+:,./=-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

/** A name without what people and npm vary: `dry-run`, `dry_run` and `dryRun` are one. */
function plain(name: string): string {
  return name.replace(/[-_]/g, '').toLowerCase();
}
