import { existsSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { readAll, SettingsError } from '../channel/settings-error.ts';
import type { Signal } from '../signal/signal.ts';
import { readConfig } from './config-files.ts';
import { type Schedule, ScheduleFile } from './schedule-file.ts';
import { SignalsFile, type SymbolSettings } from './signals-file.ts';

/** What stands in the files of the configuration. */
export interface ConfigFiles {
  readonly signals: readonly Signal[];
  readonly symbols: Readonly<Record<string, SymbolSettings>>;
  readonly schedule: Schedule;
  /** The folder that CONFIG_DIR names; undefined: the package's own, `config`. */
  readonly configDir: string | undefined;
  /** The paths of these files as people are told them. */
  readonly configFiles: { readonly signals: string; readonly schedule: string };
}

/** The folder of the configuration that comes with each version. */
const OWN_FOLDER = 'config';

/**
 * Reads `signals.json` and `schedule.json`.
 * @param configDir their folder, as CONFIG_DIR names it; undefined: `config` below `root`
 * @throws {SettingsError}
 */
export function readConfigFiles(root: string, configDir?: string): ConfigFiles {
  const folder = resolve(root, configDir ?? OWN_FOLDER);
  if (configDir !== undefined && !existsSync(folder)) {
    throw new SettingsError(`CONFIG_DIR: there is no folder ${folder}; create it with: cp -r ${OWN_FOLDER} ${folder}`);
  }
  const [signalsFile, scheduleFile] = [join(folder, 'signals.json'), join(folder, 'schedule.json')];
  const cureOf = (path: string) => (configDir === undefined ? undefined : `cp ${OWN_FOLDER}/${basename(path)} ${path}`);
  const {
    watched: { signals, symbols },
    schedule,
  } = readAll({
    watched: () => readConfig(SignalsFile, signalsFile, cureOf(signalsFile)),
    schedule: () => readConfig(ScheduleFile, scheduleFile, cureOf(scheduleFile)),
  });
  // In the package's own folder the short name says it; elsewhere only the whole path does.
  const configFiles =
    configDir === undefined
      ? { signals: `${OWN_FOLDER}/signals.json`, schedule: `${OWN_FOLDER}/schedule.json` }
      : { signals: signalsFile, schedule: scheduleFile };
  return {
    signals: located(signals, root, configFiles.signals),
    symbols: withPaths(symbols, root),
    schedule,
    configDir: configDir && folder,
    configFiles,
  };
}

/** The symbols with the whole paths of their files. Nothing is decided by these, so that one may be missing. */
function withPaths(symbols: ConfigFiles['symbols'], root: string): ConfigFiles['symbols'] {
  return Object.fromEntries(
    Object.entries(symbols).map(([symbol, facts]) => {
      const { earlierDividends } = facts;
      if (earlierDividends === undefined) return [symbol, facts];
      return [
        symbol,
        { ...facts, earlierDividends: { ...earlierDividends, file: resolve(root, earlierDividends.file) } },
      ];
    }),
  );
}

/** The signals with the whole paths of their files. @throws {SettingsError} where there is no such file */
function located(signals: readonly Signal[], root: string, shown: string): Signal[] {
  return signals.map((signal) => {
    if (signal.beforeHistory === undefined) return signal;
    const file = resolve(root, signal.beforeHistory.file);
    if (existsSync(file)) return { ...signal, beforeHistory: { ...signal.beforeHistory, file } };
    throw new SettingsError(
      `${shown}: ${signal.id}: beforeHistory.file is '${signal.beforeHistory.file}'; there is no such file`,
    );
  });
}
