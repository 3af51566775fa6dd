import { existsSync, lstatSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parse as parseEnv } from 'dotenv';
import { CHANNEL_VARIABLES } from '../channel/channel-settings.ts';
import { SettingsError } from '../channel/settings-error.ts';
import type { Variables } from '../channel/variables.ts';
import { NotReadError } from '../market/regular-file.ts';
import { readSettingsText } from './config-files.ts';

/** Every variable of `.env` that this version reads. */
export const VARIABLES = [
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
  'LOG_LEVEL',
  'HTTPS_PROXY',
  'HTTP_PROXY',
  'NO_PROXY',
];

/** The variables of a process. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** What is set, and what a person should know of the file. */
export interface EnvironmentRead {
  readonly env: Variables;
  readonly remarks: readonly string[];
}

/**
 * Reads `.env` below `root`. The process's own variables win; an empty value is an unset one.
 * @throws {SettingsError} where the file cannot be read, or a value is not one line of text
 */
export function readEnvironment(root: string, environment: Environment): EnvironmentRead {
  const path = join(root, '.env');
  const file = readEnvFile(path);
  return {
    env: pickSet({ ...file, ...environment }),
    remarks: [
      ...Object.keys(file)
        .filter((name) => !VARIABLES.includes(name))
        .map((name) => `.env: ${name} is not a setting of this version and is ignored; .env.example lists them all.`),
      ...(isOpenToOthers(path)
        ? [`${path} can be read by every user of this machine; it holds passwords: chmod 600 ${path}`]
        : []),
    ],
  };
}

function readEnvFile(path: string): Record<string, string> {
  // A link that leads nowhere is there too.
  if (lstatSync(path, { throwIfNoEntry: false }) === undefined) return {};
  try {
    return parseEnv(readSettingsText(path));
  } catch (error) {
    const { message } = error as Error;
    const why =
      error instanceof NotReadError ? `${path} ${message}` : `${path} is there but cannot be read: ${message}`;
    throw new SettingsError(why, { cause: error });
  }
}

/** True where others than the owner and his group may read or change the file. Windows has no such bits. */
function isOpenToOthers(path: string): boolean {
  if (process.platform === 'win32' || !existsSync(path)) return false;
  return (statSync(path).mode & 0o006) !== 0;
}

function pickSet(env: Environment): Record<string, string> {
  const set = Object.entries(env).map(([name, value]) => [name, value?.trim() ?? ''] as const);
  for (const [name, value] of set) {
    // A second line would be a second header, address or line of a log.
    if (VARIABLES.includes(name) && /\p{Cc}/u.test(value)) {
      throw new SettingsError(`${name} holds a line break or another control character; it must be one line of text`);
    }
  }
  return Object.fromEntries(set.filter(([, value]) => value !== ''));
}
