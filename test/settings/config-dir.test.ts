import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createSource } from '../../src/app/sources.ts';
import { readConfigFiles } from '../../src/settings/read-config-files.ts';
import { loadSettings } from '../../src/settings/settings.ts';
import { temporaryFolder } from '../support/temporary.ts';
import { PACKAGE, root } from './package-root.ts';

/** A home folder, and a copy of its configuration with another schedule. */
function rootAndCopy(copy = join(temporaryFolder(), 'mine')) {
  const folder = root();
  const path = resolve(folder, copy);
  cpSync(join(folder, 'config'), path, { recursive: true });
  writeFileSync(join(path, 'schedule.json'), JSON.stringify({ checks: ['12:34'] }));
  return { folder, path };
}

describe('CONFIG_DIR', () => {
  test('names the folder that is read instead of config/', () => {
    const { folder, path } = rootAndCopy();
    rmSync(join(folder, 'config'), { recursive: true });
    const settings = loadSettings(folder, { CONFIG_DIR: path });
    expect(settings.schedule.checks).toEqual(['12:34']);
    expect(settings).toMatchObject({
      configDir: path,
      configFiles: { signals: join(path, 'signals.json'), schedule: join(path, 'schedule.json') },
    });
  });

  test('counts from the home folder, in .env too; so do the files that signals.json names', () => {
    const { folder, path } = rootAndCopy('data/config');
    writeFileSync(join(folder, '.env'), 'CONFIG_DIR=data/config\n', { mode: 0o600 });
    const { configDir, schedule, signals } = loadSettings(folder, {});
    expect({ configDir, checks: schedule.checks }).toEqual({ configDir: path, checks: ['12:34'] });
    expect(signals[0]?.beforeHistory?.file).toBe(join(folder, 'data/before-yahoo.csv'));
  });

  test('is config where nothing is set, and is then told by its short name in a checkout', () => {
    const folder = root();
    expect(readConfigFiles(folder, undefined, folder)).toMatchObject({
      configDir: undefined,
      configFiles: { signals: 'config/signals.json', schedule: 'config/schedule.json' },
    });
    expect(loadSettings(folder, {})).toMatchObject({
      configDir: undefined,
      configFiles: { signals: join(folder, 'config/signals.json'), schedule: join(folder, 'config/schedule.json') },
    });
  });

  test('that names no folder is refused, with the command that makes it', () => {
    const folder = root();
    expect(() => loadSettings(folder, { CONFIG_DIR: '/nowhere/config' })).toThrow(
      `CONFIG_DIR: there is no folder /nowhere/config; create it with: cp -r ${PACKAGE}/config /nowhere/config`,
    );
  });

  test('is named by what is wrong in its files', () => {
    const { folder, path } = rootAndCopy();
    const [signals, schedule] = [join(path, 'signals.json'), join(path, 'schedule.json')];
    const load = () => loadSettings(folder, { CONFIG_DIR: path });
    writeFileSync(schedule, '{"checks": ["4pm"]}');
    expect(load).toThrow(`${schedule}: checks.0 is "4pm"`);
    rmSync(schedule);
    expect(load).toThrow(
      `${schedule} is missing; restore the one that came with this version (cp ${PACKAGE}/config/schedule.json ${schedule})`,
    );
    writeFileSync(schedule, '{"checks": ["12:34"]}');
    writeFileSync(signals, readFileSync(signals, 'utf8').replace('data/before-yahoo.csv', 'data/nothing.csv'));
    expect(load).toThrow(`${signals}: russell-2000: beforeHistory.file is 'data/nothing.csv'; there is no such file`);
  });

  test('is named by a source that refuses a symbol', async () => {
    const { folder, path } = rootAndCopy();
    const closes = temporaryFolder();
    writeFileSync(join(closes, '^RUT.csv'), 'session,close\n2025-09-18,2467.70\n2025-09-20,2448.77\n');
    const settings = loadSettings(folder, { CONFIG_DIR: path, MARKET_SOURCE: 'csv', MARKET_CSV_DIR: closes });
    const source = await createSource(settings, { sleep: async () => {}, random: () => 0 });
    await expect(source.read('^RUT', undefined, Date.parse('2025-09-22T22:00:00Z'))).rejects.toThrow(
      `"symbols", "^RUT", "exchange" in ${join(path, 'signals.json')}`,
    );
  });
});
