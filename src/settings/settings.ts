import { resolve } from 'node:path';
import { readChannels, readShared } from '../channel/channel-settings.ts';
import type { ChannelSettings } from '../channel/registry.ts';
import { readAll, SettingsError } from '../channel/settings-error.ts';
import { webUrl } from '../channel/variables.ts';
import type { PostgresAddress } from '../store/postgres/address.ts';
import { type DashboardSettings, readDashboard } from './dashboard-settings.ts';
import { type Environment, readEnvironment } from './environment.ts';
import { type FeedSettings, readFeedSettings } from './feed-settings.ts';
import { freeze } from './freeze.ts';
import { oneOf } from './one-of.ts';
import { readPostgres } from './postgres-settings.ts';
import type { ProxySettings } from './proxy.ts';
import { readProxy } from './proxy-settings.ts';
import { type ConfigFiles, readConfigFiles } from './read-config-files.ts';
import { ledgerRemarks, trustRemarks } from './remarks.ts';
import { readRemindAfter, remindAfter, reminderRemarks } from './reminder.ts';
import { secretsOf } from './secrets.ts';
import { readSource, readWitness, type SourceSettings, type WitnessSettings } from './sources.ts';

/** Everything a person can set, checked and frozen. Paths are absolute. */
export interface Settings extends ChannelSettings, ConfigFiles {
  /** The SQLite file, also where PostgreSQL holds the ledger: copies lie beside it, and its disk is watched. */
  readonly databasePath: string;
  /** The database that holds the ledger; undefined: the SQLite file. */
  readonly postgres: PostgresAddress | undefined;
  readonly source: SourceSettings;
  /** A second source that confirms or warns; undefined: none is asked. */
  readonly witness: WitnessSettings | undefined;
  /** The proxy that everything over HTTP goes through; undefined: none. */
  readonly proxy: ProxySettings | undefined;
  /** True where the folder is on only because nothing else is set up. */
  readonly folderByDefault: boolean;
  readonly logLevel: LogLevel;
  /** Called when all is well; undefined: nobody watches the watcher. */
  readonly heartbeatUrl: string | undefined;
  readonly dashboard: DashboardSettings;
  readonly feed: FeedSettings;
  /** After how many hours an alert that nobody has marked as seen is told again, once; undefined: never. */
  readonly remindAfterHours: number | undefined;
  /** Texts that must never be shown: tokens, passwords, the URLs that contain them. */
  readonly secrets: readonly string[];
  /** What a person should know of these settings though nothing is wrong with them, a line each. */
  readonly remarks: readonly string[];
}

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/**
 * Reads `.env` (the process's own variables win; an empty value is an unset one), the files that it names, and
 * the configuration (CONFIG_DIR, or `config`).
 * @param root the home folder: relative paths count from it
 * @throws {SettingsError} with a line for each thing that cannot be used
 */
export function loadSettings(root: string, environment: Environment): Settings {
  const { env, faults, origins, remarks } = readEnvironment(root, environment);
  const { postgres, kinds, shared, config, reminder, ...others } = readNaming(origins, {
    // In this order faults are told.
    postgres: () => readPostgres(env, root),
    source: () => readSource(env, root),
    kinds: () => readChannels(env, root),
    witness: () => readWitness(env),
    proxy: () => readProxy(env),
    shared: () => readShared(env),
    logLevel: () => oneOf(LOG_LEVELS, 'LOG_LEVEL', env.LOG_LEVEL ?? 'info'),
    heartbeatUrl: () => (env.HEARTBEAT_URL === undefined ? undefined : webUrl('HEARTBEAT_URL', env.HEARTBEAT_URL).href),
    dashboard: () => readDashboard(env),
    feed: () => readFeedSettings(env, root),
    reminder: () => readRemindAfter(env),
    config: () => readConfigFiles(root, env.CONFIG_DIR),
    databasePath: () => resolve(root, env.DATABASE_PATH ?? 'data/market.db'),
    // Also those of variables that nobody reads as the rest is set.
    faults: () => {
      if (faults.length > 0) throw new SettingsError(faults.join('\n'));
    },
  });
  const channels = { ...kinds, ...shared };
  const { faults: _, ...read } = others;
  const ways = { ...channels, dashboard: read.dashboard };
  return freeze({
    ...read,
    postgres,
    ...channels,
    ...config,
    remindAfterHours: remindAfter(reminder, ways),
    secrets: secretsOf(env, channels, postgres),
    remarks: [
      ...remarks,
      ...ledgerRemarks(env, read.databasePath),
      ...trustRemarks(env, environment, postgres, root),
      ...reminderRemarks(reminder, ways),
    ],
  });
}

/** Reads all, and where the value of a variable came from a file, its errors name that. @throws {SettingsError} */
function readNaming<T extends Readonly<Record<string, () => unknown>>>(
  origins: ReadonlyMap<string, string>,
  reads: T,
): ReturnType<typeof readAll<T>> {
  try {
    return readAll(reads);
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    const named = error.message.split('\n').map((line) => {
      const [, name = '', rest = ''] = /^(\w+)(?: (?!and )|, )(.*)$/.exec(line) ?? [];
      const path = origins.get(name);
      return path === undefined ? line : `${name}, read from ${path}, ${rest}`;
    });
    throw new SettingsError(named.join('\n'), { cause: error });
  }
}
