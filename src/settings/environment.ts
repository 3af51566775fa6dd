import { lstatSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parse as parseEnv } from 'dotenv';
import { CHANNEL_LISTS, CHANNEL_VARIABLES } from '../channel/channel-settings.ts';
import { SettingsError } from '../channel/settings-error.ts';
import { readSettingsText } from '../channel/settings-text.ts';
import type { Variables } from '../channel/variables.ts';
import { NotReadError } from '../market/regular-file.ts';
import { ENV_EXAMPLE } from './places.ts';
import {
  fileVariable,
  openFileRemarks,
  readSecretFile,
  SECRET_FILE_VARIABLES,
  SECRET_VARIABLES,
} from './secret-files.ts';

/** Every variable of `.env` that this version reads. */
export const VARIABLES = [
  'BREAKOUT_BELL_HOME',
  'CONFIG_DIR',
  'DATABASE_PATH',
  'DATABASE_URL',
  'MARKET_SOURCE',
  'MARKET_CSV_DIR',
  'YAHOO_FINANCE_URL',
  'YAHOO_USER_AGENT',
  'WITNESS',
  'WITNESS_URL',
  ...CHANNEL_VARIABLES,
  'HEARTBEAT_URL',
  'DASHBOARD_HOST',
  'DASHBOARD_PORT',
  'DASHBOARD_TOKEN',
  'PUBLIC_URL',
  'FEED_FILE',
  'FEED_URL',
  'REMIND_AFTER_HOURS',
  'LOG_LEVEL',
  'HTTPS_PROXY',
  'HTTP_PROXY',
  'NO_PROXY',
  ...SECRET_FILE_VARIABLES,
];

/** Those that may hold several values: a line break separates two of them. */
const LISTS = [...CHANNEL_LISTS, 'PUBLIC_URL'];

/** A second line that looks like one of a mail's head, `Bcc: …`, and not like an address of the web. */
const HEADER = /[\r\n]\s*[\w-]+\s*:(?!\/\/)/;

/** The variables of a process. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** What is set, and what a person should know of the files. */
export interface EnvironmentRead {
  /** To read a variable that cannot be used throws the error about it. */
  readonly env: Variables;
  /** The errors of all such variables. */
  readonly faults: readonly string[];
  /** Where a secret was read from, by the name of its variable. */
  readonly origins: ReadonlyMap<string, string>;
  readonly remarks: readonly string[];
}

/**
 * Reads `.env` below `root`, and the files that it names for secrets. The process's own variables win; an empty value is an
 * unset one.
 * @throws {SettingsError} where `.env` cannot be read
 */
export function readEnvironment(root: string, environment: Environment): EnvironmentRead {
  const path = join(root, '.env');
  const file = parseEnv(readEnvText(root) ?? '');
  const env = pickSet({ ...file, ...environment });
  const origins = new Map(
    SECRET_VARIABLES.flatMap((name) => {
      const given = env[fileVariable(name)];
      return given === undefined ? [] : [[name, resolve(root, given)] as const];
    }),
  );
  const faults: string[] = [];
  for (const name of VARIABLES) {
    try {
      const value = usableValue(name, env, root);
      if (value !== undefined) env[name] = value;
    } catch (error) {
      if (!(error instanceof SettingsError)) throw error;
      faults.push(error.message);
      // Whoever reads it is told why it cannot be used, rather than that it is not set.
      Object.defineProperty(env, name, {
        get: () => {
          throw error;
        },
      });
    }
  }
  return {
    env,
    faults,
    origins,
    remarks: [
      ...Object.keys(file)
        .filter((name) => !VARIABLES.includes(name))
        .map(
          (name) =>
            `.env: ${name} is not a setting of this version, so it is ignored; ${ENV_EXAMPLE} lists all settings.`,
        ),
      ...homeRemarks(file, path),
      ...openFileRemarks(path, 'passwords'),
      ...[...new Set(origins.values())].flatMap((secret) => openFileRemarks(secret, 'a secret')),
    ],
  };
}

/** The text of `.env`; undefined: there is none. @throws {SettingsError} where it cannot be read */
export function readEnvText(root: string): string | undefined {
  const path = join(root, '.env');
  // A link that leads nowhere is there too.
  if (lstatSync(path, { throwIfNoEntry: false }) === undefined) return undefined;
  try {
    return readSettingsText(path);
  } catch (error) {
    const { message } = error as Error;
    const why = error instanceof NotReadError ? `${path} ${message}` : `${path} exists but cannot be read: ${message}`;
    throw new SettingsError(why, { cause: error });
  }
}

/** The file is found by it, so it comes too late there. */
function homeRemarks({ BREAKOUT_BELL_HOME }: Environment, path: string): string[] {
  return BREAKOUT_BELL_HOME
    ? [`BREAKOUT_BELL_HOME has no effect in ${path}: it says where .env is; set it in the environment.`]
    : [];
}

function pickSet(env: Environment): Record<string, string> {
  const set = Object.entries(env).map(([name, value]) => [name, value?.trim() ?? ''] as const);
  return Object.fromEntries(set.filter(([, value]) => value !== ''));
}

/** The value of a variable, from its file where it has one; undefined where it is not set. @throws {SettingsError} */
function usableValue(name: string, env: Variables, root: string): string | undefined {
  const path = SECRET_VARIABLES.includes(name) ? env[fileVariable(name)] : undefined;
  if (path !== undefined && env[name] !== undefined) {
    throw new SettingsError(`${name} and ${fileVariable(name)} are both set; set only one`);
  }
  const value = path === undefined ? env[name] : readSecretFile(name, path, root);
  const line = value !== undefined && LISTS.includes(name) && !HEADER.test(value) ? onOneLine(value) : value;
  // A second line would be a second header, address or line of a log.
  if (line === undefined || !/\p{Cc}/u.test(line)) return line;
  const named = path === undefined ? name : `${fileVariable(name)}: ${resolve(root, path)}`;
  throw new SettingsError(`${named} contains a line break or another control character; it must be one line of text`);
}

/** A list on one line: a line break separates as a comma does. */
function onOneLine(list: string): string {
  const lines = list.split(/[\r\n]+/).map((line) => line.replaceAll('\t', ' ').trim());
  // A separator at the end of a line, and the line's end, are one.
  return lines
    .map((line) => line.replace(/[,;]+$/, ''))
    .filter((line) => line !== '')
    .join(', ');
}
