import { join } from 'node:path';
import { NO_CHANNELS } from '../channel/channel-settings.ts';
import { toAllChannels } from '../channel/of-signal.ts';
import { freeze } from './freeze.ts';
import { PROGRAM_FOLDER } from './places.ts';
import { readConfigFiles } from './read-config-files.ts';
import type { Settings } from './settings.ts';

/** The demo's settings: what came with the program, nothing from `.env`, a database and an outbox of its own below `folder`. */
export function demoSettings(folder: string): Settings {
  const config = readConfigFiles(PROGRAM_FOLDER);
  return freeze({
    databasePath: join(folder, 'demo.db'),
    postgres: undefined,
    source: { name: 'demo' },
    witness: undefined,
    proxy: undefined,
    ...NO_CHANNELS,
    outboxDir: join(folder, 'outbox'),
    logLevel: 'warn',
    heartbeatUrl: undefined,
    remindAfterHours: undefined,
    dashboard: { host: '127.0.0.1', port: 0, token: undefined, publicHosts: [], publicUrl: undefined },
    feed: { file: undefined, url: undefined },
    ...config,
    signals: toAllChannels(config.signals),
    secrets: [],
    remarks: [],
  });
}
