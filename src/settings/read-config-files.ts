import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { readAll, SettingsError } from '../channel/settings-error.ts';
import type { Signal } from '../signal/signal.ts';
import { readConfig } from './config-files.ts';
import { PROGRAM_FOLDER } from './places.ts';
import { type Schedule, ScheduleFile } from './schedule-file.ts';
import { SignalsFile, type SymbolSettings } from './signals-file.ts';

/** What stands in the files of the configuration. */
export interface ConfigFiles {
  readonly signals: readonly Signal[];
  readonly symbols: Readonly<Record<string, SymbolSettings>>;
  readonly schedule: Schedule;
  /** The folder of both; undefined: `config` in the home folder. */
  readonly configDir: string | undefined;
  /** The paths of these files as people are told them. */
  readonly configFiles: { readonly signals: string; readonly schedule: string };
}

/** The folder of the configuration, in the home folder and in the program's. */
const OWN_FOLDER = 'config';
const FILES = ['signals.json', 'schedule.json'] as const;

/** Where the files are, and how people are told of them. */
interface Place {
  /** Undefined: `config` in the home folder, which needs no naming. */
  readonly configDir: string | undefined;
  readonly pathOf: (file: string) => string;
  readonly shown: (file: string) => string;
  /** How a file comes back where it is missing. */
  readonly cureOf: (file: string) => string;
}

/**
 * Reads `signals.json` and `schedule.json`: from the folder that CONFIG_DIR names, else from `config` in the home folder;
 * where that has neither, as at first beside the package from npm, the ones that came with the program.
 * @param configDir what CONFIG_DIR says
 * @param program the program's folder; a checkout is its own home
 * @throws {SettingsError}
 */
export function readConfigFiles(home: string, configDir?: string, program = PROGRAM_FOLDER): ConfigFiles {
  const place = placeOf(home, configDir, program);
  const {
    watched: { signals, symbols },
    schedule,
  } = readAll({
    watched: () => readConfig(SignalsFile, place.pathOf('signals.json'), place.cureOf('signals.json')),
    schedule: () => readConfig(ScheduleFile, place.pathOf('schedule.json'), place.cureOf('schedule.json')),
  });
  const configFiles = { signals: place.shown('signals.json'), schedule: place.shown('schedule.json') };
  return {
    signals: located(signals, [home, program], configFiles.signals),
    symbols: withPaths(symbols, [home, program]),
    schedule,
    configDir: place.configDir,
    configFiles,
  };
}

/** @throws {SettingsError} where CONFIG_DIR names no folder */
function placeOf(home: string, configDir: string | undefined, program: string): Place {
  const original = home === program ? OWN_FOLDER : join(program, OWN_FOLDER);
  const own = join(home, OWN_FOLDER);
  if (configDir === undefined && (home === program || FILES.some((file) => existsSync(join(own, file))))) {
    return {
      configDir: undefined,
      pathOf: (file) => join(own, file),
      // In a checkout the short name says it.
      shown: (file) => (home === program ? `${OWN_FOLDER}/${file}` : join(own, file)),
      cureOf: (file) =>
        home === program
          ? `in a clone: git checkout ${OWN_FOLDER}/${file}`
          : `cp ${join(original, file)} ${join(own, file)}`,
    };
  }
  const folder = configDir === undefined ? original : resolve(home, configDir);
  if (configDir !== undefined && !existsSync(folder)) {
    throw new SettingsError(`CONFIG_DIR: there is no folder ${folder}; create it with: cp -r ${original} ${folder}`);
  }
  const pathOf = (file: string) => join(folder, file);
  return {
    configDir: folder,
    pathOf,
    shown: pathOf,
    cureOf: (file) => (configDir === undefined ? 'install it again' : `cp ${original}/${file} ${pathOf(file)}`),
  };
}

/** The symbols with the whole paths of their files. Nothing is decided by these, so that one may be missing. */
function withPaths(symbols: ConfigFiles['symbols'], folders: readonly string[]): ConfigFiles['symbols'] {
  return Object.fromEntries(
    Object.entries(symbols).map(([symbol, facts]) => {
      const { earlierDividends } = facts;
      if (earlierDividends === undefined) return [symbol, facts];
      const file = foundIn(folders, earlierDividends.file);
      return [symbol, { ...facts, earlierDividends: { ...earlierDividends, file } }];
    }),
  );
}

/** The signals with the whole paths of their files. @throws {SettingsError} where there is no such file */
function located(signals: readonly Signal[], folders: readonly string[], shown: string): Signal[] {
  return signals.map((signal) => {
    if (signal.beforeHistory === undefined) return signal;
    const { file: named } = signal.beforeHistory;
    const file = foundIn(folders, named);
    if (existsSync(file)) return { ...signal, beforeHistory: { ...signal.beforeHistory, file } };
    throw new SettingsError(`${shown}: ${signal.id}: beforeHistory.file is '${named}'; there is no such file`);
  });
}

/** A file in the first of these folders that has it; in the first one, where none has. */
function foundIn(folders: readonly string[], named: string): string {
  const paths = folders.map((folder) => resolve(folder, named));
  return paths.find((path) => existsSync(path)) ?? paths[0] ?? named;
}
