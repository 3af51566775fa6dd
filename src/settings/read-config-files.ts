import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { readAll, SettingsError } from '../channel/settings-error.ts';
import type { Signal } from '../signal/signal.ts';
import { readConfig } from './config-files.ts';
import { type Schedule, ScheduleFile } from './schedule-file.ts';
import { SignalsFile, type SymbolSettings } from './signals-file.ts';

/** What stands in the files of `config`. */
export interface ConfigFiles {
  readonly signals: readonly Signal[];
  readonly symbols: Readonly<Record<string, SymbolSettings>>;
  readonly schedule: Schedule;
}

/** What stands in `config/*.json` below `root`. @throws {SettingsError} */
export function readConfigFiles(root: string): ConfigFiles {
  const {
    watched: { signals, symbols },
    schedule,
  } = readAll({
    watched: () => readConfig(SignalsFile, join(root, 'config/signals.json')),
    schedule: () => readConfig(ScheduleFile, join(root, 'config/schedule.json')),
  });
  for (const signal of signals) {
    const file = signal.beforeHistory?.file;
    if (file !== undefined && !existsSync(resolve(root, file))) {
      throw new SettingsError(
        `config/signals.json: ${signal.id}: beforeHistory.file is '${file}'; there is no such file`,
      );
    }
  }
  const located = signals.map((signal) =>
    signal.beforeHistory === undefined
      ? signal
      : { ...signal, beforeHistory: { ...signal.beforeHistory, file: resolve(root, signal.beforeHistory.file) } },
  );
  return { signals: located, symbols, schedule };
}
