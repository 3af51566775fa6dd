import { parse } from 'dotenv';
import { commandLine } from '../../message/command-line.ts';
import { type EnvChanges, withVariables } from '../../settings/env-text.ts';
import { type Environment, readEnvText } from '../../settings/environment.ts';
import { ENV_EXAMPLE } from '../../settings/places.ts';
import { fileVariable } from '../../settings/secret-files.ts';
import { loadSettings, type Settings } from '../../settings/settings.ts';
import { findSet } from './found.ts';

/** How a new `.env` begins. */
const HEADER =
  `# Written by ${commandLine('setup')}; ${ENV_EXAMPLE} lists every variable.\n` +
  '# It holds passwords: keep it to yourself.\n';

/** The settings as they will be: nothing of it is written before the end. */
export interface Draft {
  /** What a variable is: as answered, or else as set. Empty: not set. */
  present(name: string): string;
  /** True where a variable is set, in a file of its own too. */
  isSet(name: string): boolean;
  /** True where `.env` cannot change a variable, as it is set elsewhere. */
  isHeld(name: string): boolean;
  /** Where such variables are set, a line each that was not told yet. */
  heldNotes(names: readonly string[]): string[];
  /**
   * The settings with what was answered so far, and what is tried. Of the variables that are asked for, those without an
   * answer are not set.
   * @throws {SettingsError} also for what cannot be written into `.env`
   */
  settings(trial?: EnvChanges): Settings;
  /** What a person should know of settings, a line each that was not told yet. */
  remarks(settings: Settings): string[];
  answer(values: EnvChanges): void;
  /** What differs from `.env` at the end. */
  changes(): EnvChanges;
  /** The text of `.env` with these changes. @throws {SettingsError} where one cannot be written */
  text(): string;
}

/** The variables that are asked for. */
export interface Asked {
  readonly all: readonly string[];
  /** Those that work together only. */
  readonly groups: readonly (readonly string[])[];
}

/**
 * @param root the folder of `.env`
 * @param asked what is asked for
 * @throws {SettingsError} where `.env` cannot be read
 */
export function createDraft(root: string, environment: Environment, { all, groups }: Asked): Draft {
  const text = readEnvText(root) ?? '';
  const found = findSet(environment, parse(text));
  const answered = new Map<string, string>();
  const onlyNew = createMemory();
  const present = (name: string) => answered.get(name) ?? found.value(name);
  const isHeld = (name: string) => found.holder(name) !== undefined;
  // What goes with a variable that is held and empty is of no use, and not ours to take out.
  const useless = groups.filter((group) => group.some((name) => isHeld(name) && !found.isSet(name))).flat();
  const free = all.filter((name) => !isHeld(name) && !useless.includes(name));
  const values = (trial: EnvChanges) => free.map((name) => [name, trial[name] ?? answered.get(name) ?? ''] as const);
  const changes = (trial: EnvChanges = {}) =>
    Object.fromEntries(values(trial).filter(([name, value]) => value !== found.value(name)));
  const written = (trial?: EnvChanges) => withVariables(text === '' ? HEADER : text, changes(trial));
  // What is held of a group whose other variables nobody was asked for yet: half of it cannot be used.
  const halves = (trial: EnvChanges) =>
    groups
      .map((group) => ({ held: group.filter(isHeld), open: group.filter((name) => free.includes(name)) }))
      .filter(({ open }) => open.length > 0 && !open.some((name) => name in trial || answered.has(name)))
      .flatMap(({ held }) => held.flatMap((name) => [name, fileVariable(name)]));
  return {
    present,
    isSet: (name) => found.isSet(name) || present(name) !== '',
    isHeld,
    heldNotes: (names) => onlyNew(names.flatMap((name) => heldNote(name, found.holder(name), found.isSet(name)))),
    settings: (trial = {}) => {
      written(trial);
      const unset = halves(trial).map((name) => [name, ''] as const);
      return loadSettings(root, { ...environment, ...Object.fromEntries([...values(trial), ...unset]) });
    },
    remarks: ({ remarks }) => onlyNew(remarks),
    answer: (given) => {
      for (const name of free) if (given[name] !== undefined) answered.set(name, given[name]);
    },
    changes,
    text: written,
  };
}

function heldNote(name: string, holder: string | undefined, isSet: boolean): string[] {
  if (holder === undefined) return [];
  return [`${name} is ${holder}${isSet ? '' : ', but empty there'}. It stays as it is.`];
}

/** Lets each line pass once. */
function createMemory(): (lines: readonly string[]) => string[] {
  const told = new Set<string>();
  return (lines) => {
    const untold = lines.filter((line) => !told.has(line));
    for (const line of untold) told.add(line);
    return untold;
  };
}
